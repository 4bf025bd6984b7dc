//! What caches may do with the last response, in one sentence: `siteerror_lint::freshness` decides, this words it.

use siteerror_check::Hop;
use siteerror_lint::{By, Freshness, Given, Reuse, Subject, Why, freshness};

use super::words::span;

/// What caches may do with the response of a hop (RFC 9111); none where no head came. The page of a check and its card in a terminal say it.
pub fn caching(hop: &Hop, now_unix_s: i64) -> Option<String> {
    let exchange = hop.exchange.as_ref()?;
    exchange.received.response.as_ref()?;
    let given = Given {
        request: Some(&exchange.request),
        connection: Some(&exchange.connection),
        url: Some(&hop.url),
        received_at_unix_s: Some(now_unix_s),
        ..Given::bytes(&exchange.received)
    };
    Subject::new(given).map(|subject| sentence(freshness(&subject)))
}

fn sentence(freshness: Freshness) -> String {
    let Freshness { private, shared } = freshness;
    if private == shared {
        return format!("Caches {}.", may(private));
    }
    format!(
        "A browser {}; a shared cache {}.",
        may(private),
        may(shared)
    )
}

fn may(reuse: Reuse) -> String {
    match reuse {
        Reuse::Never(why) => format!("must not reuse it{}", because(why)),
        Reuse::AfterAsking => "may keep it and must ask before each use".to_owned(),
        Reuse::For { seconds: 0, by } => {
            format!(
                "may keep it, and should ask before each use: it is stale on arrival ({})",
                name(by)
            )
        }
        Reuse::For { seconds, by } => format!("may reuse it for {} ({})", span(seconds), name(by)),
        Reuse::Guess {
            seconds: Some(0) | None,
        } => "may guess how long to reuse it: nothing says so".to_owned(),
        Reuse::Guess {
            seconds: Some(seconds),
        } => format!(
            "may guess how long to reuse it; a tenth of its age by Last-Modified, as is usual, is {}",
            span(seconds)
        ),
    }
}

fn because(why: Why) -> &'static str {
    match why {
        Why::NoStore => " or keep it (no-store, or a code with that rule)",
        Why::Private => " (private)",
        Why::Method => ": the method is not one for caches",
        Why::Authorization => ": the request had Authorization",
        Why::Varies => " (Vary: *)",
        Why::Status => ": nothing allows it for this status code",
    }
}

fn name(by: By) -> &'static str {
    match by {
        By::SharedMaxAge => "s-maxage",
        By::MaxAge => "max-age",
        By::Expires => "Expires",
    }
}

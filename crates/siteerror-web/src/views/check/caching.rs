//! What caches may do with the last response, in one sentence.

use siteerror_lint::{By, Freshness, Reuse, Why};

use super::words::span;

/// The sentence.
pub(super) fn sentence(freshness: Freshness) -> String {
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

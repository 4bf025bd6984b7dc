//! Words for what a check found out.

use std::time::Duration;

use siteerror_check::Kind;

/// Small numbers as words.
pub(super) fn count(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// `two redirects`.
pub(super) fn counted(number: usize, thing: &str) -> String {
    format!(
        "{} {thing}{}",
        count(number),
        if number == 1 { "" } else { "s" }
    )
}

/// With a capital.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// Milliseconds for people.
pub(super) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 9.95 {
        format!("{ms:.1}")
    } else {
        format!("{ms:.0}")
    }
}

/// `3 hours`: two units at most, the second only where it tells something.
pub fn span(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        let number = rest / size;
        if number > 0 && parts.len() < 2 {
            parts.push(format!(
                "{number} {unit}{}",
                if number == 1 { "" } else { "s" }
            ));
            rest %= size;
        } else if !parts.is_empty() {
            break;
        }
    }
    match parts.as_slice() {
        [] => "0 seconds".to_owned(),
        parts => parts.join(" and "),
    }
}

/// `12.3 kB`, in the units of the SI.
pub(super) fn bytes(number: u64) -> String {
    // Counts of bytes that are shown are below 2^53.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a thousandth does not matter here"
    )]
    let size = number as f64;
    match number {
        0 => "no bytes".to_owned(),
        1 => "1 byte".to_owned(),
        2..1000 => format!("{number} bytes"),
        1000..1_000_000 => format!("{:.1} kB", size / 1e3),
        _ => format!("{:.1} MB", size / 1e6),
    }
}

/// What to do about a failure.
pub(super) const fn advice(kind: Kind) -> &'static str {
    match kind {
        Kind::InvalidUrl => {
            "Write it as a browser shows it: a scheme, a host and a path, such as https://example.com/."
        }
        Kind::Blocked => {
            "Nothing was sent there. A checker that strangers use must not become a way into private networks; from a terminal of your own you may go where you like."
        }
        Kind::DnsNotFound => {
            "Look for a slip in the name. If the name is yours: does the zone have an A or AAAA record for it, and does the registry know your name servers?"
        }
        Kind::DnsFailure => {
            "The name servers of the zone did not give a usable answer. Try again in a minute; if it stays, look at the zone and at DNSSEC."
        }
        Kind::ConnectRefused => {
            "The host is there and nothing listens on the port. Is the web server running, and on this address too?"
        }
        Kind::ConnectUnreachable => {
            "Packets find no way to the address. Compare A and AAAA records with where the server really is."
        }
        Kind::ConnectionReset => {
            "Something cut the connection: a server that crashed, or a firewall that does not like what it sees. The server’s log at this second tells which."
        }
        Kind::EmptyResponse => {
            "The server took the request and closed without a byte. Often its process crashed, or the port speaks another protocol."
        }
        Kind::ConnectionClosed => {
            "The server stopped inside the head. Its log, or that of the proxy before it, should name the reason."
        }
        Kind::Timeout => {
            "Either it is slow or packets get lost. Try again; if it stays, look at the phase that took so long."
        }
        Kind::TlsHandshake => {
            "Client and server found no common ground. Offer TLS 1.2 or 1.3 with a modern cipher suite, and a certificate for this name."
        }
        Kind::TlsExpired => {
            "Renew the certificate, reload the server, and let something renew it in time from now on."
        }
        Kind::TlsNotYetValid => {
            "The certificate begins in the future. Is the clock right where it was issued?"
        }
        Kind::TlsNameMismatch => {
            "Get a certificate that names this host, or find out why another site’s certificate is served: a missing virtual host is the usual reason."
        }
        Kind::TlsSelfSigned => {
            "Browsers trust authorities, not servers. Get a certificate from one; there are free ones."
        }
        Kind::TlsUntrusted => {
            "Send the intermediate certificates too: serve the full chain. If it is complete, its authority is one that clients do not know."
        }
        Kind::TlsBadCertificate => {
            "The certificate itself is broken or not for servers. Issue another."
        }
        Kind::BadStatusLine => {
            "What listens there does not speak HTTP, or speaks TLS while the URL says http."
        }
        Kind::BadHeader => {
            "Clients must refuse such a line or may read it differently from each other, which is a security hole. Find what writes it."
        }
        Kind::HeadersTooLarge => {
            "Most clients stop long before. Cookies and policies that grow are the usual reason."
        }
        Kind::TooManyInterim => "A 1xx announces something. So many of them announce nothing.",
        Kind::UnexpectedUpgrade => "A 101 is only for a request that has Upgrade.",
        Kind::BadFraming => {
            "Two readings of one message are how requests are smuggled. Send either Content-Length or Transfer-Encoding, once, and well-formed."
        }
        Kind::BadChunk => {
            "The chunked coding is broken, so that nobody knows where the body ends. What writes it: an application by hand?"
        }
        Kind::BodyTruncated => {
            "The server announced more than it sent. Look for a process that was killed, or a Content-Length that was computed before something changed the body."
        }
        Kind::DecodeFailed => {
            "Content-Encoding names a coding in which the bytes are not. Often they are compressed twice, or not at all."
        }
        Kind::DecompressionBomb => "Decoding ended before it could take all memory.",
        Kind::TooManyCodings => "One coding is enough; each more is work for everybody.",
        Kind::RedirectLoop => {
            "Two rules send clients to each other, often one about https and one about www, or a proxy that hides the scheme."
        }
        Kind::TooManyRedirects => "Send clients to the last address at once.",
        Kind::RedirectInvalid => {
            "Location has to be a URI reference: a path or a whole URL, encoded."
        }
        Kind::RedirectScheme => "Clients on the web follow http and https only.",
        Kind::RedirectUrlTooLong => {
            "Something adds to the address each time, or state belongs elsewhere."
        }
        Kind::H2Protocol => {
            "Try it over HTTP/1.1: if that works, the HTTP/2 of the server or of a proxy is at fault."
        }
        _ => "The log of the server is the place to look.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units_at_most() {
        assert_eq!(span(10_800), "3 hours");
        assert_eq!(span(1), "1 second");
        assert_eq!(span(90_061), "1 day and 1 hour");
        assert_eq!(span(86_460), "1 day");
        assert_eq!(span(0), "0 seconds");
    }

    #[test]
    fn every_kind_of_failure_has_its_advice() {
        let default = "The log of the server is the place to look.";
        for kind in Kind::ALL {
            assert_ne!(advice(*kind), default, "{kind}");
        }
    }
}

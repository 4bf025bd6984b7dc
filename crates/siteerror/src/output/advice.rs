//! What to do about each kind of failure, in a sentence.

use siteerror_check::{Failure, Kind, Phase};

/// The first thing to try.
pub(super) fn advice(failure: &Failure) -> Option<&'static str> {
    let words = match failure.kind {
        Kind::InvalidUrl => "Write it whole, such as https://example.com/path.",
        Kind::DnsNotFound => {
            "Check the spelling. If the name is new, ask its authoritative server; resolvers remember that a name does not exist."
        }
        Kind::DnsFailure => {
            "Ask the name servers of the domain directly, with `dig +trace`; broken DNSSEC looks like this too."
        }
        Kind::ConnectRefused => {
            "Nothing listens on that port: see whether the server runs, and on which address."
        }
        Kind::ConnectUnreachable => {
            "Look at routes and firewalls between here and there; for an IPv6 address, see whether this machine has IPv6."
        }
        Kind::ConnectionReset => {
            "Look at what stands in front of the server: a proxy that drops connections, a process that crashed, a filter."
        }
        Kind::EmptyResponse => {
            "See whether the server crashed on this request, and whether the port speaks TLS: then the URL begins with https."
        }
        Kind::ConnectionClosed => {
            "Look for a crash in the log of the server: it began to answer, and did not end."
        }
        Kind::Timeout => match failure.phase {
            Some(Phase::Connect) => {
                "A firewall that drops packets looks like this; a server that is down would refuse."
            }
            Some(Phase::Body | Phase::Total) => {
                "If it is only slow, give it more time with --timeout."
            }
            _ => "If the server is only slow, give it more time with --timeout.",
        },
        Kind::TlsHandshake => {
            "See whether the port speaks TLS at all, and which versions it allows: 1.2 and 1.3 are spoken here."
        }
        Kind::TlsExpired => {
            "Renew the certificate and load it into the server; --insecure looks past it meanwhile."
        }
        Kind::TlsNotYetValid => {
            "Compare the clock of this machine with the beginning of the certificate."
        }
        Kind::TlsNameMismatch => {
            "Get a certificate with this name in subjectAltName, or ask for a name that is in it."
        }
        Kind::TlsSelfSigned => {
            "Trust it with --cacert FILE if it is yours, or get one from an authority."
        }
        Kind::TlsUntrusted => {
            "Send the intermediate certificates too: browsers may fetch missing ones, programs do not. For an authority of your own, use --cacert FILE."
        }
        Kind::TlsBadCertificate => "Have the certificate issued anew.",
        Kind::BadStatusLine => {
            "See what listens there: the beginning of an answer must read HTTP/1.1 and a status code."
        }
        Kind::BadHeader | Kind::BadFraming | Kind::BadChunk => {
            "Mend what writes the answer: proxies and clients read such bytes in different ways, which attackers use."
        }
        Kind::HeadersTooLarge => {
            "Send less: fields this large are refused by most proxies. Look at cookies and policies first."
        }
        Kind::TooManyInterim => "See what keeps sending 1xx responses.",
        Kind::UnexpectedUpgrade => {
            "101 may only answer a request with Upgrade; see what is in front of the server."
        }
        Kind::BodyTruncated => {
            "Compare Content-Length with what is sent, and look for a process that ended while it wrote."
        }
        Kind::DecodeFailed => {
            "See that Content-Encoding says what was done to the bytes, and that nothing compressed them twice."
        }
        Kind::DecompressionBomb => {
            "See what is compressed there: it grows so much that clients give up."
        }
        Kind::TooManyCodings => "Compress once.",
        Kind::RedirectLoop => {
            "If a page sets a cookie and looks for it, try --cookies; otherwise mend the rules that lead in a circle."
        }
        Kind::TooManyRedirects => {
            "Let the first redirect lead to the last URL; --max-redirects follows more."
        }
        Kind::RedirectInvalid | Kind::RedirectScheme | Kind::RedirectUrlTooLong => {
            "Mend the Location field of the last response."
        }
        Kind::H2Protocol => {
            "See whether --http1.1 works: then HTTP/2 of the server, or of what is in front of it, is at fault."
        }
        // What the guard refuses is told by its rule.
        _ => return None,
    };
    Some(words)
}

#[cfg(test)]
mod tests {
    use siteerror_check::{Failure, Kind};

    use super::advice;

    #[test]
    fn every_kind_has_advice() {
        for kind in Kind::ALL {
            let failure = Failure {
                kind: *kind,
                phase: None,
                hop: 0,
                rule: None,
                text: String::new(),
            };
            assert_eq!(advice(&failure).is_some(), *kind != Kind::Blocked, "{kind}");
        }
    }
}

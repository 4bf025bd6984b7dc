//! What to do about each kind of failure, in a sentence or two: for whoever looks after the site, wherever it is shown.

use super::{Failure, Kind, Phase};

impl Failure {
    /// The first thing to try.
    pub const fn advice(&self) -> &'static str {
        advice(self.kind, self.phase)
    }
}

const fn advice(kind: Kind, phase: Option<Phase>) -> &'static str {
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
        Kind::Timeout if matches!(phase, Some(Phase::Connect)) => {
            "A firewall that drops packets looks like this; a server that is down would refuse."
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
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_advice_of_its_own() {
        let all: BTreeSet<&str> = Kind::ALL.iter().map(|kind| advice(*kind, None)).collect();
        assert_eq!(all.len(), Kind::ALL.len());
    }

    #[test]
    fn silence_before_a_connection_is_another_matter() {
        let in_phase = |phase| advice(Kind::Timeout, Some(phase));
        assert!(in_phase(Phase::Connect).contains("firewall"));
        assert!(!in_phase(Phase::Body).contains("firewall"));
    }
}

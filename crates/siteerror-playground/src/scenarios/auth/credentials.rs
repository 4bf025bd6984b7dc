//! What a client sends for Digest: read, and computed anew to compare. RFC 7616 §3.4.

use md5::Md5;
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256, Sha512, Sha512_256};

/// A hash function, with or without the session variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    hash: Hash,
    is_session: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Md5,
    Sha256,
    Sha512Of256,
    Sha512,
}

const ALGORITHMS: [(&str, Hash, bool); 8] = [
    ("MD5", Hash::Md5, false),
    ("MD5-sess", Hash::Md5, true),
    ("SHA-256", Hash::Sha256, false),
    ("SHA-256-sess", Hash::Sha256, true),
    ("SHA-512-256", Hash::Sha512Of256, false),
    ("SHA-512-256-sess", Hash::Sha512Of256, true),
    ("SHA-512", Hash::Sha512, false),
    ("SHA-512-sess", Hash::Sha512, true),
];

impl Algorithm {
    pub(super) const MD5: Self = Self {
        hash: Hash::Md5,
        is_session: false,
    };

    /// By its name, whose case does not matter.
    pub(super) fn named(name: &str) -> Option<Self> {
        ALGORITHMS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
            .map(|&(_, hash, is_session)| Self { hash, is_session })
    }

    pub(super) fn name(self) -> &'static str {
        ALGORITHMS
            .iter()
            .find(|(_, hash, is_session)| *hash == self.hash && *is_session == self.is_session)
            .map_or("MD5", |(name, ..)| name)
    }

    /// H of RFC 7616 §3.3, over parts that are joined by colons.
    pub(super) fn hash(self, parts: &[&[u8]]) -> String {
        let joined = parts.join(&b':');
        let hex = |bytes: &[u8]| {
            let mut hex = String::with_capacity(bytes.len() * 2);
            for byte in bytes {
                for digit in [byte >> 4, byte & 15] {
                    hex.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
                }
            }
            hex
        };
        match self.hash {
            Hash::Md5 => hex(&Md5::digest(&joined)),
            Hash::Sha256 => hex(&Sha256::digest(&joined)),
            Hash::Sha512Of256 => hex(&Sha512_256::digest(&joined)),
            Hash::Sha512 => hex(&Sha512::digest(&joined)),
        }
    }
}

/// The parameters of the credentials.
#[derive(Debug, Default)]
pub(super) struct Credentials(Vec<(String, String)>);

impl Credentials {
    /// What stands behind `Digest`; none where a parameter is written wrongly or twice (RFC 9110 §11.2).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        let mut rest = text.trim_matches([' ', '\t', ',']);
        while !rest.is_empty() {
            let (name, tail) = rest.split_once('=')?;
            let name = name.trim().to_ascii_lowercase();
            if name.is_empty()
                || name.contains(|letter: char| letter.is_whitespace() || "\",".contains(letter))
                || parameters.iter().any(|(known, _)| *known == name)
            {
                return None;
            }
            let tail = tail.trim_start();
            let (value, tail) = if let Some(quoted) = tail.strip_prefix('"') {
                unquoted(quoted)?
            } else {
                let end = tail.find(',').unwrap_or(tail.len());
                (tail[..end].trim_end().to_owned(), &tail[end..])
            };
            parameters.push((name, value));
            let tail = tail.trim_start();
            if !tail.is_empty() && !tail.starts_with(',') {
                return None;
            }
            rest = tail.trim_matches([' ', '\t', ',']);
        }
        (!parameters.is_empty()).then_some(Self(parameters))
    }

    /// The value of a parameter, unquoted.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the user name is this one: as it is, in the notation for other letters (RFC 8187), or as a hash where that was offered.
    pub(super) fn is_user(
        &self,
        user: &str,
        realm: &str,
        algorithm: Algorithm,
        takes_hash: bool,
    ) -> bool {
        let is_hash = self.get("userhash") == Some("true");
        match (self.get("username"), self.get("username*")) {
            (Some(given), None) if is_hash => {
                takes_hash && given == algorithm.hash(&[user.as_bytes(), realm.as_bytes()])
            }
            (Some(given), None) => given == user,
            // RFC 7616 §3.4: with a hash there is no need for the other notation, so both together are an error.
            (None, Some(given)) if !is_hash => {
                let mut parts = given.splitn(3, '\'');
                matches!(
                    (parts.next(), parts.next(), parts.next()),
                    (Some(charset), Some(_), Some(value))
                        if charset.eq_ignore_ascii_case("UTF-8")
                            && percent_decode_str(value).eq(user.bytes())
                )
            }
            _ => false,
        }
    }
}

/// A quoted string whose first quote is gone, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            _ => value.push(letter),
        }
    }
    None
}

/// What the credentials are about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Protected<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a str,
    pub(super) realm: &'a str,
    pub(super) method: &'a str,
    pub(super) content: &'a [u8],
}

/// The response that the right password leads to (RFC 7616 §3.4.1); none where a parameter is missing that it needs.
pub(super) fn response(
    algorithm: Algorithm,
    credentials: &Credentials,
    protected: Protected<'_>,
) -> Option<String> {
    let bytes = |name| credentials.get(name).map(str::as_bytes);
    let (nonce, uri) = (bytes("nonce")?, bytes("uri")?);
    let mut a1 = algorithm.hash(&[
        protected.user.as_bytes(),
        protected.realm.as_bytes(),
        protected.password.as_bytes(),
    ]);
    if algorithm.is_session {
        a1 = algorithm.hash(&[a1.as_bytes(), nonce, bytes("cnonce")?]);
    }
    let method = protected.method.as_bytes();
    let qop = credentials.get("qop");
    let a2 = if qop == Some("auth-int") {
        let content = algorithm.hash(&[protected.content]);
        algorithm.hash(&[method, uri, content.as_bytes()])
    } else {
        algorithm.hash(&[method, uri])
    };
    let (a1, a2) = (a1.as_bytes(), a2.as_bytes());
    Some(match qop {
        Some(qop) => {
            let (count, cnonce) = (bytes("nc")?, bytes("cnonce")?);
            algorithm.hash(&[a1, nonce, count, cnonce, qop.as_bytes(), a2])
        }
        // RFC 7616 §3.4.1 knows no such credentials; RFC 2069 did, and both peers still take them.
        None => algorithm.hash(&[a1, nonce, a2]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 7616 §3.9.1. That of §3.9.2 was computed with a truncated SHA-512; the value here is that of SHA-512/256 as FIPS 180-4
    /// has it, computed with Python's `hashlib`.
    #[test]
    fn the_examples_of_the_rfc_are_met() {
        let mufasa = Protected {
            user: "Mufasa",
            password: "Circle of Life",
            realm: "http-auth@example.org",
            method: "GET",
            content: b"",
        };
        let jason = Protected {
            user: "J\u{e4}s\u{f8}n Doe",
            password: "Secret, or not?",
            realm: "api@example.org",
            ..mufasa
        };
        for (text, protected, expected) in [
            (
                r#"username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5,
                nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                qop=auth, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
                mufasa,
                "8ca523f5e9506fed4657c9700eebdbec",
            ),
            (
                r#"username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256,
                nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                qop=auth, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
                mufasa,
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            ),
            (
                r#"username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm="api@example.org", uri="/doe.json", algorithm=SHA-512-256,
                nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
                qop=auth, opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", userhash=false"#,
                jason,
                "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
            ),
        ] {
            let credentials = Credentials::parse(text).expect("it is well formed");
            let algorithm = credentials.get("algorithm").expect("it has one");
            let algorithm = Algorithm::named(algorithm).expect("it is known");
            assert_eq!(
                response(algorithm, &credentials, protected).as_deref(),
                Some(expected),
                "{text}"
            );
            assert!(credentials.is_user(protected.user, protected.realm, algorithm, false));
        }
    }

    /// RFC 2617 §3.5 has the older example, and RFC 2069 §2.4 as corrected by its erratum 749 the one without `qop`.
    #[test]
    fn older_credentials_are_met() {
        let protected = Protected {
            user: "Mufasa",
            password: "Circle Of Life",
            realm: "testrealm@host.com",
            method: "GET",
            content: b"",
        };
        let with_qop = r#"nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b""#;
        let without = r#"nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html""#;
        for (text, protected, expected) in [
            (with_qop, protected, "6629fae49393a05397450978507c4ef1"),
            (
                without,
                Protected {
                    password: "CircleOfLife",
                    ..protected
                },
                "1949323746fe6a43ef61f9606e7febea",
            ),
        ] {
            let credentials = Credentials::parse(text).expect("it is well formed");
            assert_eq!(
                response(Algorithm::MD5, &credentials, protected).as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn what_is_written_wrongly_is_no_credentials() {
        for text in [
            "",
            ",",
            "a",
            "=b",
            "a=\"b",
            "a=\"b\\",
            "a=\"b\"c",
            "a=b, a=c",
            "a=b c=d, e",
            "\"a\"=b",
        ] {
            assert!(Credentials::parse(text).is_none(), "{text}");
        }
        let odd = Credentials::parse(r#"a = "x, \"y\" = z" ,, B=c"#).expect("it is well formed");
        assert_eq!(
            (odd.get("a"), odd.get("b")),
            (Some("x, \"y\" = z"), Some("c"))
        );
    }

    proptest::proptest! {
        #[test]
        fn reading_never_fails_and_quoting_is_undone(text in ".{0,60}", value in ".{0,20}") {
            let _ = Credentials::parse(&text);
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let read = Credentials::parse(&format!("a=\"{quoted}\", b=c")).expect("it is well formed");
            proptest::prop_assert_eq!(read.get("a"), Some(value.as_str()));
            proptest::prop_assert_eq!(read.get("b"), Some("c"));
        }
    }
}

//! Digest (RFC 7616): the challenge, and the verdict on what answers it. No state is kept: a nonce carries its age under a keyed hash, and the counting
//! that tests of staleness need is done with cookies, as in httpbin.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use http::header::{SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use rand::RngExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::credentials::{Algorithm, Credentials, Protected, response};
use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::Outcome;
use crate::scenarios::cookies;

/// How long a nonce is good.
const NONCE_LIFE: Duration = Duration::from_mins(5);

/// The realm, in the words that clients of the dialect look for.
const REALM: &str = "Fake Realm";

/// Bytes of a nonce: the second in which it was made, random ones, and the keyed hash of both.
const NONCE_BYTES: usize = 8 + 8 + 16;

/// What the URL asks for.
struct Wish<'a> {
    algorithm: Algorithm,
    /// The qualities of protection on offer.
    qops: &'static [&'static str],
    stale_after: &'a str,
    takes_hash: bool,
}

/// Plays a request.
///
/// # Errors
///
/// If the algorithm or the count is none, or the content cannot be read.
pub(super) async fn digest(
    call: &mut Call,
    algorithm: Option<&str>,
    stale_after: Option<&str>,
) -> Outcome {
    let wish = Wish {
        algorithm: algorithm.map_or(Ok(Algorithm::MD5), |name| {
            Algorithm::named(name).ok_or_else(|| {
                Refusal::parameter(
                    "algorithm",
                    name,
                    "it is MD5, SHA-256, SHA-512-256 or SHA-512, perhaps with -sess behind it",
                )
            })
        })?,
        qops: match call.path("qop") {
            "auth" => &["auth"],
            "auth-int" => &["auth-int"],
            _ => &["auth", "auth-int"],
        },
        stale_after: checked_count(stale_after.unwrap_or("never"))?,
        takes_hash: call.flag("userhash"),
    };
    let content = call.content().await?;
    let jar = cookies::jar(call);
    let cookie = |name: &str| jar.get(name).map(String::as_str);
    let needs_cookie = call.flag("require-cookie");
    let credentials = super::credentials(call, "Digest").and_then(Credentials::parse);
    let Some(credentials) = credentials else {
        let because = "The request has no Digest credentials that can be read.";
        return Ok(wish.challenge(call, None, false).because(because));
    };
    if needs_cookie && jar.is_empty() {
        let because = "The credentials came without the cookie that the challenge had set.";
        return Ok(wish.challenge(call, None, false).because(because));
    }
    if needs_cookie && cookie("fake") != Some("fake_value") {
        return Ok(with_cookie(
            Reply::status(StatusCode::FORBIDDEN)
                .with_json(&json!({ "errors": ["missing cookie set on challenge"] })),
            call,
            "fake",
            "fake_value",
        ));
    }
    let left = cookie("stale_after");
    let nonce = credentials.get("nonce");
    if left == Some("0") || (nonce.is_some() && nonce == cookie("last_nonce")) {
        let because = "By the cookies, this nonce has been used as often as it may.";
        return Ok(wish.challenge(call, nonce, true).because(because));
    }
    if let Err(because) = wish.verdict(call, &credentials, &content) {
        return Ok(wish.challenge(call, nonce, false).because(because));
    }
    if !nonce.is_some_and(|nonce| is_fresh(call, nonce)) {
        let because = "The credentials are right, but the nonce is older than five minutes, or not from this server.";
        return Ok(wish.challenge(call, nonce, true).because(because));
    }
    let reply = super::judged(StatusCode::OK, true, call.path("user"))
        .because("Every part of the credentials is right.");
    let reply = with_cookie(reply, call, "fake", "fake_value");
    Ok(match left {
        Some(left) => with_cookie(reply, call, "stale_after", &one_less(left)),
        None => reply,
    })
}

/// A count, or `never`.
fn checked_count(text: &str) -> Result<&str, Refusal> {
    if text == "never" || text.parse::<u32>().is_ok() {
        Ok(text)
    } else {
        Err(Refusal::parameter(
            "stale_after",
            text,
            "it is a whole number that is not negative, or `never`",
        ))
    }
}

fn one_less(left: &str) -> String {
    left.parse::<u32>().map_or_else(
        |_| "never".to_owned(),
        |left| left.saturating_sub(1).to_string(),
    )
}

impl Wish<'_> {
    /// A 401 with a fresh challenge, and the cookies that go with it.
    fn challenge(&self, call: &Call, last_nonce: Option<&str>, is_stale: bool) -> Reply {
        let given = super::credentials(call, "Digest").and_then(Credentials::parse);
        let user = given
            .as_ref()
            .and_then(|given| given.get("username"))
            .unwrap_or_default();
        // RFC 7616 §3.3: algorithm and stale stand without quotes, the others with them.
        let mut challenge = format!(
            "Digest realm=\"{REALM}\", nonce=\"{}\", opaque=\"{}\", qop=\"{}\", algorithm={}, stale={is_stale}",
            fresh_nonce(call),
            encoded(&keyed(call, b"opaque")),
            self.qops.join(", "),
            self.algorithm.name(),
        );
        if self.takes_hash {
            challenge.push_str(", charset=UTF-8, userhash=true");
        }
        let challenge =
            HeaderValue::try_from(challenge).expect("nothing in it came from the client");
        let mut reply =
            super::judged(StatusCode::UNAUTHORIZED, false, user).field(WWW_AUTHENTICATE, challenge);
        reply = with_cookie(reply, call, "stale_after", self.stale_after);
        if let Some(nonce) = last_nonce {
            reply = with_cookie(reply, call, "last_nonce", nonce);
        }
        with_cookie(reply, call, "fake", "fake_value")
    }

    /// Whether everything but the age of the nonce is right.
    ///
    /// # Errors
    ///
    /// A sentence about the first thing that is wrong.
    fn verdict(
        &self,
        call: &Call,
        credentials: &Credentials,
        content: &[u8],
    ) -> Result<(), &'static str> {
        let get = |name| credentials.get(name);
        let user = call.path("user");
        if !credentials.is_user(user, REALM, self.algorithm, self.takes_hash) {
            return Err("The user name is not that of the path.");
        }
        if get("realm") != Some(REALM) {
            return Err("The realm is not that of the challenge.");
        }
        if get("uri").is_none_or(|uri| uri != call.target() && uri != call.url()) {
            return Err(
                "The uri of the credentials is not the target of the request, query included.",
            );
        }
        // RFC 7616 §3.3: without the parameter it is MD5.
        let algorithm = Algorithm::named(get("algorithm").unwrap_or("MD5"));
        if algorithm != Some(self.algorithm) {
            return Err("The algorithm is not that of the challenge.");
        }
        if let Some(qop) = get("qop") {
            if !self.qops.contains(&qop) {
                return Err("The quality of protection was not offered.");
            }
            let is_count = |count: &str| {
                count.len() == 8 && count.bytes().all(|byte| byte.is_ascii_hexdigit())
            };
            if !get("nc").is_some_and(is_count) {
                return Err("The nonce count is missing, or has not eight hexadecimal digits.");
            }
            if get("cnonce").is_none() {
                return Err("The client nonce is missing.");
            }
        }
        let expected = response(
            self.algorithm,
            credentials,
            Protected {
                user,
                password: call.path("passwd"),
                realm: REALM,
                method: call.parts.method.as_str(),
                content,
            },
        );
        if expected.is_some() && expected.as_deref() == get("response") {
            Ok(())
        } else {
            Err("The response is not what the password of the path leads to.")
        }
    }
}

/// With a cookie for all paths of the playground; left out if its value is no cookie value.
fn with_cookie(mut reply: Reply, call: &Call, name: &str, value: &str) -> Reply {
    if let Ok(cookie) = cookies::cookie(call, name, value) {
        reply.headers.append(SET_COOKIE, cookie);
    }
    reply
}

fn encoded(bytes: &[u8]) -> String {
    super::URL_SAFE.encode(bytes)
}

fn now(call: &Call) -> u64 {
    call.now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A nonce that nobody has seen.
fn fresh_nonce(call: &Call) -> String {
    let mut nonce = Vec::with_capacity(NONCE_BYTES);
    nonce.extend(now(call).to_be_bytes());
    nonce.extend(call.shared.random().random::<u64>().to_be_bytes());
    let hash = keyed(call, &nonce);
    nonce.extend(hash);
    encoded(&nonce)
}

/// Whether a nonce is ours and young enough.
fn is_fresh(call: &Call, nonce: &str) -> bool {
    let Ok(bytes) = super::URL_SAFE.decode(nonce) else {
        return false;
    };
    let Some((said, hash)) = bytes
        .split_at_checked(16)
        .filter(|_| bytes.len() == NONCE_BYTES)
    else {
        return false;
    };
    let Some(made) = said
        .first_chunk::<8>()
        .map(|made| u64::from_be_bytes(*made))
    else {
        return false;
    };
    keyed(call, said) == hash
        && now(call)
            .checked_sub(made)
            .is_some_and(|age| age <= NONCE_LIFE.as_secs())
}

/// A hash that nobody else can make. The key goes around the message, so that it cannot be made longer.
fn keyed(call: &Call, message: &[u8]) -> [u8; 16] {
    let key = call.shared.options.entropy;
    let inner = Sha256::new()
        .chain_update(b"digest nonce")
        .chain_update(key)
        .chain_update(message)
        .finalize();
    let outer: [u8; 32] = Sha256::new()
        .chain_update(key)
        .chain_update(inner)
        .finalize()
        .into();
    let mut hash = [0; 16];
    hash.copy_from_slice(&outer[..16]);
    hash
}

//! Credentials: Basic, hidden Basic, Bearer, and Digest in a file of its own. Nothing is protected by them; the path says what is right.

mod credentials;
mod digest;

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, GeneralPurpose};
use http::StatusCode;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use serde_json::json;

use super::echo::Exact;
use crate::call::Call;
use crate::reply::{JSON, Reply};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

/// The challenge of Basic, in the words that clients of the dialect look for.
pub(super) const BASIC: &str = "Basic realm=\"Fake Realm\"";

/// Base64 with or without its padding, since clients differ.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);

const USER: Parameter = Parameter::path("user", Kind::Text, "The right user name.");
const PASSWORD: Parameter = Parameter::path("passwd", Kind::Text, "The right password.");
const QOP: Parameter = Parameter::path(
    "qop",
    Kind::Text,
    "The quality of protection that is offered: `auth`, `auth-int`, or anything else for both.",
);
const ALGORITHM: Parameter = Parameter::path(
    "algorithm",
    Kind::Text,
    "`MD5`, `SHA-256`, `SHA-512-256` or `SHA-512`, each also with `-sess` behind it; the case does not matter.",
);
const REQUIRE_COOKIE: Parameter = Parameter::query(
    "require-cookie",
    Kind::Flag,
    "Whether credentials count only together with the cookie that the challenge set.",
);
const USERHASH: Parameter = Parameter::query(
    "userhash",
    Kind::Flag,
    "Whether the challenge offers to send the user name as a hash (RFC 7616 section 3.4.4).",
);

const DIGEST: Scenario = Scenario {
    id: "digest-auth",
    path: "/digest-auth/{qop}/{user}/{passwd}",
    methods: Methods::Registered,
    family: Family::Auth,
    title: "Digest with MD5",
    about: "Asks for Digest credentials and checks every part of them: user name, realm, nonce, target, count and response. \
            A nonce that is older than five minutes is stale.",
    parameters: &[QOP, USER, PASSWORD, REQUIRE_COOKIE, USERHASH],
    example: "/digest-auth/auth/ann/secret",
    answers: &[200, 401, 403],
    media_type: JSON,
    source: "httpbin, go-httpbin; RFC 7616",
    play: Play::Wait(|call| Box::pin(digest::digest(call, None, None))),
};

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "basic-auth",
        path: "/basic-auth/{user}/{passwd}",
        methods: Methods::Registered,
        family: Family::Auth,
        title: "Basic",
        about: "Asks for the user name and password in the path, and answers 401 with a challenge until they come.",
        parameters: &[USER, PASSWORD],
        example: "/basic-auth/ann/secret",
        answers: &[200, 401],
        media_type: JSON,
        source: "httpbin, go-httpbin; RFC 7617",
        play: Play::Now(basic),
    },
    Scenario {
        id: "hidden-basic-auth",
        path: "/hidden-basic-auth/{user}/{passwd}",
        methods: Methods::Registered,
        family: Family::Auth,
        title: "Basic without a challenge",
        about: "The same credentials, but it pretends to be 404 until they come: for clients that have to send them without being asked.",
        parameters: &[USER, PASSWORD],
        example: "/hidden-basic-auth/ann/secret",
        answers: &[200, 404],
        media_type: JSON,
        source: "httpbin, go-httpbin; RFC 9110 §15.5.4",
        play: Play::Now(hidden),
    },
    Scenario {
        id: "bearer",
        path: "/bearer",
        methods: Methods::Registered,
        family: Family::Auth,
        title: "Bearer",
        about: "Takes any bearer token and shows it. If it looks like a JWT, its header and claims are shown too; nobody checks the signature, so believe nothing in them.",
        parameters: &[],
        example: "/bearer",
        answers: &[200, 401],
        media_type: JSON,
        source: "httpbin, go-httpbin; RFC 6750, RFC 7519",
        play: Play::Now(bearer),
    },
    DIGEST,
    Scenario {
        id: "digest-auth-algorithm",
        path: "/digest-auth/{qop}/{user}/{passwd}/{algorithm}",
        title: "Digest with another algorithm",
        about: "Digest with the hash function of your choice. RFC 7616 registers MD5, SHA-256 and SHA-512-256; SHA-512 is httpbin's own.",
        parameters: &[QOP, USER, PASSWORD, ALGORITHM, REQUIRE_COOKIE, USERHASH],
        example: "/digest-auth/auth/ann/secret/SHA-256",
        play: Play::Wait(|call| {
            Box::pin(async move {
                let algorithm = call.path("algorithm").to_owned();
                digest::digest(call, Some(&algorithm), None).await
            })
        }),
        ..DIGEST
    },
    Scenario {
        id: "digest-auth-stale",
        path: "/digest-auth/{qop}/{user}/{passwd}/{algorithm}/{stale_after}",
        title: "Digest whose nonce goes stale",
        about: "Digest that counts with cookies, and calls the nonce stale after so many successes. The client should then answer the new challenge without asking anybody.",
        parameters: &[
            QOP,
            USER,
            PASSWORD,
            ALGORITHM,
            Parameter::path(
                "stale_after",
                Kind::Text,
                "After how many successes the nonce is stale, or `never`.",
            ),
            REQUIRE_COOKIE,
            USERHASH,
        ],
        example: "/digest-auth/auth/ann/secret/MD5/2",
        play: Play::Wait(|call| {
            Box::pin(async move {
                let algorithm = call.path("algorithm").to_owned();
                let stale_after = call.path("stale_after").to_owned();
                digest::digest(call, Some(&algorithm), Some(&stale_after)).await
            })
        }),
        ..DIGEST
    },
];

/// What stands behind the scheme in `Authorization`, if it is this scheme, whose case does not matter (RFC 9110 §11.1).
fn credentials<'a>(call: &'a Call, scheme: &str) -> Option<&'a str> {
    let value = call.parts.headers.get(AUTHORIZATION)?;
    let value = str::from_utf8(value.as_bytes()).ok()?;
    let (given, rest) = value.split_once(' ')?;
    given
        .eq_ignore_ascii_case(scheme)
        .then(|| rest.trim_matches(' '))
}

/// The user name and password of Basic (RFC 7617 §2). What is not UTF-8 is read as ISO 8859-1, which older clients send.
fn basic_pair(call: &Call) -> Option<(String, String)> {
    let bytes = STANDARD.decode(credentials(call, "Basic")?).ok()?;
    let pair = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    let (user, password) = pair.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn judged(status: StatusCode, is_right: bool, user: &str) -> Reply {
    Reply::status(status).with_json(&json!({
        "authenticated": is_right,
        "authorized": is_right,
        "user": user,
    }))
}

fn is_right(call: &Call, pair: Option<&(String, String)>) -> bool {
    pair.is_some_and(|(user, password)| {
        user == call.path("user") && password == call.path("passwd")
    })
}

fn basic(call: &mut Call) -> Outcome {
    let pair = basic_pair(call);
    let user = pair.as_ref().map_or("", |(user, _)| user);
    if is_right(call, pair.as_ref()) {
        let reply = judged(StatusCode::OK, true, user);
        return Ok(reply.because("The user name and password are those of the path."));
    }
    let because = if pair.is_some() {
        "The user name or the password is not that of the path."
    } else {
        "The request has no Basic credentials that can be read."
    };
    Ok(judged(StatusCode::UNAUTHORIZED, false, user)
        .fixed(WWW_AUTHENTICATE, BASIC)
        .because(because))
}

fn hidden(call: &mut Call) -> Outcome {
    let pair = basic_pair(call);
    let user = pair.as_ref().map_or("", |(user, _)| user);
    Ok(if is_right(call, pair.as_ref()) {
        judged(StatusCode::OK, true, user)
            .because("The user name and password are those of the path.")
    } else {
        judged(StatusCode::NOT_FOUND, false, user).because(
            "The credentials are missing or wrong, and what is hidden does not say that it exists.",
        )
    })
}

fn bearer(call: &mut Call) -> Outcome {
    let Some(token) = credentials(call, "Bearer").filter(|token| is_token68(token)) else {
        return Ok(Reply::status(StatusCode::UNAUTHORIZED)
            .with_json(&json!({ "authenticated": false }))
            .fixed(WWW_AUTHENTICATE, "Bearer")
            .because("The request has no bearer token, or one with letters that no token has."));
    };
    let mut parts = token.split('.').map(decoded);
    let jwt = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Some(header)), Some(Some(claims)), Some(_), None) => Some((header, claims)),
        _ => None,
    };
    let jwt = jwt.as_ref().and_then(|(header, claims)| {
        let parse = |text| Exact::parse(text).filter(Exact::is_object);
        Some(Jwt {
            claims: parse(claims)?,
            header: parse(header)?,
            verified: false,
        })
    });
    Ok(Reply::json(&Bearer {
        authenticated: true,
        jwt,
        token,
    }))
}

#[derive(Debug, serde::Serialize)]
struct Bearer<'a> {
    authenticated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwt: Option<Jwt<'a>>,
    token: &'a str,
}

/// What a JSON Web Token says of itself (RFC 7519 §3).
#[derive(Debug, serde::Serialize)]
struct Jwt<'a> {
    claims: Exact<'a>,
    header: Exact<'a>,
    /// Never: there is no key to verify it with.
    verified: bool,
}

/// RFC 9110 §11.2, which RFC 6750 §2.1 calls `b64token`.
fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// A part of a JWT as text.
fn decoded(part: &str) -> Option<String> {
    String::from_utf8(URL_SAFE.decode(part).ok()?).ok()
}

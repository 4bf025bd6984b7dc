//! Credentials of all kinds.

use std::time::{Duration, SystemTime};

use md5::Md5;
use serde_json::json;
use sha2::{Digest as _, Sha256, Sha512, Sha512_256};
use siteerror_playground::{Options, Spawned, spawn_with};

use crate::ask::{Answer, get, playground, send};

#[tokio::test]
async fn basic_credentials_open_the_door() {
    let playground = playground().await;
    for (path, field) in [
        // The examples of RFC 7617 sections 2 and 2.1.
        (
            "/basic-auth/Aladdin/open%20sesame",
            "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        (
            "/basic-auth/test/123%C2%A3",
            "Authorization: Basic dGVzdDoxMjPCow==",
        ),
        (
            "/basic-auth/Aladdin/open%20sesame",
            "authorization: bAsIc  QWxhZGRpbjpvcGVuIHNlc2FtZQ",
        ),
        // The password has a colon: a:b:c.
        ("/basic-auth/a/b:c", "Authorization: Basic YTpiOmM="),
        ("/hidden-basic-auth/a/b:c", "Authorization: Basic YTpiOmM="),
    ] {
        let answer = send(&playground, &format!("GET {path}"), &[field], &[]).await;
        assert_eq!(answer.status, 200, "{path}");
        let seen = answer.json();
        assert_eq!(
            (&seen["authenticated"], &seen["authorized"]),
            (&json!(true), &json!(true))
        );
    }
}

#[tokio::test]
async fn wrong_basic_credentials_get_a_challenge_or_silence() {
    let playground = playground().await;
    for (field, user) in [
        ("X-None: 1", ""),
        ("Authorization: Basic YTp3cm9uZw==", "a"),
        ("Authorization: Basic !!!", ""),
        ("Authorization: Basic", ""),
        ("Authorization: Basic YQ==", ""),
        ("Authorization: Bearer YTpi", ""),
    ] {
        let answer = send(&playground, "GET /basic-auth/a/b", &[field], &[]).await;
        assert_eq!(
            (answer.status, answer.field("www-authenticate")),
            (401, "Basic realm=\"Fake Realm\""),
            "{field}"
        );
        assert_eq!(
            answer.json(),
            json!({"authenticated": false, "authorized": false, "user": user}),
            "{field}"
        );
        let hidden = send(&playground, "GET /hidden-basic-auth/a/b", &[field], &[]).await;
        assert_eq!(
            (hidden.status, hidden.field("www-authenticate")),
            (404, ""),
            "{field}"
        );
    }
    assert_eq!(get(&playground, "/basic-auth/a").await.status, 404);
}

#[tokio::test]
async fn a_bearer_token_is_shown_and_a_jwt_decoded() {
    let playground = playground().await;
    for field in [
        "Authorization: Bearer a-b._~+/9==",
        "Authorization: bearer a-b._~+/9==",
    ] {
        let answer = send(&playground, "GET /bearer", &[field], &[]).await;
        assert_eq!(
            answer.json(),
            json!({"authenticated": true, "token": "a-b._~+/9=="})
        );
    }
    // The example of RFC 7519 section 3.1.
    let jwt = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let field = format!("Authorization: Bearer {jwt}");
    let answer = send(&playground, "GET /bearer", &[&field], &[]).await;
    assert_eq!(
        answer.json()["jwt"],
        json!({
            "claims": {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true},
            "header": {"typ": "JWT", "alg": "HS256"},
            "verified": false,
        })
    );
    for field in [
        "X-None: 1",
        "Authorization: Bearer",
        "Authorization: Bearer a b",
        "Authorization: Bearer ==",
        "Authorization: Basic YTpi",
    ] {
        let answer = send(&playground, "GET /bearer", &[field], &[]).await;
        assert_eq!(
            (answer.status, answer.field("www-authenticate")),
            (401, "Bearer"),
            "{field}"
        );
    }
}

/// A parameter of a challenge, quotes included.
fn parameter<'a>(challenge: &'a str, name: &str) -> &'a str {
    let start = challenge
        .find(&format!("{name}="))
        .unwrap_or_else(|| panic!("{name} in {challenge}"))
        + name.len()
        + 1;
    let rest = &challenge[start..];
    let end = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find('"').expect("it is closed") + 2,
        None => rest.find(',').unwrap_or(rest.len()),
    };
    &rest[..end]
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// H of RFC 7616, by the name of the algorithm.
fn h(algorithm: &str, text: &str) -> String {
    match algorithm.trim_end_matches("-sess") {
        "MD5" => hex(&Md5::digest(text)),
        "SHA-256" => hex(&Sha256::digest(text)),
        "SHA-512" => hex(&Sha512::digest(text)),
        "SHA-512-256" => hex(&Sha512_256::digest(text)),
        other => panic!("{other}"),
    }
}

struct Client<'a> {
    user: &'a str,
    password: &'a str,
    method: &'a str,
    uri: &'a str,
    qop: &'a str,
    content: &'a str,
}

const ANN: Client<'_> = Client {
    user: "ann",
    password: "secret",
    method: "GET",
    uri: "",
    qop: "auth",
    content: "",
};

impl Client<'_> {
    /// RFC 7616 section 3.4, written down a second time.
    fn authorization(&self, challenge: &str) -> String {
        let algorithm = parameter(challenge, "algorithm");
        let realm = parameter(challenge, "realm").trim_matches('"');
        let nonce = parameter(challenge, "nonce").trim_matches('"');
        let (nc, cnonce) = ("00000001", "0a4f113b");
        let h = |text: String| h(algorithm, &text);
        let mut a1 = h(format!("{}:{realm}:{}", self.user, self.password));
        if algorithm.ends_with("-sess") {
            a1 = h(format!("{a1}:{nonce}:{cnonce}"));
        }
        let a2 = match self.qop {
            "auth-int" => h(format!(
                "{}:{}:{}",
                self.method,
                self.uri,
                h(self.content.to_owned())
            )),
            _ => h(format!("{}:{}", self.method, self.uri)),
        };
        let (qop, response) = if self.qop.is_empty() {
            (String::new(), h(format!("{a1}:{nonce}:{a2}")))
        } else {
            (
                format!(", qop={}, nc={nc}, cnonce=\"{cnonce}\"", self.qop),
                h(format!("{a1}:{nonce}:{nc}:{cnonce}:{}:{a2}", self.qop)),
            )
        };
        format!(
            "Authorization: Digest username=\"{}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{}\", algorithm={algorithm}, response=\"{response}\"{qop}",
            self.user, self.uri
        )
    }

    async fn ask(&self, playground: &Spawned, fields: &[&str]) -> Answer {
        let head = format!("{} {}", self.method, self.uri);
        send(playground, &head, fields, self.content.as_bytes()).await
    }
}

async fn challenge(playground: &Spawned, target: &str) -> String {
    let answer = get(playground, target).await;
    assert_eq!(answer.status, 401, "{target}");
    answer.field("www-authenticate").to_owned()
}

/// RFC 7616 section 3.3 says which parameters stand in quotes and which must not.
#[tokio::test]
async fn the_challenge_is_quoted_as_the_rfc_has_it() {
    let playground = playground().await;
    for (path, qop, algorithm) in [
        ("auth/ann/secret", "\"auth\"", "MD5"),
        ("auth-int/ann/secret", "\"auth-int\"", "MD5"),
        ("any/ann/secret/sha-256", "\"auth, auth-int\"", "SHA-256"),
        ("auth/ann/secret/SHA-512-256", "\"auth\"", "SHA-512-256"),
        ("auth/ann/secret/MD5-SESS/3", "\"auth\"", "MD5-sess"),
    ] {
        let text = challenge(&playground, &format!("/digest-auth/{path}")).await;
        assert!(text.starts_with("Digest "), "{text}");
        assert_eq!(parameter(&text, "qop"), qop, "{text}");
        assert_eq!(parameter(&text, "algorithm"), algorithm, "{text}");
        assert_eq!(parameter(&text, "stale"), "false", "{text}");
        for name in ["realm", "nonce", "opaque"] {
            assert!(parameter(&text, name).starts_with('"'), "{text}");
        }
        let other = challenge(&playground, &format!("/digest-auth/{path}")).await;
        assert_ne!(parameter(&text, "nonce"), parameter(&other, "nonce"));
    }
    for path in [
        "auth/ann/secret/SHA-1",
        "auth/ann/secret/MD5/soon",
        "auth/ann/secret/MD5/-1",
    ] {
        let answer = get(&playground, &format!("/digest-auth/{path}")).await;
        assert_eq!(answer.status, 400, "{path}");
    }
}

#[tokio::test]
async fn every_algorithm_and_protection_is_right_when_it_is_right() {
    let playground = playground().await;
    for algorithm in [
        "MD5",
        "SHA-256",
        "SHA-512",
        "SHA-512-256",
        "MD5-sess",
        "SHA-256-sess",
        "SHA-512-256-sess",
    ] {
        for (qop, method, content) in [
            ("auth", "GET", ""),
            ("auth-int", "POST", "a=1"),
            ("auth-int", "GET", ""),
            ("", "GET", ""),
        ] {
            // The session variants need a client nonce, which only a qop brings.
            if qop.is_empty() && algorithm.ends_with("-sess") {
                continue;
            }
            let target = format!("/digest-auth/both/ann/secret/{algorithm}?x=1&y=%20");
            let client = Client {
                uri: &target,
                qop,
                method,
                content,
                ..ANN
            };
            let field = client.authorization(&challenge(&playground, &target).await);
            let answer = client.ask(&playground, &[&field]).await;
            assert_eq!(answer.status, 200, "{algorithm} {qop}: {}", answer.text());
            assert_eq!(
                answer.json(),
                json!({"authenticated": true, "authorized": true, "user": "ann"})
            );
        }
    }
}

#[tokio::test]
async fn each_wrong_part_is_found() {
    let playground = playground().await;
    let target = "/digest-auth/auth/ann/secret";
    let text = challenge(&playground, target).await;
    let right = Client { uri: target, ..ANN };
    let good = right.authorization(&text);
    let other_user = Client {
        user: "bob",
        ..right
    }
    .authorization(&text);
    let wrong = [
        other_user.clone(),
        Client {
            password: "guess",
            ..right
        }
        .authorization(&text),
        Client {
            qop: "auth-int",
            ..right
        }
        .authorization(&text),
        Client {
            method: "POST",
            ..right
        }
        .authorization(&text),
        Client {
            uri: "/digest-auth",
            ..right
        }
        .authorization(&text),
        good.replace("nc=00000001", "nc=1"),
        good.replace("realm=\"Fake Realm\"", "realm=\"Other\""),
        good.replace("algorithm=MD5", "algorithm=SHA-256"),
        good.replace("response=\"", "response=\"0"),
        good.replace("username=\"ann\"", "username=\"ann"),
        good.replace("Digest ", "Basic "),
        "Authorization: Digest".to_owned(),
    ];
    for field in &wrong {
        let answer = right.ask(&playground, &[field]).await;
        assert_eq!(answer.status, 401, "{field}");
        assert_eq!(
            parameter(answer.field("www-authenticate"), "stale"),
            "false",
            "{field}"
        );
    }
    let answer = right.ask(&playground, &[&good]).await;
    assert_eq!(answer.status, 200, "{good}");
    let extended = good.replace("username=\"ann\"", "username*=UTF-8''%61nn");
    assert_eq!(right.ask(&playground, &[&extended]).await.status, 200);
    // RFC 7616 section 3.4.4: the hash counts only where the challenge offered it.
    let hashed = format!(
        "{}, userhash=true",
        good.replace(
            "username=\"ann\"",
            &format!("username=\"{}\"", h("MD5", "ann:Fake Realm")),
        )
    );
    assert_eq!(right.ask(&playground, &[&hashed]).await.status, 401);
    let offered = "/digest-auth/auth/ann/secret?userhash=1";
    let text = challenge(&playground, offered).await;
    assert_eq!(parameter(&text, "userhash"), "true");
    let client = Client {
        uri: offered,
        ..ANN
    };
    let hashed = format!(
        "{}, userhash=true",
        client.authorization(&text).replace(
            "username=\"ann\"",
            &format!("username=\"{}\"", h("MD5", "ann:Fake Realm")),
        )
    );
    assert_eq!(client.ask(&playground, &[&hashed]).await.status, 200);
}

/// A nonce lives five minutes, and one from elsewhere not at all; then right credentials are stale (RFC 7616 section 3.3), wrong ones just wrong.
#[tokio::test]
async fn an_old_nonce_is_stale() {
    use std::sync::atomic::{AtomicU64, Ordering};
    static SECONDS: AtomicU64 = AtomicU64::new(1_000_000);
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS.load(Ordering::Relaxed));
    let playground = spawn_with(Options::new(clock, [7; 32]))
        .await
        .expect("loopback has a free port");
    let target = "/digest-auth/auth/ann/secret";
    let client = Client { uri: target, ..ANN };
    let text = challenge(&playground, target).await;
    let field = client.authorization(&text);
    SECONDS.fetch_add(300, Ordering::Relaxed);
    assert_eq!(client.ask(&playground, &[&field]).await.status, 200);
    SECONDS.fetch_add(1, Ordering::Relaxed);
    let wrong = Client {
        password: "guess",
        ..client
    }
    .authorization(&text);
    let foreign = client.authorization(&text.replace("nonce=\"", "nonce=\"x"));
    for (field, stale) in [(&field, "true"), (&foreign, "true"), (&wrong, "false")] {
        let answer = client.ask(&playground, &[field]).await;
        assert_eq!(answer.status, 401, "{field}");
        let text = answer.field("www-authenticate");
        assert_eq!(parameter(text, "stale"), stale, "{field}");
    }
}

/// The target of a request has the prefix, and so have the cookies.
#[tokio::test]
async fn digest_works_below_a_prefix() {
    let mut options = Options::system();
    options.prefix = "/play".to_owned();
    let playground = spawn_with(options).await.expect("loopback has a free port");
    let target = "/play/digest-auth/auth/ann/secret/SHA-256?a=1";
    let client = Client { uri: target, ..ANN };
    let field = client.authorization(&challenge(&playground, target).await);
    let answer = client.ask(&playground, &[&field]).await;
    assert_eq!(
        (answer.status, answer.field("set-cookie")),
        (200, "fake=fake_value; Path=/play")
    );
}

/// The counting of httpbin, which is done with cookies.
#[tokio::test]
async fn cookies_count_until_a_nonce_is_stale() {
    let playground = playground().await;
    let target = "/digest-auth/auth/ann/secret/MD5/1";
    let client = Client { uri: target, ..ANN };
    let first = get(&playground, target).await;
    let has = |answer: &Answer, cookie: &str| {
        answer
            .fields
            .contains(&("set-cookie".to_owned(), format!("{cookie}; Path=/")))
    };
    assert!(has(&first, "stale_after=1") && has(&first, "fake=fake_value"));
    let text = first.field("www-authenticate").to_owned();
    let nonce = parameter(&text, "nonce").trim_matches('"');
    let field = client.authorization(&text);
    let good = client
        .ask(
            &playground,
            &[&field, "Cookie: stale_after=1; fake=fake_value"],
        )
        .await;
    assert_eq!(good.status, 200);
    assert!(has(&good, "stale_after=0"), "{:?}", good.fields);
    let last = format!("Cookie: last_nonce={nonce}");
    for cookie in ["Cookie: stale_after=0", last.as_str()] {
        let stale = client.ask(&playground, &[&field, cookie]).await;
        assert_eq!(stale.status, 401, "{cookie}");
        assert_eq!(parameter(stale.field("www-authenticate"), "stale"), "true");
        assert!(has(&stale, "stale_after=1") && has(&stale, &format!("last_nonce={nonce}")));
    }
    let never = client
        .ask(&playground, &[&field, "Cookie: stale_after=x"])
        .await;
    assert!(never.status == 200 && has(&never, "stale_after=never"));
}

#[tokio::test]
async fn a_cookie_may_be_required() {
    let playground = playground().await;
    let target = "/digest-auth/auth/ann/secret?require-cookie=1";
    let client = Client { uri: target, ..ANN };
    let field = client.authorization(&challenge(&playground, target).await);
    for (cookie, status) in [
        ("X-None: 1", 401),
        ("Cookie: a=b", 403),
        ("Cookie: fake=fake_value", 200),
    ] {
        let answer = client.ask(&playground, &[&field, cookie]).await;
        assert_eq!(answer.status, status, "{cookie}");
        if status == 403 {
            assert_eq!(
                answer.json(),
                json!({"errors": ["missing cookie set on challenge"]})
            );
        }
    }
}

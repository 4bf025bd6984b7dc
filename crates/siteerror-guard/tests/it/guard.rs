//! What the tables cannot say: what a target has, what the operator can choose, and what crosses a redirect.

use std::net::{IpAddr, SocketAddr};

use siteerror_guard::{
    Guard, Host, Name, Policy, Range, Reason, Refusal, Rule, Rules, Stop, Trail, Verdict, options,
};

use crate::{local, public};

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn range(text: &str) -> Range {
    text.parse().expect("a range")
}

fn reason<T>(judged: Result<T, Refusal>) -> Option<Reason> {
    judged.err().map(|refusal| refusal.reason)
}

#[test]
fn everything_comes_from_the_parsed_url() {
    let target = public()
        .url(" HTTPS://Example.COM.:443/a b?c#d ")
        .expect("it is allowed");
    assert_eq!(target.url().as_str(), "https://example.com/a%20b?c#d");
    assert_eq!(target.host(), &Host::Name("example.com".into()));
    assert_eq!(
        (target.scheme(), target.host_text(), target.port()),
        ("https", "example.com", 443)
    );
    assert_eq!(target.origin().ascii_serialization(), "https://example.com");
    assert!(target.needs_lookup() && target.judged().is_none() && target.warnings().is_empty());
    let target = public()
        .url("http://0x08080808:8080")
        .expect("it is allowed");
    assert_eq!(target.host_text(), "8.8.8.8");
    assert!(!target.needs_lookup());
    assert_eq!(
        target
            .judged()
            .map(|judged| judged.socket().to_string())
            .as_deref(),
        Some("8.8.8.8:8080")
    );
}

#[test]
fn a_url_has_at_most_8192_bytes() {
    let url = |length: usize| {
        format!(
            "http://a.com/{}",
            "a".repeat(length - "http://a.com/".len())
        )
    };
    assert!(public().url(url(8192)).is_ok());
    let refusal = public().url(url(8193)).expect_err("it is too long");
    assert_eq!(
        (refusal.verdict, refusal.rule, refusal.reason),
        (Verdict::Invalid, Rule::S1, Reason::UrlTooLong)
    );
    // What is trimmed counts, too: the limit is for what arrives.
    assert_eq!(
        reason(public().url(url(8192) + " ")),
        Some(Reason::UrlTooLong)
    );
    let from = public().url("http://b.org/").expect("it is allowed");
    assert!(public().location(&from, url(8192).as_bytes()).is_ok());
    let refusal = public()
        .location(&from, url(8193).as_bytes())
        .expect_err("it is too long");
    assert_eq!(
        (refusal.verdict, refusal.rule, refusal.reason),
        (Verdict::Invalid, Rule::S9, Reason::RedirectUrlTooLong)
    );
}

#[test]
fn a_chain_of_relative_references_cannot_grow_without_end() {
    let guard = public();
    let mut target = guard.url("http://a.com/").expect("it is allowed");
    let step = format!("{}/", "\u{e9}".repeat(2000));
    let end = (0..30).find_map(|_| match guard.location(&target, step.as_bytes()) {
        Ok(next) => {
            target = next;
            None
        }
        Err(refusal) => Some(refusal.reason),
    });
    assert_eq!(end, Some(Reason::RedirectUrlTooLong));
}

#[test]
fn bytes_that_are_no_text_are_no_url() {
    assert_eq!(
        reason(public().url(b"http://a.com/\xff")),
        Some(Reason::NotUtf8)
    );
    let from = public().url("http://a.com/").expect("it is allowed");
    assert_eq!(
        reason(public().location(&from, b"/caf\xe9")),
        Some(Reason::NotUtf8)
    );
}

#[test]
fn a_fragment_goes_along_if_the_new_url_has_none() {
    let from = public().url("http://a.com/x#old").expect("it is allowed");
    // The examples of RFC 9110 §10.2.2, with other names.
    for (location, url) in [
        ("/people.html#tim", "http://a.com/people.html#tim"),
        (
            "http://www.b.org/index.html",
            "http://www.b.org/index.html#old",
        ),
        ("http://www.b.org/#", "http://www.b.org/#"),
        ("?q", "http://a.com/x?q#old"),
    ] {
        let target = public()
            .location(&from, location.as_bytes())
            .expect("it is allowed");
        assert_eq!(target.url().as_str(), url);
    }
}

#[test]
fn credentials_stay_within_their_origin_and_are_never_printed() {
    let from = local()
        .url("http://me:p%40ss@a.com/")
        .expect("the person may");
    let credentials = from.credentials().expect("they are there");
    assert_eq!(
        (credentials.user(), credentials.password()),
        (&b"me"[..], &b"p@ss"[..])
    );
    assert_eq!(from.url().as_str(), "http://a.com/");
    assert!(!format!("{from:?}").contains("p@ss"), "{from:?}");
    assert_eq!(from.warnings()[0].reason, Reason::Userinfo);
    let next = |location: &str| {
        local()
            .location(&from, location.as_bytes())
            .expect("it is allowed")
    };
    assert_eq!(next("/b").credentials(), from.credentials());
    assert_eq!(next("http://A.com:80/b").credentials(), from.credentials());
    for other in [
        "https://a.com/",
        "http://b.a.com/",
        "http://a.com:8080/",
        "//b.org/",
    ] {
        assert_eq!(next(other).credentials(), None, "{other}");
    }
    let own = next("//you:x@b.org/");
    assert_eq!(
        own.credentials().map(|own| own.user().to_vec()),
        Some(b"you".to_vec())
    );
    assert!(options::stays_with_origin("AUTHORIZATION") && options::stays_with_origin("cookie"));
    assert!(
        options::stays_with_origin("Proxy-Authorization") && !options::stays_with_origin("Accept")
    );
}

#[test]
fn the_operator_opens_ports_but_never_port_0() {
    let guard = Guard::new(Rules {
        ports: vec![0, 3000],
        ..Rules::default()
    });
    assert!(guard.url("http://a.com:3000/").is_ok());
    assert_eq!(reason(guard.url("http://a.com:0/")), Some(Reason::Port));
    assert_eq!(reason(guard.url("http://a.com:3001/")), Some(Reason::Port));
}

#[test]
fn the_operator_closes_names_with_all_below() {
    let names =
        ["Bad.Example.COM.", "m\u{fc}nchen.de"].map(|name| name.parse::<Name>().expect("a name"));
    let guard = Guard::new(Rules {
        names: names.to_vec(),
        ..Rules::default()
    });
    for url in [
        "http://bad.example.com",
        "http://a.BAD.example.com./",
        "http://xn--mnchen-3ya.de/",
        "http://x.M\u{dc}NCHEN.de/",
    ] {
        assert_eq!(
            reason(guard.url(url)),
            Some(Reason::NameOfOperator),
            "{url}"
        );
    }
    assert!(
        guard.url("http://notbad.example.com/").is_ok() && guard.url("http://example.com/").is_ok()
    );
    for text in ["", "127.0.0.1", "0x7f.1", "a..b", "a b", "[::1]"] {
        assert!(text.parse::<Name>().is_err(), "{text}");
    }
}

#[test]
fn the_operator_opens_and_closes_ranges() {
    let guard = Guard::new(Rules {
        allow: vec![range("10.0.0.0/8"), range("fd00::/8")],
        ranges: vec![
            range("10.9.0.0/16"),
            range("93.184.216.0/24"),
            range("2a00::/16"),
            range("64:ff9b::8.8.8.8"),
        ],
        own_sockets: vec!["10.0.0.5:8080".parse().expect("a socket address")],
        own_addresses: vec![ip("10.0.0.5"), ip("8.8.4.4"), ip("2606:4700::9")],
        ..Rules::default()
    });
    for url in [
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[fd00::1]/",
        "http://10.0.0.5/",
        "http://8.8.8.8/",
        "http://[2b00::1]/",
    ] {
        assert!(guard.url(url).is_ok(), "{url}");
    }
    for (url, expected) in [
        ("http://10.9.0.1/", Reason::RangeOfOperator),
        ("http://[::ffff:10.9.0.1]/", Reason::RangeOfOperator),
        ("http://[64:ff9b::a09:1]/", Reason::RangeOfOperator),
        ("http://93.184.216.34/", Reason::RangeOfOperator),
        ("http://[2a00::1]/", Reason::RangeOfOperator),
        ("http://[64:ff9b::8.8.8.8]/", Reason::RangeOfOperator),
        ("http://10.0.0.5:8080/", Reason::OwnAddress),
        ("http://[::ffff:10.0.0.5]:8080/", Reason::OwnAddress),
        ("http://8.8.4.4/", Reason::OwnAddress),
        ("http://[64:ff9b::8.8.4.4]/", Reason::OwnAddress),
        ("http://[2606:4700::9]:8443/", Reason::OwnAddress),
        ("http://192.168.0.1/", Reason::PrivateUse),
        ("http://[fe80::1]/", Reason::LinkLocal),
    ] {
        assert_eq!(reason(guard.url(url)), Some(expected), "{url}");
    }
    let target = guard.url("http://a.com/").expect("it is allowed");
    assert!(
        guard
            .answers(&target, &[ip("10.0.0.1"), ip("8.8.8.8")])
            .is_ok()
    );
    assert_eq!(
        reason(guard.answers(&target, &[ip("10.0.0.1"), ip("10.9.0.1")])),
        Some(Reason::NameToSpecialAddress)
    );
}

#[test]
fn answers_become_addresses_to_connect_to_in_their_order() {
    let target = public().url("https://a.com/").expect("it is allowed");
    let answers = [
        ip("2606:4700::1"),
        ip("::ffff:8.8.8.8"),
        ip("64:ff9b::8.8.4.4"),
        ip("1.1.1.1"),
    ];
    let judged = public().answers(&target, &answers).expect("all are public");
    let sockets: Vec<String> = judged
        .iter()
        .map(|judged| judged.socket().to_string())
        .collect();
    assert_eq!(
        sockets,
        [
            "[2606:4700::1]:443",
            "8.8.8.8:443",
            "[64:ff9b::808:404]:443",
            "1.1.1.1:443"
        ]
    );
    let peer = |text: &str| text.parse::<SocketAddr>().expect("a socket address");
    assert!(
        judged[1].is_peer(peer("8.8.8.8:443")) && judged[1].is_peer(peer("[::ffff:8.8.8.8]:443"))
    );
    assert!(!judged[1].is_peer(peer("8.8.8.8:80")) && !judged[1].is_peer(peer("8.8.8.9:443")));
    assert!(
        !judged[1].is_peer(peer("[2606:4700::1]:443"))
            && judged[0].is_peer(peer("[2606:4700::1]:443"))
    );
    assert_eq!(
        public().answers(&target, &[]).map(|judged| judged.len()),
        Ok(0)
    );
}

#[test]
fn the_person_is_only_warned_about_answers() {
    let target = local()
        .url("http://localhost:3000/")
        .expect("the person may");
    let rules: Vec<Rule> = target
        .warnings()
        .iter()
        .map(|warning| warning.rule)
        .collect();
    assert_eq!(rules, [Rule::S4, Rule::S5]);
    let judged = local()
        .answers(&target, &[ip("127.0.0.1"), ip("8.8.8.8")])
        .expect("the person may");
    let warnings: Vec<Option<Reason>> = judged
        .iter()
        .map(|judged| judged.warning().map(|warning| warning.reason))
        .collect();
    assert_eq!(warnings, [Some(Reason::Loopback), None]);
    let target = local().url("http://[::1]:3000/").expect("the person may");
    assert_eq!(
        target
            .judged()
            .and_then(|judged| judged.warning())
            .map(|warning| warning.reason),
        Some(Reason::Loopback)
    );
    assert_eq!(local().policy(), Policy::Local);
}

#[test]
fn a_refusal_tells_nothing_of_what_was_refused() {
    let target = public().url("http://a.com/").expect("it is allowed");
    let of_loopback = public()
        .answers(&target, &[ip("127.0.0.1")])
        .expect_err("it is refused");
    let of_private = public()
        .answers(&target, &[ip("8.8.8.8"), ip("10.1.2.3")])
        .expect_err("it is refused");
    assert_eq!(of_loopback, of_private);
    assert_eq!(
        of_private.to_string(),
        "blocked by S7: the name resolves to an address that we do not visit"
    );
}

#[test]
fn names_that_mix_scripts_are_pointed_out() {
    let confusable = |url: &str| {
        let target = public().url(url).expect("it is allowed");
        let found = target
            .warnings()
            .iter()
            .any(|warning| warning.reason == Reason::HostIdnConfusable);
        (found, target.unicode_host().map(str::to_owned))
    };
    // Cyrillic а, U+0430, before Latin.
    assert_eq!(
        confusable("http://\u{430}pple.com/"),
        (true, Some("\u{430}pple.com".into()))
    );
    assert_eq!(
        confusable("http://xn--pple-43d.com/"),
        (true, Some("\u{430}pple.com".into()))
    );
    // Greek omicron; Cyrillic with Greek; Latin in the middle of Hebrew.
    for url in [
        "http://g\u{3bf}ogle.com/",
        "http://www.\u{3b1}\u{431}.com/",
        "http://a.\u{430}b.org/",
        "http://b\u{561}.com/",
    ] {
        assert!(confusable(url).0, "{url}");
    }
    // One script a label, and what Chinese, Japanese and Korean mix.
    for url in [
        "http://m\u{fc}nchen.de/",
        "http://\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.com/",
        "http://\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}-1.a.com/",
        "http://t\u{30b7}\u{30e3}\u{30c4}.com/",
        "http://\u{4f8b}\u{3048}\u{30c6}.com/",
        "http://\u{d55c}\u{6f22}a.com/",
        "http://a1_b-c.com/",
    ] {
        assert!(!confusable(url).0, "{url}");
    }
    assert_eq!(confusable("http://a.com/").1, None);
    assert_eq!(confusable("http://8.8.8.8/").1, None);
}

#[test]
fn a_trail_ends_loops_and_long_chains() {
    let guard = public();
    let url = |text: &str| guard.url(text).expect("it is allowed");
    let mut trail = Trail::default();
    assert_eq!(trail.visit("GET", &url("http://a.com/"), ""), Ok(0));
    assert_eq!(trail.visit("HEAD", &url("http://a.com/"), ""), Ok(1));
    assert_eq!(trail.visit("GET", &url("http://a.com/"), "a=1"), Ok(2));
    assert_eq!(
        trail.visit("GET", &url("http://a.com/#x"), "a=1"),
        Err(Stop::Loop { first: 2 })
    );
    for (limit, hops) in [(0, 1), (1, 2), (20, 21), (21, 21), (usize::MAX, 21)] {
        let mut trail = Trail::new(limit);
        let done = (0..50).take_while(|hop| {
            trail
                .visit("GET", &url(&format!("http://a.com/{hop}")), "")
                .is_ok()
        });
        assert_eq!(done.count(), hops, "{limit}");
        assert_eq!(trail.may_go_on(), Err(Stop::TooMany));
    }
}

#[test]
fn a_stranger_sends_no_more_fields_than_a_server_may() {
    let field = |length: usize| ("X".to_owned(), "a".repeat(length - 1));
    let fields = |count: usize, length: usize| vec![field(length); count];
    for (allowed, fields) in [
        (true, fields(200, 10)),
        (false, fields(201, 10)),
        (true, fields(1, 16 * 1024)),
        (false, fields(1, 16 * 1024 + 1)),
        (true, fields(4, 16 * 1024)),
        (false, fields(5, 16 * 1024)),
    ] {
        let expected = (!allowed).then_some(Reason::FieldsTooLarge);
        assert_eq!(reason(public().request("GET", &fields)), expected);
        assert_eq!(reason(local().request("GET", &fields)), None);
    }
}

#[test]
fn codes_of_reasons_are_unique_and_kebab() {
    let mut codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    let all = codes.len();
    assert!(codes.iter().all(|code| {
        code.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }));
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
    assert!(Rule::ALL.iter().all(|rule| rule.text().ends_with('.')));
}

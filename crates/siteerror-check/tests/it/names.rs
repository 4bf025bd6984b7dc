//! Names: what the resolver says, what the guard makes of it, and that nothing is dialled but what was judged.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use siteerror_check::resolve::{Answers, Looking, LookupError, Source};
use siteerror_check::{Checker, Kind, Options, Phase, Report};
use siteerror_guard::Policy;

use super::support::{answering, limits, settings_with};

/// Answers the same to everybody, and counts.
#[derive(Debug)]
struct Says {
    answer: Result<Vec<IpAddr>, LookupError>,
    after: Duration,
    ttl: Duration,
    asked: AtomicUsize,
}

impl Says {
    fn new(answer: Result<Vec<IpAddr>, LookupError>) -> Self {
        Self {
            answer,
            after: Duration::ZERO,
            ttl: Duration::from_mins(1),
            asked: AtomicUsize::new(0),
        }
    }
}

impl Source for Says {
    fn look_up<'a>(&'a self, _: &'a str) -> Looking<'a> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(self.after).await;
            let addresses = self.answer.clone()?;
            Ok(Answers {
                addresses,
                ttl: self.ttl,
            })
        })
    }
}

async fn ask(policy: Policy, says: Says, url: &str) -> Report {
    let checker = Checker::new(settings_with(policy, &limits(), Arc::new(says)))
        .expect("the roots are built in");
    checker.check(url, &Options::default(), &mut ()).await
}

fn found(report: &Report) -> (Kind, Option<Phase>, Option<&str>) {
    let failure = report.failure.as_ref().expect("a failure");
    (failure.kind, failure.phase, failure.rule.as_deref())
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 33, 8));

#[tokio::test]
async fn what_a_lookup_says_is_told() {
    let url = "http://www.iana.org/";
    let not_found = ask(Policy::Public, Says::new(Err(LookupError::NotFound)), url).await;
    assert_eq!(
        found(&not_found),
        (Kind::DnsNotFound, Some(Phase::Dns), None)
    );
    let empty = ask(Policy::Public, Says::new(Ok(Vec::new())), url).await;
    assert_eq!(found(&empty), (Kind::DnsNotFound, Some(Phase::Dns), None));
    let failed = ask(
        Policy::Public,
        Says::new(Err(LookupError::Failed("SERVFAIL".to_owned()))),
        url,
    )
    .await;
    assert_eq!(found(&failed), (Kind::DnsFailure, Some(Phase::Dns), None));
    let many = ask(Policy::Public, Says::new(Ok(vec![PUBLIC; 65])), url).await;
    assert_eq!(found(&many), (Kind::DnsFailure, Some(Phase::Dns), None));
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_takes_too_long_is_a_timeout() {
    let mut says = Says::new(Ok(vec![PUBLIC]));
    says.after = Duration::from_mins(1);
    let report = ask(Policy::Public, says, "http://www.iana.org/").await;
    assert_eq!(found(&report), (Kind::Timeout, Some(Phase::Dns), None));
}

#[tokio::test]
async fn one_bad_address_refuses_a_name_and_is_not_shown() {
    for addresses in [
        vec![LOOPBACK],
        vec![PUBLIC, LOOPBACK],
        vec![LOOPBACK, PUBLIC],
    ] {
        let report = ask(
            Policy::Public,
            Says::new(Ok(addresses)),
            "http://www.iana.org/",
        )
        .await;
        assert_eq!(found(&report), (Kind::Blocked, None, Some("S7")));
        assert_eq!(report.hops[0].address, None);
        assert!(!report.to_json().contains("127.0.0.1"));
    }
}

#[tokio::test]
async fn strangers_are_refused_before_anybody_is_asked() {
    let says = Arc::new(Says::new(Ok(vec![PUBLIC])));
    let checker = Checker::new(settings_with(
        Policy::Public,
        &limits(),
        Arc::clone(&says) as Arc<dyn Source>,
    ))
    .expect("the roots are built in");
    for (url, rule) in [
        ("http://127.0.0.1/", "S7"),
        ("http://0x7f.1/", "S7"),
        ("http://localhost/", "S5"),
        ("http://me:secret@www.iana.org/", "S3"),
        ("http://www.iana.org:22/", "S4"),
        ("ftp://www.iana.org/", "S2"),
    ] {
        let report = checker.check(url, &Options::default(), &mut ()).await;
        assert_eq!(found(&report), (Kind::Blocked, None, Some(rule)), "{url}");
        assert_eq!(report.requests, 0);
        assert!(!report.to_json().contains("secret"));
    }
    let report = checker
        .check("not a URL", &Options::default(), &mut ())
        .await;
    assert_eq!(found(&report).0, Kind::InvalidUrl);
    assert_eq!(says.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn many_who_ask_for_one_name_ask_once() {
    let address = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut says = Says::new(Ok(vec![LOOPBACK]));
    says.after = Duration::from_millis(20);
    let says = Arc::new(says);
    let checker = Checker::new(settings_with(
        Policy::Local,
        &limits(),
        Arc::clone(&says) as Arc<dyn Source>,
    ))
    .expect("the roots are built in");
    let url = format!("http://many.test:{}/", address.port());
    let options = Options::default();
    let checks = (0..20).map(|_| async { checker.check(&url, &options, &mut ()).await.status() });
    let statuses = futures_util::future::join_all(checks).await;
    assert_eq!(statuses, vec![Some(204); 20]);
    assert_eq!(says.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_without_time_to_live_is_asked_for_again() {
    let address = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut says = Says::new(Ok(vec![LOOPBACK]));
    says.ttl = Duration::ZERO;
    let says = Arc::new(says);
    let checker = Checker::new(settings_with(
        Policy::Local,
        &limits(),
        Arc::clone(&says) as Arc<dyn Source>,
    ))
    .expect("the roots are built in");
    let url = format!("http://again.test:{}/", address.port());
    for _ in 0..2 {
        checker.check(&url, &Options::default(), &mut ()).await;
    }
    assert_eq!(says.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_second_address_is_tried_when_the_first_refuses() {
    // 127.0.0.2 is loopback too, and nobody listens there.
    let address = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let says = Says::new(Ok(vec![IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), LOOPBACK]));
    let report = ask(
        Policy::Local,
        says,
        &format!("http://two.test:{}/", address.port()),
    )
    .await;
    assert_eq!(report.status(), Some(204));
    assert_eq!(report.hops[0].address, Some(address));
}

#[tokio::test]
async fn nobody_listens() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let report = ask(
        Policy::Local,
        Says::new(Ok(vec![LOOPBACK])),
        &format!("http://none.test:{port}/"),
    )
    .await;
    assert_eq!(
        found(&report),
        (Kind::ConnectRefused, Some(Phase::Connect), None)
    );
    assert_eq!(report.hops.len(), 1);
    assert_eq!(report.status(), None);
}

//! Many URLs: order, manners, retries, robots, stops.

use std::io::BufReader;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream;
use siteerror_check::bulk::{Baseline, Cache, Done, Ended, Manners, bulk};
use siteerror_check::{Checker, HttpVersion, Kind, Options};
use siteerror_guard::Policy;
use tokio::io::AsyncWriteExt;

use super::support::{NOW_UNIX_S, answering, checker, limits, request, serve, settings};

async fn run(
    checker: &Checker,
    options: &Options,
    manners: Manners,
    urls: Vec<String>,
) -> (Ended, Vec<Done>) {
    let mut done = Vec::new();
    let ended = bulk(
        checker,
        options,
        manners,
        stream::iter(urls),
        None,
        std::future::pending(),
        |one| {
            done.push(one);
            ControlFlow::Continue(())
        },
    )
    .await;
    (ended, done)
}

/// Answers requests on a connection, one after another, and counts connections and how many are answered at a time.
#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

async fn keeping(counts: Arc<Counts>, after: Duration) -> std::net::SocketAddr {
    serve(move |mut stream| {
        let counts = Arc::clone(&counts);
        async move {
            counts.connections.fetch_add(1, Ordering::SeqCst);
            while !request(&mut stream).await.is_empty() {
                let now = counts.now.fetch_add(1, Ordering::SeqCst) + 1;
                counts.most.fetch_max(now, Ordering::SeqCst);
                tokio::time::sleep(after).await;
                counts.now.fetch_sub(1, Ordering::SeqCst);
                if stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                    .await
                    .is_err()
                {
                    return;
                }
            }
        }
    })
    .await
}

#[tokio::test]
async fn connections_are_used_again_and_no_more_are_open_than_manners_allow() {
    let counts = Arc::new(Counts::default());
    let address = keeping(Arc::clone(&counts), Duration::from_millis(1)).await;
    let manners = Manners {
        concurrency: 50,
        per_host: 3,
        ..Manners::default()
    };
    let urls = (0..200)
        .map(|index| format!("http://{address}/{index}"))
        .collect();
    let (ended, done) = run(&checker(), &Options::default(), manners, urls).await;
    assert_eq!(ended, Ended::Complete);
    assert_eq!(done.len(), 200);
    assert!(done.iter().all(|done| done.report.is_ok()));
    assert!(counts.most.load(Ordering::SeqCst) <= 3);
    assert!(counts.connections.load(Ordering::SeqCst) <= 3);
}

#[tokio::test]
async fn reports_come_in_order_if_that_is_wanted() {
    let slow = keeping(Arc::default(), Duration::from_millis(30)).await;
    let quick = keeping(Arc::default(), Duration::ZERO).await;
    let manners = Manners {
        ordered: true,
        ..Manners::default()
    };
    let urls = (0..40)
        .map(|index| {
            format!(
                "http://{}/{index}",
                if index % 4 == 0 { slow } else { quick }
            )
        })
        .collect();
    let (_, done) = run(&checker(), &Options::default(), manners, urls).await;
    let order: Vec<u64> = done.iter().map(|done| done.index).collect();
    assert_eq!(order, (0..40).collect::<Vec<u64>>());
}

#[tokio::test]
async fn what_cannot_be_visited_is_reported_among_the_others() {
    let address = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let urls = vec![
        "nonsense".to_owned(),
        format!("http://{address}/"),
        "ftp://a.test/".to_owned(),
        "http://nobody.test/".to_owned(),
    ];
    let manners = Manners {
        ordered: true,
        ..Manners::default()
    };
    let (ended, done) = run(&checker(), &Options::default(), manners, urls).await;
    let kinds: Vec<Option<Kind>> = done
        .iter()
        .map(|done| done.report.failure.as_ref().map(|failure| failure.kind))
        .collect();
    assert_eq!(ended, Ended::Complete);
    assert_eq!(
        kinds,
        [
            Some(Kind::InvalidUrl),
            None,
            Some(Kind::Blocked),
            Some(Kind::DnsNotFound)
        ]
    );
}

#[tokio::test]
async fn a_503_is_tried_again_after_what_it_asks_for() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let address = serve(move |mut stream| {
        let asked = Arc::clone(&counted);
        async move {
            request(&mut stream).await;
            let answer: &[u8] = match asked.fetch_add(1, Ordering::SeqCst) {
                0 => b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                _ => b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            };
            let _ = stream.write_all(answer).await;
        }
    })
    .await;
    let options = Options {
        retries: 2,
        ..Options::default()
    };
    let (_, done) = run(
        &checker(),
        &options,
        Manners::default(),
        vec![format!("http://{address}/")],
    )
    .await;
    assert_eq!(
        (done[0].report.status(), done[0].report.attempts),
        (Some(200), 2)
    );
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn robots_txt_is_obeyed_when_asked_for() {
    let address = serve(|mut stream| async move {
        let head = request(&mut stream).await;
        let body = if head.starts_with("GET /robots.txt ") {
            "User-agent: *\nDisallow: /private\n"
        } else {
            "hi"
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await;
    let manners = Manners {
        robots: true,
        ordered: true,
        ..Manners::default()
    };
    let urls = vec![
        format!("http://{address}/public"),
        format!("http://{address}/private/x"),
    ];
    let (_, done) = run(&checker(), &Options::default(), manners, urls).await;
    assert_eq!(done[0].report.status(), Some(200));
    let failure = done[1].report.failure.as_ref().expect("a failure");
    assert_eq!(
        (failure.kind, failure.rule.as_deref()),
        (Kind::Blocked, Some("robots"))
    );
}

#[tokio::test]
async fn a_job_can_be_stopped_and_what_is_done_stays_done() {
    let address = keeping(Arc::default(), Duration::from_millis(2)).await;
    let urls = stream::iter((0_u64..).map(|index| format!("http://{address}/{index}")));
    let mut count = 0;
    let ended = bulk(
        &checker(),
        &Options::default(),
        Manners::default(),
        urls,
        None,
        std::future::pending(),
        |_| {
            count += 1;
            if count == 20 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    )
    .await;
    assert_eq!((ended, count), (Ended::Stopped, 20));

    let urls = stream::iter((0_u64..).map(|index| format!("http://{address}/{index}")));
    let manners = Manners {
        deadline: Some(Duration::from_millis(100)),
        ..Manners::default()
    };
    let mut some = 0;
    let ended = bulk(
        &checker(),
        &Options::default(),
        manners,
        urls,
        None,
        std::future::pending(),
        |_| {
            some += 1;
            ControlFlow::Continue(())
        },
    )
    .await;
    assert_eq!(ended, Ended::Stopped);
    assert!(some > 0);
}

#[tokio::test]
async fn a_pace_is_kept_per_host() {
    let address = keeping(Arc::default(), Duration::ZERO).await;
    let checker = Checker::new(settings(Policy::Local, &limits())).expect("the roots are built in");
    let manners = Manners {
        per_host_a_second: Some(50.0),
        ..Manners::default()
    };
    let began = tokio::time::Instant::now();
    let urls = (0..6)
        .map(|index| format!("http://{address}/{index}"))
        .collect();
    let (_, done) = run(&checker, &Options::default(), manners, urls).await;
    assert_eq!(done.len(), 6);
    // The first begins at once, and five more 20 ms apart. A slow machine takes longer, never less.
    assert!(began.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn what_was_good_is_remembered_and_secrets_are_not_written_down() {
    let counts = Arc::new(Counts::default());
    let address = keeping(Arc::clone(&counts), Duration::ZERO).await;
    let url = format!("http://{address}/?token=secret");
    let mut cache = Cache::new(3600);
    for expected in [1, 0] {
        let mut requests = 0;
        bulk(
            &checker(),
            &Options::default(),
            Manners::default(),
            stream::iter([url.clone()]),
            Some(&mut cache),
            std::future::pending(),
            |done| {
                assert!(done.report.is_ok());
                requests += done.report.requests;
                ControlFlow::Continue(())
            },
        )
        .await;
        assert_eq!(requests, expected);
        let mut file = Vec::new();
        cache.write(&mut file).expect("memory takes all");
        assert!(!String::from_utf8_lossy(&file).contains("secret"));
        cache = Cache::read(BufReader::new(file.as_slice()), 3600, NOW_UNIX_S)
            .expect("what was written can be read");
    }
}

#[tokio::test]
async fn a_baseline_knows_what_was_wrong_before() {
    let address = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await;
    let (_, done) = run(
        &checker(),
        &Options::default(),
        Manners::default(),
        vec![format!("http://{address}/")],
    )
    .await;
    let report = &done[0].report;
    assert!(Baseline::default().new_problems(report).contains("404"));
    let mut baseline = Baseline::default();
    baseline.add(report);
    let mut file = Vec::new();
    baseline.write(&mut file).expect("memory takes all");
    let baseline = Baseline::read(file.as_slice()).expect("what was written can be read");
    assert!(!baseline.new_problems(report).contains("404"));
}

#[tokio::test]
async fn manners_hold_for_hosts_that_redirects_lead_to() {
    let counts = Arc::new(Counts::default());
    let there = keeping(Arc::clone(&counts), Duration::from_millis(2)).await;
    let answer = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://b.test:{}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        there.port()
    );
    let here = answering(answer).await;
    let manners = Manners {
        concurrency: 40,
        per_host: 10,
        ..Manners::default()
    };
    // Ten at a time begin at each of two names, and all of them end at a third.
    let urls = (0..60)
        .map(|index| {
            format!(
                "http://{}.test:{}/{index}",
                ["a", "c"][index % 2],
                here.port()
            )
        })
        .collect();
    let (ended, done) = run(&checker(), &Options::default(), manners, urls).await;
    assert_eq!((ended, done.len()), (Ended::Complete, 60));
    assert!(done.iter().all(|done| done.report.is_ok()));
    assert!(counts.most.load(Ordering::SeqCst) <= 10);
}

#[tokio::test]
async fn robots_txt_of_where_a_redirect_leads_is_obeyed_too() {
    let there = serve(|mut stream| async move {
        let head = request(&mut stream).await;
        let body = if head.starts_with("GET /robots.txt ") {
            "User-agent: siteerror\nDisallow: /\n"
        } else {
            "hi"
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await;
    let here = serve(move |mut stream| async move {
        let head = request(&mut stream).await;
        let answer = if head.starts_with("GET /robots.txt ") {
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned()
        } else {
            format!("HTTP/1.1 302 Found\r\nLocation: http://b.test:{}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", there.port())
        };
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await;
    let manners = Manners {
        robots: true,
        ..Manners::default()
    };
    let (_, done) = run(
        &checker(),
        &Options::default(),
        manners,
        vec![format!("http://a.test:{}/", here.port())],
    )
    .await;
    let report = &done[0].report;
    let failure = report.failure.as_ref().expect("a failure");
    assert_eq!((failure.hop, failure.rule.as_deref()), (1, Some("robots")));
    assert_eq!(report.hops.len(), 2);
}

#[tokio::test]
async fn many_hosts_at_a_time_do_not_wait_for_a_slow_one() {
    let slow = keeping(Arc::default(), Duration::from_millis(60)).await;
    let quick = keeping(Arc::default(), Duration::ZERO).await;
    let manners = Manners {
        concurrency: 4,
        per_host: 1,
        ..Manners::default()
    };
    let slow = (0..5).map(|index| format!("http://a.test:{}/{index}", slow.port()));
    let quick = (0..5).map(|index| format!("http://b.test:{}/{index}", quick.port()));
    let (_, done) = run(
        &checker(),
        &Options::default(),
        manners,
        slow.chain(quick).collect(),
    )
    .await;
    // All of the quick host are done before the second of the slow one.
    let place = |index| {
        done.iter()
            .position(|done| done.index == index)
            .expect("done")
    };
    assert!(
        (5..10).all(|quick| place(quick) < place(1)),
        "{:?}",
        done.iter().map(|done| done.index).collect::<Vec<_>>()
    );
}

/// A server of HTTP/2 that closes a connection, as RFC 9113 §6.8 wants it done, after so many streams.
async fn streaming(counts: Arc<Counts>, streams: usize) -> std::net::SocketAddr {
    serve(move |stream| {
        let counts = Arc::clone(&counts);
        async move {
            counts.connections.fetch_add(1, Ordering::SeqCst);
            let mut connection = h2::server::handshake(stream).await.expect("a preface");
            let on_this_one = Arc::new(AtomicUsize::new(0));
            let mut taken = 0;
            while let Some(Ok((_, mut respond))) = connection.accept().await {
                taken += 1;
                if taken == streams {
                    connection.graceful_shutdown();
                }
                let (counts, on_this_one) = (Arc::clone(&counts), Arc::clone(&on_this_one));
                tokio::spawn(async move {
                    let now = on_this_one.fetch_add(1, Ordering::SeqCst) + 1;
                    counts.most.fetch_max(now, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    on_this_one.fetch_sub(1, Ordering::SeqCst);
                    let _ = respond.send_response(http::Response::new(()), true);
                });
            }
        }
    })
    .await
}

/// Two hundred URLs over HTTP/2, eight at a time.
async fn by_prior_knowledge(address: std::net::SocketAddr) -> (Ended, Vec<Done>) {
    let options = Options {
        version: HttpVersion::Http2,
        ..Options::default()
    };
    let manners = Manners {
        concurrency: 8,
        ..Manners::default()
    };
    let urls = (0..200).map(|index| format!("http://{address}/{index}"));
    run(&checker(), &options, manners, urls.collect()).await
}

#[tokio::test]
async fn exchanges_share_connections_of_http2() {
    let counts = Arc::new(Counts::default());
    let address = streaming(Arc::clone(&counts), usize::MAX).await;
    let (_, done) = by_prior_knowledge(address).await;
    assert!(done.iter().all(|done| done.report.status() == Some(200)));
    assert_eq!(done.len(), 200);
    assert!(counts.connections.load(Ordering::SeqCst) <= 8);
    assert!(counts.most.load(Ordering::SeqCst) > 1);
}

#[tokio::test]
async fn a_shared_connection_that_closes_takes_nobody_along() {
    let counts = Arc::new(Counts::default());
    let address = streaming(Arc::clone(&counts), 20).await;
    let (ended, done) = by_prior_knowledge(address).await;
    assert_eq!((ended, done.len()), (Ended::Complete, 200));
    let failed = done.iter().find(|done| !done.report.is_ok());
    assert!(failed.is_none(), "{failed:?}");
}

#[tokio::test]
async fn hosts_that_want_to_be_left_alone_do_not_hold_up_the_list() {
    let busy = answering(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let free = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let manners = Manners {
        concurrency: 2,
        longest_pause: Duration::from_hours(1),
        ..Manners::default()
    };
    let options = Options {
        retries: 1,
        ..Options::default()
    };
    let mut urls = vec![format!("http://a.test:{}/", busy.port()); 300];
    urls.push(format!("http://b.test:{}/", free.port()));
    let checker = checker();
    let job = bulk(
        &checker,
        &options,
        manners,
        stream::iter(urls),
        None,
        std::future::pending(),
        |one| match one.report.status() {
            Some(204) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        },
    );
    let ended = tokio::time::timeout(Duration::from_secs(30), job).await;
    assert_eq!(ended, Ok(Ended::Stopped));
}

#[tokio::test]
async fn what_visits_nobody_needs_no_manners() {
    let manners = Manners {
        per_host: 1,
        per_host_a_second: Some(1.0),
        ..Manners::default()
    };
    let urls = vec!["nonsense".to_owned(); 200];
    let (checker, options) = (checker(), Options::default());
    let job = run(&checker, &options, manners, urls);
    // At the pace of a host it would be more than three minutes.
    let (_, done) = tokio::time::timeout(Duration::from_secs(30), job)
        .await
        .expect("it is over at once");
    assert_eq!(done.len(), 200);
}

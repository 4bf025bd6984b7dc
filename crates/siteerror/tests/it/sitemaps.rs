//! `siteerror check --from-file`: sitemaps and their indexes, from files and from the web, and other lists from there.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::check::{check, file, text};
use crate::command::transcript;

/// A path, fields besides Content-Length, and content; what has none of these paths is answered with 404, and `/page…` with 204.
type Page = (&'static str, &'static str, Vec<u8>);

/// A server; its pages may name its address, which is known before it begins.
fn site(pages: impl Fn(&str) -> Vec<Page>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    let pages = pages(&host);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or(0);
            let line = String::from_utf8_lossy(&request[..read]).into_owned();
            let path = line.split(' ').nth(1).unwrap_or_default();
            let known = pages.iter().find(|(known, ..)| *known == path);
            let answer = match known {
                Some((_, fields, content)) => {
                    let status = if fields.contains("Location") {
                        301
                    } else {
                        200
                    };
                    let length = content.len();
                    let head = format!(
                        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n"
                    );
                    [head.into_bytes(), content.clone()].concat()
                }
                None if path.starts_with("/page") => {
                    b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec()
                }
                None => b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .to_vec(),
            };
            let _ = stream.write_all(&answer);
        }
    });
    host
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// An entry a line.
fn lines(urls: &[String], element: &str) -> String {
    let entries: Vec<String> = urls
        .iter()
        .map(|url| format!("<{element}><loc>{url}</loc></{element}>\n"))
        .collect();
    entries.concat()
}

fn index(sitemaps: &[String]) -> String {
    let entries = lines(sitemaps, "sitemap");
    format!(
        "<?xml version=\"1.0\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</sitemapindex>\n"
    )
}

fn sitemap(pages: &[String]) -> Vec<u8> {
    let entries = lines(pages, "url");
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</urlset>\n")
        .into_bytes()
}

/// URL, list and line of each result, the exit status, and what was said on standard error.
fn checked(args: &[&str]) -> (Vec<(String, String, String)>, Option<i32>, String) {
    let output = check(&[&["--format", "junit", "--ordered", "--no-rate-limit"], args].concat());
    let part = |line: &str, name: &str| {
        let value = line.split(&format!(" {name}=\"")).nth(1);
        let value = value.and_then(|rest| rest.split('"').next());
        value
            .unwrap_or_else(|| panic!("{name}: {}", transcript(&output)))
            .to_owned()
    };
    let results = text(&output)
        .lines()
        .filter(|line| line.starts_with("<testcase"))
        .map(|line| (part(line, "name"), part(line, "file"), part(line, "line")))
        .collect();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (results, output.status.code(), said)
}

fn rows(rows: &[(&str, &str, u64)]) -> Vec<(String, String, String)> {
    rows.iter()
        .map(|(url, list, line)| ((*url).to_owned(), (*list).to_owned(), line.to_string()))
        .collect()
}

#[test]
fn an_index_stands_for_what_its_sitemaps_list() {
    let host = site(|host| {
        vec![
            (
                "/a.xml",
                "Content-Type: application/xml\r\n",
                sitemap(&[format!("http://{host}/page1")]),
            ),
            // No name and no type says that it is compressed.
            (
                "/b",
                "",
                packed(&sitemap(&[format!("http://{host}/page2")])),
            ),
            // A compressed file that is compressed once more on its way.
            (
                "/c.xml.gz",
                "Content-Encoding: gzip\r\n",
                packed(&packed(&sitemap(&[format!("http://{host}/page3")]))),
            ),
            ("/d.txt", "", format!("http://{host}/page4\n").into_bytes()),
            ("/moved.xml", "Location: /a2.xml\r\n", Vec::new()),
            ("/a2.xml", "", sitemap(&[format!("http://{host}/page5")])),
        ]
    });
    let url = |path: &str| format!("http://{host}{path}");
    let maps: Vec<String> = [
        "/a.xml",
        "/b",
        "/c.xml.gz",
        "/a.xml",
        "/d.txt",
        "/moved.xml",
    ]
    .map(url)
    .to_vec();
    let folder = tempfile::tempdir().expect("a folder");
    let expected = [
        (url("/page1"), url("/a.xml"), 2),
        (url("/page2"), url("/b"), 2),
        (url("/page3"), url("/c.xml.gz"), 2),
        (url("/page4"), url("/d.txt"), 1),
        (url("/page5"), url("/a2.xml"), 2),
    ];
    let expected: Vec<(&str, &str, u64)> = expected
        .iter()
        .map(|(url, list, line)| (url.as_str(), list.as_str(), *line))
        .collect();
    for (name, content) in [
        ("index.xml", index(&maps).into_bytes()),
        ("index.xml.gz", packed(index(&maps).as_bytes())),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        let (found, exit, said) = checked(&["--from-file", &path.to_string_lossy()]);
        assert_eq!(found, rows(&expected), "{name}: {said}");
        assert_eq!((exit, said.as_str()), (Some(0), ""), "{name}");
    }
}

#[test]
fn a_list_may_be_on_the_web() {
    let host = site(|host| {
        vec![
            ("/sitemap.xml", "Location: /maps/index.xml\r\n", Vec::new()),
            (
                "/maps/index.xml",
                "",
                index(&[format!("http://{host}/maps/one.xml")]).into_bytes(),
            ),
            (
                "/maps/one.xml",
                "",
                sitemap(&[format!("http://{host}/page1")]),
            ),
            (
                "/page/links.html",
                "",
                b"<a href=../page2>two</a>\n<a href=#top>top</a>".to_vec(),
            ),
        ]
    });
    let url = |path: &str| format!("http://{host}{path}");
    let (found, exit, said) = checked(&["--from-file", &url("/sitemap.xml")]);
    assert_eq!(
        found,
        rows(&[(&url("/page1"), &url("/maps/one.xml"), 2)]),
        "{said}"
    );
    assert_eq!(exit, Some(0));
    // A page has relative links, and it is known what to.
    let (found, ..) = checked(&["--from-file", &url("/page/links.html")]);
    assert_eq!(
        found,
        rows(&[(&url("/page2"), &url("/page/links.html"), 1)])
    );
    let (found, exit, said) = checked(&["--from-file", &url("/none.xml")]);
    assert_eq!((found.len(), exit), (0, Some(2)));
    assert_eq!(
        said,
        format!(
            "error: cannot read `{}`: it answers 404 Not Found\n",
            url("/none.xml")
        )
    );
}

#[test]
fn what_is_wrong_in_an_index_is_told_with_its_line() {
    let host = site(|host| {
        vec![
            ("/good.xml", "", sitemap(&[format!("http://{host}/page1")])),
            (
                "/nested.xml",
                "",
                index(&[format!("http://{host}/good.xml")]).into_bytes(),
            ),
            ("/broken.xml", "", b"<urlset>\n<url></urlset>".to_vec()),
            (
                "/odd.html",
                "",
                b"<html><a href=\"http://127.0.0.1:9/\">".to_vec(),
            ),
            ("/bomb.xml.gz", "", packed(&vec![b' '; 52_428_801])),
        ]
    });
    let url = |path: &str| format!("http://{host}{path}");
    let maps = [
        "/none.xml",
        "/nested.xml",
        "/broken.xml",
        "/odd.html",
        "/bomb.xml.gz",
        "/good.xml",
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let mut maps: Vec<String> = maps.map(url).to_vec();
    maps.push("sitemap.xml".to_owned());
    let path = file(folder.path(), "index.xml", &index(&maps));
    let (found, exit, said) = checked(&["--from-file", &path]);
    assert_eq!(found, rows(&[(&url("/page1"), &url("/good.xml"), 2)]));
    assert_eq!(exit, Some(2));
    let lines: Vec<&str> = said.lines().collect();
    for (line, parts) in lines.iter().zip([
        [
            path.as_str(),
            "line 3: the sitemap",
            "/none.xml`: it answers 404 Not Found",
        ],
        ["/nested.xml`", "line 2: it is an index", "sitemaps only"],
        ["/broken.xml`", "line 2: ", "url"],
        ["/odd.html`", "line 1: ", "this is none"],
        ["/bomb.xml.gz`", "line ", "larger than 50 MB"],
        [
            path.as_str(),
            "line 9: the sitemap `sitemap.xml`",
            "invalid-url",
        ],
    ]) {
        for part in parts {
            assert!(line.contains(part), "`{part}` in {line}");
        }
    }
    assert_eq!(lines.len(), 6, "{said}");
}

#[test]
fn what_strangers_may_not_reach_is_not_got_for_them() {
    let host = site(|host| vec![("/a.xml", "", sitemap(&[format!("http://{host}/page1")]))]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(
        folder.path(),
        "index.xml",
        &index(&[format!("http://{host}/a.xml")]),
    );
    let (found, exit, said) = checked(&["--policy", "public", "--from-file", &path]);
    assert_eq!((found.len(), exit), (0, Some(2)));
    assert!(
        said.contains("line 3: ") && said.contains("blocked"),
        "{said}"
    );
}

#[test]
fn a_sitemap_has_its_bounds() {
    let folder = tempfile::tempdir().expect("a folder");
    let bounded = |name: &str, content: &[u8], results: usize, part: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        let output = check(&[
            "--format",
            "csv",
            "--no-rate-limit",
            "--fail-on",
            "never",
            "--from-file",
            &path.to_string_lossy(),
        ]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(text(&output).lines().count(), 1 + results, "{name}: {said}");
        assert!(said.contains(part), "{name}: {said}");
        assert_eq!(
            output.status.code(),
            Some(if part.is_empty() { 0 } else { 2 }),
            "{name}"
        );
    };
    // sitemaps.org: 50,000 entries, here with one URL that is none, so that it is told once and nothing is checked.
    let mut entries = vec!["nowhere".to_owned(); 50_000];
    let told = |name: &str, entries: &[String]| {
        let path = file(folder.path(), name, &index(entries));
        checked(&["--from-file", &path]).2
    };
    let full = told("full.xml", &entries);
    assert!(
        full.contains("line 3: ") && full.lines().count() == 1,
        "{full}"
    );
    entries.push("nowhere".to_owned());
    let more = told("more.xml", &entries);
    assert!(
        more.contains("line 50003: it lists more than 50,000 URLs"),
        "{more}"
    );
    // 50 MB, compressed or not: 52,428,800 bytes.
    let large = |bytes: usize| {
        let mut content = sitemap(&["ftp:x".to_owned()]);
        content.resize(bytes, b'\n');
        content
    };
    bounded("large.xml", &large(52_428_800), 1, "");
    bounded("larger.xml", &large(52_428_801), 1, "larger than 50 MB");
    bounded("large.xml.gz", &packed(&large(52_428_800)), 1, "");
    bounded(
        "larger.xml.gz",
        &packed(&large(52_428_801)),
        1,
        "larger than 50 MB",
    );
    bounded(
        "cut.xml.gz",
        &packed(&sitemap(&["ftp:x".to_owned()]))[..30],
        0,
        "line 1: ",
    );
}

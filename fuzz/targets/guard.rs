//! Any bytes as a URL, as a redirect and as a chain: what is allowed is allowed again, and leads to no special address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use siteerror_guard::{Asked, Guard, Host, Policy, Rules, Target, address, chain, show, walk};

fn must_hold(guard: &Guard, target: &Target) {
    assert!(target.url().username().is_empty() && target.url().password().is_none());
    let text = target.url().as_str();
    assert!(!text.bytes().any(|byte| byte.is_ascii_control()));
    // Percent-encoding can make a URL longer than the guard takes.
    if text.len() <= 8192 {
        let again = guard.url(text).expect("what is allowed is allowed again");
        assert_eq!(again.url(), target.url());
        assert_eq!(again.host(), target.host());
    }
    if let (Policy::Public, Host::Address(host)) = (guard.policy(), target.host()) {
        assert!(address::special(*host).is_none());
    }
    if let Host::Name(name) = target.host() {
        assert!(!name.is_empty() && name.len() <= 253 && !name.ends_with('.'));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let public = Guard::new(Rules::default());
    let local = Guard::new(Rules { policy: Policy::Local, ..Rules::default() });
    let from = public.url("https://from.org/a/b?c#d").expect("it is allowed");
    for guard in [&public, &local] {
        if let Ok(target) = guard.url(bytes) {
            must_hold(guard, &target);
        }
        if let Ok(target) = guard.location(&from, bytes) {
            must_hold(guard, &target);
        }
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let url = lines.next().unwrap_or_default();
        let locations: Vec<&[u8]> = lines.collect();
        let asked = Asked { url, method: "GET", fields: &[], locations: &locations, redirects: chain::MOST_REDIRECTS };
        let walk = walk(guard, asked, |_| Vec::new());
        assert!(walk.targets.len() <= chain::MOST_REDIRECTS + 1);
        for target in &walk.targets {
            must_hold(guard, target);
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let (name, value) = text.split_once(':').unwrap_or((&text, ""));
    let _ = public.request("GET", &[(name.to_owned(), value.to_owned())]);
    let _ = show::mask_field(name, value);
    let masked = show::mask_url(&text);
    if let Ok(url) = siteerror_guard::Url::parse(&masked) {
        assert!(url.host_str().is_none() || url.password().is_none());
    }
    assert!(!show::Plain(&text).to_string().chars().any(char::is_control));
    let _ = show::cell(&text);
});

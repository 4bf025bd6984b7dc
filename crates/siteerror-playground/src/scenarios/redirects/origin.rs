//! Fields that reach further than the answer they stand in. Where the playground is a part of a site, a client may not choose what would hold for all of the site.

use http::HeaderName;
use http::header::{ALT_SVC, SET_COOKIE, STRICT_TRANSPORT_SECURITY};

use crate::call::Call;
use crate::explain::Pages;
use crate::refusal::Refusal;

/// Fields that browsers remember or carry out for the whole origin, whatever path they came from.
const WHOLE_ORIGIN: [&str; 8] = [
    // RFC 8942 §3.1.
    "accept-ch",
    // W3C Clear Site Data.
    "clear-site-data",
    // W3C Network Error Logging: reports on every request of the origin, sent to wherever `Report-To` says.
    "nel",
    // RFC 7469.
    "public-key-pins",
    "report-to",
    // W3C Service Workers: a worker below the playground could take in the site.
    "service-worker-allowed",
    "set-login",
    "set-cookie2",
];

/// Holds a field that a client chose against the site around the playground, if there is one.
///
/// # Errors
///
/// If it would hold for more than the playground.
pub(super) fn check_reach(call: &Call, name: &HeaderName, value: &str) -> Result<(), Refusal> {
    if !is_shared(call) {
        return Ok(());
    }
    if *name == SET_COOKIE {
        return check_attributes(call, value);
    }
    // RFC 7838 §2.1, RFC 6797 §5.
    if [ALT_SVC, STRICT_TRANSPORT_SECURITY].contains(name) || WHOLE_ORIGIN.contains(&name.as_str())
    {
        return Err(refuse(
            name.as_str(),
            value,
            "browsers let this field hold for the whole origin, and the playground shares it with a site",
        ));
    }
    Ok(())
}

/// Holds attributes of a cookie against the site around the playground, if there is one: cookies for all of it could fill every request to it until it is refused.
///
/// # Errors
///
/// If the cookie would go to more than the playground.
pub(in crate::scenarios) fn check_cookie(
    call: &Call,
    domain: Option<&str>,
    path: Option<&str>,
) -> Result<(), Refusal> {
    if !is_shared(call) {
        return Ok(());
    }
    if let Some(domain) = domain.filter(|domain| !domain.is_empty()) {
        return Err(refuse(
            "Domain",
            domain,
            "a cookie for other hosts would go to the site around the playground too",
        ));
    }
    // RFC 6265 §5.2.4: any other value stands for the path of the request, which is one of the playground.
    let Some(path) = path.filter(|path| path.starts_with('/')) else {
        return Ok(());
    };
    let below = path.strip_prefix(call.here("").as_str());
    if below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Ok(());
    }
    Err(refuse(
        "Path",
        path,
        "a cookie for paths outside of the playground would go to the site around it",
    ))
}

/// RFC 6265 §5.2: attributes stand behind semicolons, and of several of a name the last one counts. None of them may be wrong here.
fn check_attributes(call: &Call, cookie: &str) -> Result<(), Refusal> {
    for attribute in cookie.split(';').skip(1) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "domain" => check_cookie(call, Some(value.trim()), None)?,
            "path" => check_cookie(call, None, Some(value.trim()))?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether the playground stands on the origin of a site.
fn is_shared(call: &Call) -> bool {
    matches!(&call.shared.options.pages, Pages::Site(base) if base.is_empty())
}

fn refuse(name: &str, value: &str, what: &str) -> Refusal {
    Refusal::parameter(name, value, what)
        .hint("a playground with an origin of its own takes it: see `siteerror playground`, and `--playground-listen` of `siteerror serve`")
}

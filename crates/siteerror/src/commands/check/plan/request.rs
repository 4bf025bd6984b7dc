//! What the first request of each check is to be: its URL, method and fields.

use siteerror_check::{HttpVersion, Limits, Options, introduction};
use siteerror_guard::show::mask_url;
use siteerror_guard::{Guard, Policy, Rules};

use super::Mistake;
use crate::args::CheckArgs;
use crate::config::explaining;

/// More redirects than these are never followed.
const MOST_REDIRECTS: usize = siteerror_guard::chain::MOST_REDIRECTS;

/// Refuses a URL as people say it, with the one that they mean.
pub(super) fn with_scheme(url: &str) -> Result<(), Mistake> {
    if url.contains("://") {
        return Ok(());
    }
    let authority = url.split(['/', '?', '#']).next().unwrap_or_default();
    let (userinfo, host) = match authority.rsplit_once('@') {
        Some((userinfo, host)) => (Some(userinfo), host),
        None => (None, authority),
    };
    let port = host.rsplit_once(':').map(|(_, port)| port);
    let has_port = port.is_some_and(|port| port.parse::<u16>().is_ok());
    // `mailto:` and the like are schemes, and are told what they are by the guard.
    let is_bare = match userinfo {
        Some(userinfo) => !userinfo.starts_with("mailto:"),
        None => port.is_none() || has_port || host.starts_with('['),
    };
    if !is_bare {
        return Ok(());
    }
    let here = ["localhost", "127.", "[", "0.0.0.0", "10.", "192.168."];
    let scheme = if has_port || here.iter().any(|name| host.starts_with(name)) {
        "http"
    } else {
        "https"
    };
    let shown = mask_url(url);
    let hint = (!host.is_empty()).then(|| format!("did you mean {scheme}://{shown}?"));
    Err((format!("`{shown}` has no scheme"), hint))
}

pub(super) fn options(
    args: &CheckArgs,
    policy: Policy,
    limits: &Limits,
) -> Result<Options, Mistake> {
    let max_redirects = args.max_redirects.unwrap_or(limits.redirects.hops);
    if max_redirects > MOST_REDIRECTS {
        let what = format!("`--max-redirects` cannot be {max_redirects}");
        return Err((what, Some(format!("{MOST_REDIRECTS} is the most"))));
    }
    let mut fields = Vec::new();
    for line in args.header.iter().flatten() {
        let Some((name, value)) = line.split_once(':') else {
            return Err((
                "`--header` needs a colon".to_owned(),
                Some("write it as 'Name: value'".to_owned()),
            ));
        };
        fields.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    if let Some(page) = args.user_agent_url.as_ref().filter(|page| !page.is_empty()) {
        explaining(page)
            .map_err(|what| (format!("`--user-agent-url` cannot be this: {what}"), None))?;
        let is_given = fields
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("user-agent"));
        fields.extend(
            introduction(page)
                .filter(|_| !is_given)
                .map(|words| ("User-Agent".to_owned(), words)),
        );
    }
    let method = args.method.clone().unwrap_or_else(|| "GET".to_owned());
    // Asked here, a mistake ends the run at once, and not once for each URL.
    let guard = Guard::new(Rules {
        policy,
        ..Rules::default()
    });
    if let Err(refusal) = guard.request(&method, &fields) {
        let what = format!("this request cannot be sent: {}", refusal.reason.text());
        return Err((what, Some("see --method and --header".to_owned())));
    }
    Ok(Options {
        method,
        fields,
        max_redirects,
        cookies: args.cookies,
        insecure: args.insecure,
        version: match (args.http1, args.http2) {
            (true, _) => HttpVersion::Http1,
            (_, true) => HttpVersion::Http2,
            _ => HttpVersion::Any,
        },
        probes: args.probe,
        retries: args.retries.unwrap_or_default(),
        ..Options::default()
    })
}

//! A certificate in words.

use std::time::Duration;

use siteerror_check::Report;
use siteerror_guard::show::Plain;

/// A certificate in words.
#[derive(Debug)]
pub(in crate::views) struct Certificate {
    pub(in crate::views) hop: usize,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) names: Vec<String>,
    pub(in crate::views) more_names: usize,
    pub(in crate::views) issuer: String,
    pub(in crate::views) from: String,
    pub(in crate::views) until: String,
    pub(in crate::views) left: String,
    /// How much of its life is over, of a hundred.
    pub(in crate::views) used: i64,
    pub(in crate::views) key: String,
    pub(in crate::views) protocol: String,
    pub(in crate::views) chain: usize,
}

/// Names of a certificate that are shown.
const MOST_NAMES: usize = 6;

pub(super) fn certificate(report: &Report) -> Option<Certificate> {
    let (index, tls) = report
        .hops
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, hop)| Some((index, hop.tls.as_ref()?)))?;
    let one = tls.certificate.as_ref()?;
    let day = |unix_s: i64| {
        u64::try_from(unix_s).map_or_else(
            |_| "before 1970".to_owned(),
            |seconds| {
                let time = std::time::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
                // "Sun, 06 Nov 1994 08:49:37 GMT": the day is in the middle. Dates beyond 9999 cannot be written so.
                match time {
                    Some(time) if seconds < 253_402_300_800 => httpdate::fmt_http_date(time)
                        .get(5..16)
                        .unwrap_or_default()
                        .to_owned(),
                    _ => "after the year 9999".to_owned(),
                }
            },
        )
    };
    let left = one
        .not_after_unix_s
        .saturating_sub(report.now_unix_s)
        .div_euclid(86_400);
    let life = one
        .not_after_unix_s
        .saturating_sub(one.not_before_unix_s)
        .max(1);
    let used = report
        .now_unix_s
        .saturating_sub(one.not_before_unix_s)
        .clamp(0, life);
    Some(Certificate {
        hop: index + 1,
        hue: match left {
            ..0 => "5",
            0..14 => "4",
            _ => "2",
        },
        names: if one.names.is_empty() {
            vec![Plain(&one.subject).to_string()]
        } else {
            one.names
                .iter()
                .take(MOST_NAMES)
                .map(|name| Plain(name).to_string())
                .collect()
        },
        more_names: one.names.len().saturating_sub(MOST_NAMES),
        issuer: Plain(&one.issuer).to_string(),
        from: day(one.not_before_unix_s),
        until: day(one.not_after_unix_s),
        left: match left {
            ..=-1 => format!("expired {} days ago", left.unsigned_abs()),
            1 => "one day left".to_owned(),
            days => format!("{days} days left"),
        },
        used: used.saturating_mul(100) / life,
        key: one.key.to_string(),
        protocol: [
            (!tls.version.is_empty()).then(|| format!("TLS {}", tls.version)),
            tls.alpn.clone(),
            (!tls.cipher.is_empty()).then(|| tls.cipher.clone()),
        ]
        .into_iter()
        .flatten()
        .map(|part| Plain(&part).to_string())
        .collect::<Vec<_>>()
        .join(", "),
        chain: tls.chain_length,
    })
}

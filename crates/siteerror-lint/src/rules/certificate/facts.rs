//! Times and key of a certificate.

use siteerror_wire::connection::{Certificate, Key};

use crate::finding::Findings;
use crate::subject::Subject;

const DAY_S: i64 = 86_400;

fn certificate<'a>(subject: &Subject<'a>) -> Option<&'a Certificate> {
    subject.given.connection?.tls.as_ref()?.certificate.as_ref()
}

/// How long it is valid, the last second included: RFC 5280 §4.1.2.5 counts both ends.
fn lifetime_s(certificate: &Certificate) -> i64 {
    certificate
        .not_after_unix_s
        .saturating_sub(certificate.not_before_unix_s)
        .saturating_add(1)
}

fn in_days(days: i64) -> String {
    if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    }
}

pub(super) fn expires_soon(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(certificate), Some(now)) = (certificate(subject), subject.now()) else {
        return;
    };
    let left = certificate.not_after_unix_s.saturating_sub(now);
    // One that lives for six days is always close to its end: for those, a third of their life.
    let early = (14 * DAY_S).min(lifetime_s(certificate) / 3);
    if (0..early).contains(&left) {
        let left = if left < DAY_S {
            "in less than a day".to_owned()
        } else {
            format!("in {}", in_days(left / DAY_S))
        };
        findings.hit(format!("The certificate expires {left}"));
    }
}

pub(super) fn expired(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(certificate), Some(now)) = (certificate(subject), subject.now()) else {
        return;
    };
    let past = now.saturating_sub(certificate.not_after_unix_s);
    if past > 0 {
        let ago = match past / DAY_S {
            0 => "today".to_owned(),
            days => format!("{} ago", in_days(days)),
        };
        findings.hit(format!("The certificate expired {ago}"));
    }
}

/// The longest lifetime in days that public authorities may give, by the day of issue: CA/Browser Forum Baseline Requirements §6.3.2.
const LONGEST: &[(i64, i64)] = &[
    // 15 March 2029
    (1_868_227_200, 47),
    // 15 March 2027
    (1_805_068_800, 100),
    // 15 March 2026
    (1_773_532_800, 200),
    // 1 September 2020
    (1_598_918_400, 398),
    // 1 March 2018
    (1_519_862_400, 825),
];

pub(super) fn lifetime_long(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(certificate) = certificate(subject) else {
        return;
    };
    let issued = certificate.not_before_unix_s;
    let Some((_, most)) = LONGEST.iter().find(|(from, _)| issued >= *from) else {
        return;
    };
    let lifetime = lifetime_s(certificate);
    if lifetime > most * DAY_S {
        let days = in_days(lifetime.div_euclid(DAY_S));
        findings.hit(format!(
            "The certificate is valid for {days}; at its date of issue public authorities may grant {most}"
        ));
    }
}

pub(super) fn key_weak(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(certificate) = certificate(subject) else {
        return;
    };
    if let Key::Rsa(bits) = certificate.key
        && bits < 2048
    {
        findings.hit(format!("The certificate holds an RSA key of {bits} bits"));
    }
}

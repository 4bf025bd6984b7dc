//! Names that are never public (S5), and names that pretend. Labels are compared whole and from the right.

use std::fmt;
use std::str::FromStr;

use unicode_script::Script;
use unicode_security::mixed_script::AugmentedScriptSet;

use crate::verdict::Reason;

/// The longest label, RFC 1035 §2.3.4.
const LABEL_BYTES: usize = 63;
/// The longest name in text: 255 bytes on the wire (RFC 1035 §2.3.4) less the first length and the root.
const NAME_BYTES: usize = 253;

/// These and everything below them are for networks, documentation and tests: RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, ICANN's `internal`,
/// and what routers, container engines and clusters use.
const NOT_PUBLIC: &[&str] = &[
    "localhost",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "localdomain",
    "home.arpa",
    "test",
    "invalid",
    "example",
    "onion",
    "alt",
    "svc",
    "cluster",
    "consul",
    "docker",
];

/// Names of metadata services outside of those.
const METADATA: &[&str] = &[
    "metadata.goog",
    "metadata.tencentyun.com",
    "metadata.platformequinix.com",
    "metadata.packet.net",
];

/// A host name in the form in which it is compared: lower-case A-labels without the final dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is no host name: an address, or something that cannot be a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAName;

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a host name is labels with dots between them, such as `www.example.com`")
    }
}

impl std::error::Error for NotAName {}

impl FromStr for Name {
    type Err = NotAName;

    /// Reads a name as the URL parser does, so that both have the same form.
    fn from_str(text: &str) -> Result<Self, NotAName> {
        let Ok(url::Host::Domain(name)) = url::Host::parse(text) else {
            return Err(NotAName);
        };
        let name = name.strip_suffix('.').unwrap_or(&name);
        check(name).map_err(|_| NotAName)?;
        Ok(Self(name.to_owned()))
    }
}

/// Whether DNS could have such a name, its final dot taken away (S1).
pub(crate) fn check(name: &str) -> Result<(), Reason> {
    if name.len() > NAME_BYTES {
        return Err(Reason::NameTooLong);
    }
    for label in name.split('.') {
        match label.len() {
            0 => return Err(Reason::LabelEmpty),
            1..=LABEL_BYTES => {}
            _ => return Err(Reason::LabelTooLong),
        }
    }
    Ok(())
}

/// Why a name is never public, if it is so. Every list is gone through, so that each answer takes the same time.
pub(crate) fn judge(name: &str, of_operator: &[Name]) -> Option<Reason> {
    let below = |count: usize| count > 0;
    let not_public = below(NOT_PUBLIC.iter().filter(|top| is_within(name, top)).count());
    let metadata = below(METADATA.iter().filter(|exact| **exact == name).count());
    let closed = below(
        of_operator
            .iter()
            .filter(|top| is_within(name, top.as_str()))
            .count(),
    );
    let reasons = [
        (not_public, Reason::NameNotPublic),
        (metadata, Reason::NameMetadata),
        (!name.contains('.'), Reason::NameWithoutDot),
        (closed, Reason::NameOfOperator),
    ];
    reasons
        .into_iter()
        .find_map(|(found, reason)| found.then_some(reason))
}

/// Whether a name is another one or below it, whole labels compared.
fn is_within(name: &str, top: &str) -> bool {
    name.strip_suffix(top)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The name as people write it, if that is another text than its A-labels.
pub(crate) fn unicode(name: &str) -> Option<String> {
    let (unicode, read) = idna::domain_to_unicode(name);
    (read.is_ok() && unicode != name).then_some(unicode)
}

/// Whether a label mixes scripts as no language does: UTS 39 §5.2, worse than "highly restrictive". Latin beside the scripts of Chinese, Japanese and
/// Korean is usual there, and labels of different scripts in one name are usual everywhere.
pub(crate) fn mixes_scripts(unicode: &str) -> bool {
    unicode.split('.').any(|label| {
        let mut all = AugmentedScriptSet::default();
        let mut without_latin = AugmentedScriptSet::default();
        for character in label.chars() {
            let scripts = AugmentedScriptSet::for_char(character);
            all.intersect_with(scripts);
            if !scripts.base.contains_script(Script::Latin) {
                without_latin.intersect_with(scripts);
            }
        }
        all.is_empty() && !(without_latin.hanb || without_latin.jpan || without_latin.kore)
    })
}

//! Cache-Control: RFC 9111 §5.2.

use std::borrow::Cow;

use siteerror_wire::field::{self, is_token, unquote};
use siteerror_wire::message::FieldLine;

/// One directive.
#[derive(Debug, Clone)]
pub(crate) struct Directive<'a> {
    /// The line that it stands in.
    pub(crate) line: FieldLine<'a>,
    /// In lower case.
    pub(crate) name: Cow<'a, str>,
    /// What stands after `=`, without quotes.
    pub(crate) argument: Option<Cow<'a, str>>,
    /// Whether the argument stood in quotes.
    pub(crate) quoted: bool,
    /// Whether it fits `token [ "=" ( token / quoted-string ) ]`.
    pub(crate) fits: bool,
    /// As sent.
    pub(crate) text: Cow<'a, str>,
}

impl<'a> Directive<'a> {
    /// Whether it is there without an argument, and so means the whole response.
    pub(crate) fn is_bare(&self) -> bool {
        self.argument.is_none()
    }

    fn read(line: FieldLine<'a>, element: &'a [u8]) -> Self {
        let mut halves = element.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default();
        let argument = halves.next();
        let inner = argument.and_then(unquote);
        let quoted = inner.is_some();
        let fits = is_token(name) && argument.is_none_or(|argument| quoted || is_token(argument));
        let mut name = String::from_utf8_lossy(name);
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            name.to_mut().make_ascii_lowercase();
        }
        let argument = match inner {
            Some(inner) => Some(Cow::Owned(String::from_utf8_lossy(&inner).into_owned())),
            None => argument.map(String::from_utf8_lossy),
        };
        Self {
            line,
            name,
            argument,
            quoted,
            fits,
            text: String::from_utf8_lossy(element),
        }
    }

    /// The same, of a line that lives longer than the bytes that were read.
    fn of(self, line: FieldLine<'_>) -> Directive<'_> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Directive {
            line,
            name: owned(self.name),
            argument: self.argument.map(owned),
            quoted: self.quoted,
            fits: self.fits,
            text: owned(self.text),
        }
    }
}

/// All directives in lines of Cache-Control, in order.
pub(crate) fn directives<'a>(lines: impl Iterator<Item = FieldLine<'a>>) -> Vec<Directive<'a>> {
    let mut found = Vec::new();
    for line in lines {
        match line.value() {
            Cow::Borrowed(value) => {
                found.extend(field::list(value).map(|element| Directive::read(line, element)));
            }
            // The line was folded: its value stands nowhere in one piece.
            Cow::Owned(value) => {
                found.extend(
                    field::list(&value).map(|element| Directive::read(line, element).of(line)),
                );
            }
        }
    }
    found
}

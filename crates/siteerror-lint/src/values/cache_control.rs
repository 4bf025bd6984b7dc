//! Cache-Control: RFC 9111 §5.2.

use siteerror_wire::field::{self, is_token, unquote};
use siteerror_wire::message::FieldLine;

/// One directive.
#[derive(Debug, Clone)]
pub(crate) struct Directive<'a> {
    /// The line that it stands in.
    pub(crate) line: FieldLine<'a>,
    /// In lower case.
    pub(crate) name: String,
    /// What stands after `=`, without quotes.
    pub(crate) argument: Option<String>,
    /// Whether the argument stood in quotes.
    pub(crate) quoted: bool,
    /// Whether it fits `token [ "=" ( token / quoted-string ) ]`.
    pub(crate) fits: bool,
    /// As sent.
    pub(crate) text: String,
}

impl Directive<'_> {
    /// Whether it is there without an argument, and so means the whole response.
    pub(crate) fn is_bare(&self) -> bool {
        self.argument.is_none()
    }
}

/// All directives in lines of Cache-Control, in order.
pub(crate) fn directives<'a>(lines: impl Iterator<Item = FieldLine<'a>>) -> Vec<Directive<'a>> {
    let mut found = Vec::new();
    for line in lines {
        for element in field::list(&line.value()) {
            let mut halves = element.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            let argument = halves.next();
            let inner = argument.and_then(unquote);
            let quoted = inner.is_some();
            let fits =
                is_token(name) && argument.is_none_or(|argument| quoted || is_token(argument));
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let mut name = text(name);
            name.make_ascii_lowercase();
            found.push(Directive {
                line,
                name,
                argument: inner.as_deref().or(argument).map(text),
                quoted,
                fits,
                text: text(element),
            });
        }
    }
    found
}

//! Reads a list of challenges to the letter: RFC 9110 §11.3 and §11.6.1.
//!
//! A comma parts challenges and also the parameters of one challenge. What comes after it is a parameter if an equals sign follows its first token, else the
//! scheme of the next challenge.

use siteerror_wire::field::{is_token, unquote};

/// One challenge. `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
#[derive(Debug)]
pub(super) struct Challenge<'a> {
    pub(super) scheme: &'a [u8],
    pub(super) parameters: Vec<Parameter<'a>>,
    /// Whether a token68 stands in place of parameters.
    has_token68: bool,
}

/// `auth-param = token BWS "=" BWS ( token / quoted-string )`
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a [u8],
    /// As sent, with its quotes.
    pub(super) value: &'a [u8],
}

/// What could be read of a line.
#[derive(Debug, Default)]
pub(super) struct Read<'a> {
    pub(super) challenges: Vec<Challenge<'a>>,
    pub(super) stopped: Option<Stopped>,
}

/// Where the grammar was left, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopped {
    pub(super) at: usize,
    pub(super) why: &'static str,
}

pub(super) fn read(value: &[u8]) -> Read<'_> {
    let mut read = Read::default();
    let mut reader = Reader { value, at: 0 };
    if let Err(why) = reader.list(&mut read.challenges) {
        read.stopped = Some(Stopped { at: reader.at, why });
    }
    read
}

struct Reader<'a> {
    value: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn list(&mut self, challenges: &mut Vec<Challenge<'a>>) -> Result<(), &'static str> {
        loop {
            self.skip(|byte| matches!(byte, b' ' | b'\t' | b','));
            if self.rest().is_empty() {
                return Ok(());
            }
            let start = self.at;
            let word = self.take(|byte| is_token(&[byte]));
            if word.is_empty() {
                return Err("this is no scheme and no parameter");
            }
            let word_end = self.at;
            self.skip(is_blank);
            if self.rest().starts_with(b"=") {
                self.at = start;
                let challenge = challenges
                    .last_mut()
                    .ok_or("a parameter has no scheme before it")?;
                if challenge.has_token68 {
                    return Err("a challenge has either one token or parameters");
                }
                let parameter = self.parameter()?;
                challenge.parameters.push(parameter);
                self.end_of_element()?;
            } else {
                self.at = word_end;
                challenges.push(Challenge {
                    scheme: word,
                    parameters: Vec::new(),
                    has_token68: false,
                });
                self.after_scheme(challenges)?;
            }
        }
    }

    fn after_scheme(&mut self, challenges: &mut [Challenge<'a>]) -> Result<(), &'static str> {
        let spaces = self.take(|byte| byte == b' ').len();
        if self.at_end_of_element() {
            return self.end_of_element();
        }
        if spaces == 0 {
            return Err("a scheme ends in a space or a comma");
        }
        let Some(challenge) = challenges.last_mut() else {
            return Ok(());
        };
        let start = self.at;
        self.skip(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
        if self.at > start {
            self.skip(|byte| byte == b'=');
            if self.at_end_of_element() {
                challenge.has_token68 = true;
                return self.end_of_element();
            }
        }
        self.at = start;
        let parameter = self.parameter()?;
        challenge.parameters.push(parameter);
        self.end_of_element()
    }

    fn parameter(&mut self) -> Result<Parameter<'a>, &'static str> {
        let start = self.at;
        let name = self.take(|byte| is_token(&[byte]));
        self.skip(is_blank);
        if name.is_empty() || !self.rest().starts_with(b"=") {
            self.at = start;
            return Err("a parameter is a name, an equals sign and a value");
        }
        self.at = self.at.saturating_add(1);
        self.skip(is_blank);
        let value = if self.rest().starts_with(b"\"") {
            let length = quoted_length(self.rest());
            let value = self.rest().get(..length).unwrap_or_default();
            if unquote(value).is_none() {
                self.at = start;
                return Err("the quoted value has no end, or a control byte in it");
            }
            self.at = self.at.saturating_add(length);
            value
        } else {
            self.take(|byte| is_token(&[byte]))
        };
        if value.is_empty() {
            self.at = start;
            return Err("the value is neither a token nor in quotes");
        }
        Ok(Parameter { name, value })
    }

    fn at_end_of_element(&self) -> bool {
        let rest = self.rest();
        let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
        matches!(rest.get(blanks), None | Some(b','))
    }

    fn end_of_element(&mut self) -> Result<(), &'static str> {
        if !self.at_end_of_element() {
            self.skip(is_blank);
            return Err("a comma is missing before it");
        }
        Ok(())
    }

    fn rest(&self) -> &'a [u8] {
        self.value.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| belongs(**byte)).count();
        self.at = self.at.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    fn skip(&mut self, belongs: impl Fn(u8) -> bool) {
        self.take(belongs);
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// How long the quoted string is with which these bytes begin; all of them if it has no end.
fn quoted_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let end = bytes.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(bytes.len(), |end| end.saturating_add(2))
}

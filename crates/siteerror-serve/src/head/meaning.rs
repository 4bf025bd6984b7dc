//! What the field lines of a head say about its framing and its connection.

use super::{Coding, Head, Hosts, says};
use crate::defect::{Defect, shown};
use crate::field::{is_authority, split_field};
use crate::options::Limits;

/// The longest content whose length hyper can count.
const MOST_LENGTH: u64 = u64::MAX - 2;

/// The lengths of the names that are looked at, a bit for each: from `Host` to `Transfer-Encoding`.
const LENGTHS: u32 = 1 << 4 | 1 << 7 | 1 << 10 | 1 << 14 | 1 << 17;

impl Head {
    /// A field line, whatever it is.
    pub(super) fn field_line(&mut self, line: &[u8], limits: &Limits) -> Result<(), Defect> {
        let (name, value) = split_field(line)?;
        self.field(name, value, limits)
    }

    #[inline]
    pub(super) fn field(
        &mut self,
        name: &[u8],
        value: &[u8],
        limits: &Limits,
    ) -> Result<(), Defect> {
        self.fields += 1;
        if self.fields > limits.fields {
            return Err(Defect::TooManyFields(limits.fields));
        }
        // Most names have another length, and nothing to say here.
        if name.len() < 32 && LENGTHS & (1 << name.len()) != 0 {
            self.meaning(name, value)
        } else {
            Ok(())
        }
    }

    fn meaning(&mut self, name: &[u8], value: &[u8]) -> Result<(), Defect> {
        match (name.len(), name[0].to_ascii_lowercase()) {
            (4, b'h') if name.eq_ignore_ascii_case(b"host") => self.host(value),
            (7, b'u') if name.eq_ignore_ascii_case(b"upgrade") => self.says |= says::UPGRADE,
            (10, b'c') if name.eq_ignore_ascii_case(b"connection") => {
                for option in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
                    if option.eq_ignore_ascii_case(b"close") {
                        self.says |= says::CLOSE;
                    } else if option.eq_ignore_ascii_case(b"keep-alive") {
                        self.says |= says::KEEP_ALIVE;
                    }
                }
            }
            (14, b'c') if name.eq_ignore_ascii_case(b"content-length") => {
                self.content_length(value)?;
            }
            (17, b't') if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                self.transfer_encoding(value);
            }
            _ => {}
        }
        Ok(())
    }

    fn host(&mut self, value: &[u8]) {
        self.hosts = match self.hosts {
            Hosts::None if is_authority(value.trim_ascii()) => Hosts::One,
            Hosts::None => Hosts::Wrong(shown(value.trim_ascii())),
            _ => Hosts::More,
        };
    }

    fn content_length(&mut self, value: &[u8]) -> Result<(), Defect> {
        let value = value.trim_ascii();
        let wrong = || Defect::ContentLength(shown(value));
        if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
            return Err(wrong());
        }
        let text = str::from_utf8(value).map_err(|_| wrong())?;
        let length = text.parse().map_err(|_| wrong())?;
        if length > MOST_LENGTH {
            return Err(wrong());
        }
        match self.length.replace(length) {
            Some(before) if before != length => Err(Defect::ContentLengths(before, length)),
            _ => Ok(()),
        }
    }

    fn transfer_encoding(&mut self, value: &[u8]) {
        for coding in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let is_chunked = coding.eq_ignore_ascii_case(b"chunked");
            self.coding = match std::mem::take(&mut self.coding) {
                Coding::None if is_chunked => Coding::Chunked,
                _ if coding.is_empty() => Coding::Wrong(shown(value)),
                Coding::None => Coding::UnknownLast(shown(coding)),
                Coding::UnknownLast(name) if is_chunked => Coding::Unknown(name),
                Coding::UnknownLast(name) => Coding::UnknownLast(name),
                Coding::Chunked | Coding::Unknown(_) | Coding::Wrong(_) => {
                    Coding::Wrong(shown(value))
                }
            };
        }
    }

    /// What can be told only at the end of the head.
    pub(super) fn whole(&mut self) -> Result<(), Defect> {
        match &mut self.hosts {
            Hosts::One => {}
            Hosts::None if self.minor == 0 => {}
            Hosts::None => return Err(Defect::HostMissing),
            Hosts::More => return Err(Defect::HostRepeated),
            Hosts::Wrong(host) => return Err(Defect::Host(std::mem::take(host))),
        }
        if !matches!(self.coding, Coding::None) {
            if self.minor == 0 {
                return Err(Defect::CodingInOldVersion);
            }
            // RFC 9112 §6.3: such a message "ought to be handled as an error".
            if self.length.is_some() {
                return Err(Defect::LengthAndCoding);
            }
        }
        match &mut self.coding {
            Coding::None | Coding::Chunked => Ok(()),
            Coding::Wrong(codings) | Coding::UnknownLast(codings) => {
                Err(Defect::CodingNotChunked(std::mem::take(codings)))
            }
            Coding::Unknown(coding) => Err(Defect::UnknownCoding(std::mem::take(coding))),
        }
    }
}

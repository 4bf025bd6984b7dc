//! What can be wrong with a request before anybody has answered it, with the status code and the clause that each case calls for.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// Bytes of a request that the text of a defect shows.
const MOST_SHOWN: usize = 64;

/// What was wrong with a request, found while its bytes were read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// The request line is not a method, a target and a version with one space between them.
    RequestLine(String),
    /// The method is no token.
    Method(String),
    /// The method is longer than so many bytes, and so none that anybody implements.
    MethodTooLong(usize),
    /// The request target has none of the forms that go with its method.
    Target(String),
    /// The request target is longer than so many bytes.
    TargetTooLong(usize),
    /// The major version of HTTP is not 1.
    Version(String),
    /// A carriage return without the line feed that belongs to it.
    BareCr,
    /// A control character where only text may stand.
    Control(u8),
    /// A field line without a colon.
    FieldLine(String),
    /// A field name that is empty or no token.
    FieldName(String),
    /// White space between a field name and its colon.
    SpaceBeforeColon(String),
    /// A field line that goes on in the next line.
    LineFolding,
    /// The field lines are longer than so many bytes together.
    FieldsTooLarge(usize),
    /// There are more than so many field lines.
    TooManyFields(usize),
    /// HTTP/1.1 without a Host.
    HostMissing,
    /// More than one Host.
    HostRepeated,
    /// A Host that names no host.
    Host(String),
    /// HTTP/2 with neither `:authority` nor Host.
    AuthorityMissing,
    /// An `:authority` that names no host.
    Authority(String),
    /// An `:authority` and a Host that name different hosts.
    AuthorityAndHost(String, String),
    /// A Content-Length that is no length.
    ContentLength(String),
    /// Two lengths that differ.
    ContentLengths(u64, u64),
    /// A Content-Length together with a Transfer-Encoding.
    LengthAndCoding,
    /// A Transfer-Encoding in HTTP/1.0.
    CodingInOldVersion,
    /// The last transfer coding is not `chunked`, or `chunked` is applied twice.
    CodingNotChunked(String),
    /// A transfer coding that this server does not understand.
    UnknownCoding(String),
    /// The connection ended within a head.
    HeadIncomplete,
    /// The rest of a head did not come in this time.
    HeadTimeout(Duration),
    /// A chunk does not begin with its size.
    ChunkSize(String),
    /// The line with the size of a chunk is longer than so many bytes.
    ChunkLineTooLong(usize),
    /// The chunk extensions are longer than so many bytes together.
    ChunkExtensionsTooLarge(usize),
    /// A chunk is not followed by the end of its line.
    ChunkEnd,
    /// The trailer fields are longer than so many bytes together.
    TrailersTooLarge(usize),
    /// There are more than so many trailer fields.
    TooManyTrailers(usize),
    /// The connection ended within the content.
    ContentIncomplete,
    /// The content paused for longer than this.
    ContentTimeout(Duration),
    /// Unencrypted HTTP on a port that expects TLS.
    PlainHttpOnTls,
}

impl Defect {
    /// Its name, which never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RequestLine(_) => "request-line",
            Self::Method(_) => "method",
            Self::MethodTooLong(_) => "method-too-long",
            Self::Target(_) => "target",
            Self::TargetTooLong(_) => "target-too-long",
            Self::Version(_) => "version",
            Self::BareCr => "bare-cr",
            Self::Control(_) => "control-character",
            Self::FieldLine(_) => "field-without-colon",
            Self::FieldName(_) => "field-name",
            Self::SpaceBeforeColon(_) => "space-before-colon",
            Self::LineFolding => "line-folding",
            Self::FieldsTooLarge(_) => "fields-too-large",
            Self::TooManyFields(_) => "too-many-fields",
            Self::HostMissing => "host-missing",
            Self::HostRepeated => "host-repeated",
            Self::Host(_) => "host",
            Self::AuthorityMissing => "authority-missing",
            Self::Authority(_) => "authority",
            Self::AuthorityAndHost(..) => "authority-and-host-differ",
            Self::ContentLength(_) => "content-length",
            Self::ContentLengths(..) => "content-lengths-differ",
            Self::LengthAndCoding => "length-and-coding",
            Self::CodingInOldVersion => "coding-in-http-1-0",
            Self::CodingNotChunked(_) => "coding-not-chunked",
            Self::UnknownCoding(_) => "unknown-coding",
            Self::HeadIncomplete => "head-incomplete",
            Self::HeadTimeout(_) => "head-timeout",
            Self::ChunkSize(_) => "chunk-size",
            Self::ChunkLineTooLong(_) => "chunk-line-too-long",
            Self::ChunkExtensionsTooLarge(_) => "chunk-extensions-too-large",
            Self::ChunkEnd => "chunk-end",
            Self::TrailersTooLarge(_) => "trailers-too-large",
            Self::TooManyTrailers(_) => "too-many-trailers",
            Self::ContentIncomplete => "content-incomplete",
            Self::ContentTimeout(_) => "content-timeout",
            Self::PlainHttpOnTls => "plain-http-on-tls",
        }
    }

    /// The status code that answers it.
    pub fn status(&self) -> u16 {
        let status = match self {
            Self::TargetTooLong(_) => StatusCode::URI_TOO_LONG,
            Self::FieldsTooLarge(_) | Self::TooManyFields(_) => {
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            }
            Self::HeadTimeout(_) | Self::ContentTimeout(_) => StatusCode::REQUEST_TIMEOUT,
            Self::MethodTooLong(_) | Self::UnknownCoding(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Version(_) => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            _ => StatusCode::BAD_REQUEST,
        };
        status.as_u16()
    }

    /// Where it is written that this is wrong, or that this status code answers it.
    pub fn clause(&self) -> &'static str {
        match self {
            Self::RequestLine(_) | Self::MethodTooLong(_) | Self::TargetTooLong(_) => "RFC 9112 §3",
            Self::Method(_) => "RFC 9110 §9.1",
            Self::Target(_) | Self::HostMissing | Self::HostRepeated | Self::Host(_) => {
                "RFC 9112 §3.2"
            }
            Self::AuthorityMissing => "RFC 9110 §7.2",
            Self::Authority(_) | Self::AuthorityAndHost(..) => "RFC 9113 §8.3.1",
            Self::Version(_) => "RFC 9110 §15.6.6",
            Self::BareCr => "RFC 9112 §2.2",
            Self::Control(_) => "RFC 9110 §5.5",
            Self::FieldLine(_) => "RFC 9112 §5",
            Self::FieldName(_) => "RFC 9110 §5.1",
            Self::SpaceBeforeColon(_) => "RFC 9112 §5.1",
            Self::LineFolding => "RFC 9112 §5.2",
            Self::FieldsTooLarge(_) | Self::TooManyFields(_) => "RFC 6585 §5",
            Self::ContentLength(_)
            | Self::ContentLengths(..)
            | Self::LengthAndCoding
            | Self::CodingNotChunked(_) => "RFC 9112 §6.3",
            Self::CodingInOldVersion | Self::UnknownCoding(_) => "RFC 9112 §6.1",
            Self::HeadIncomplete | Self::ContentIncomplete => "RFC 9112 §8",
            Self::HeadTimeout(_) | Self::ContentTimeout(_) => "RFC 9110 §15.5.9",
            Self::ChunkSize(_) | Self::ChunkEnd => "RFC 9112 §7.1",
            Self::ChunkLineTooLong(_) | Self::ChunkExtensionsTooLarge(_) => "RFC 9112 §7.1.1",
            Self::TrailersTooLarge(_) | Self::TooManyTrailers(_) => "RFC 9112 §7.1.2",
            Self::PlainHttpOnTls => "RFC 9110 §4.2.2",
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequestLine(line) => write!(
                out,
                "`{line}` is not a method, a target and a version with one space between them"
            ),
            Self::Method(method) => write!(out, "the method `{method}` is no token"),
            Self::MethodTooLong(most) => write!(out, "the method is longer than {most} bytes"),
            Self::Target(target) => write!(
                out,
                "the request target `{target}` is neither a path, nor a URI with a host, nor what else its method takes"
            ),
            Self::TargetTooLong(most) => {
                write!(out, "the request target is longer than {most} bytes")
            }
            Self::Version(version) => write!(
                out,
                "`{version}` is not spoken here: HTTP/1.1 and HTTP/1.0 are"
            ),
            Self::BareCr => out.write_str("there is a CR without its LF"),
            Self::Control(byte) => write!(out, "there is a control character, `0x{byte:02x}`"),
            Self::FieldLine(line) => write!(out, "the field line `{line}` has no colon"),
            Self::FieldName(name) => write!(out, "the field name `{name}` is no token"),
            Self::SpaceBeforeColon(name) => write!(
                out,
                "there is white space between the field name `{name}` and its colon"
            ),
            Self::LineFolding => out.write_str(
                "a field line begins with white space, as if it went on with the line before",
            ),
            Self::FieldsTooLarge(most) => {
                write!(out, "the field lines are longer than {most} bytes together")
            }
            Self::TooManyFields(most) => write!(out, "there are more than {most} field lines"),
            Self::HostMissing => out.write_str("HTTP/1.1 without a `Host`"),
            Self::HostRepeated => out.write_str("there is more than one `Host`"),
            Self::Host(host) => write!(out, "`Host: {host}` names no host"),
            Self::AuthorityMissing => out.write_str("neither `:authority` nor `Host` names a host"),
            Self::Authority(authority) => write!(out, "`:authority: {authority}` names no host"),
            Self::AuthorityAndHost(authority, host) => write!(
                out,
                "`:authority: {authority}` and `Host: {host}` name different hosts"
            ),
            Self::ContentLength(length) => write!(out, "`Content-Length: {length}` is no length"),
            Self::ContentLengths(first, second) => write!(
                out,
                "there are two lengths that differ, `{first}` and `{second}`"
            ),
            Self::LengthAndCoding => {
                out.write_str("there is a `Content-Length` and a `Transfer-Encoding`")
            }
            Self::CodingInOldVersion => out.write_str("HTTP/1.0 knows no `Transfer-Encoding`"),
            Self::CodingNotChunked(codings) => {
                write!(
                    out,
                    "`Transfer-Encoding: {codings}` does not apply `chunked` last and once, so nothing tells where the content ends"
                )
            }
            Self::UnknownCoding(coding) => {
                write!(out, "the transfer coding `{coding}` is not understood here")
            }
            Self::HeadIncomplete => out.write_str("the connection ended in the middle of a head"),
            Self::HeadTimeout(time) => write!(
                out,
                "the rest of the head did not come within {} s",
                time.as_secs_f64()
            ),
            Self::ChunkSize(line) => write!(out, "a chunk begins with `{line}`, which is no size"),
            Self::ChunkLineTooLong(most) => write!(
                out,
                "the line with the size of a chunk is longer than {most} bytes"
            ),
            Self::ChunkExtensionsTooLarge(most) => write!(
                out,
                "the chunk extensions are longer than {most} bytes together"
            ),
            Self::ChunkEnd => out.write_str("a chunk is not followed by CR LF"),
            Self::TrailersTooLarge(most) => write!(
                out,
                "the trailer fields are longer than {most} bytes together"
            ),
            Self::TooManyTrailers(most) => write!(out, "there are more than {most} trailer fields"),
            Self::ContentIncomplete => {
                out.write_str("the connection ended in the middle of the content")
            }
            Self::ContentTimeout(time) => write!(
                out,
                "the content paused for more than {} s",
                time.as_secs_f64()
            ),
            Self::PlainHttpOnTls => {
                out.write_str("this port speaks TLS, and the request came without it")
            }
        }
    }
}

/// Some bytes of a request, fit to be shown: printable, and not too many.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let first = bytes.get(..MOST_SHOWN).unwrap_or(bytes);
    let mut text = first.escape_ascii().to_string();
    if first.len() < bytes.len() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_end_no_line_and_is_short() {
        assert_eq!(shown(b"a\r\nb\0\xff"), r"a\r\nb\x00\xff");
        assert_eq!(shown(&[b'a'; 1000]).chars().count(), MOST_SHOWN + 1);
    }
}

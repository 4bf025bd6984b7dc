//! What a rule looks at: one exchange, as far as it is known, with the questions that rules ask of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use siteerror_wire::connection::{Connection, Protocol, Scheme};
use siteerror_wire::field::HttpDate;
use siteerror_wire::message::FieldLine;
use siteerror_wire::{DefectKind, Fields, Received, Request, ResponseHead};

use crate::values::{self, Directive, MediaType};

/// What is known about an exchange. Only `received` must be there; without the rest, the rules that need it are silent.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// What came.
    pub received: &'a Received,
    /// What was asked.
    pub request: Option<&'a Request>,
    /// What carried it.
    pub connection: Option<&'a Connection>,
    /// The URL that was asked for, without user name and password.
    pub url: Option<&'a str>,
    /// When it came, in seconds since 1970.
    pub received_at_unix_s: Option<i64>,
    /// Whether all of the content is in `received`; false where reading stopped at a limit.
    pub whole: bool,
    /// The content without its content codings, if they could be undone.
    pub decoded: Option<&'a [u8]>,
}

impl<'a> Given<'a> {
    /// Nothing is known but what came.
    pub fn bytes(received: &'a Received) -> Self {
        Self {
            received,
            request: None,
            connection: None,
            url: None,
            received_at_unix_s: None,
            whole: true,
            decoded: None,
        }
    }
}

/// Response fields that hold an HTTP-date.
pub(crate) const DATED: &[&str] = &["date", "expires", "last-modified", "retry-after", "sunset"];

/// A line with a date.
#[derive(Debug, Clone)]
pub(crate) struct Dated<'a> {
    /// The field, one of [`DATED`].
    pub(crate) name: &'static str,
    pub(crate) line: FieldLine<'a>,
    /// None where the value is no date.
    pub(crate) date: Option<HttpDate>,
}

/// One exchange as rules see it: the final head, or the last interim one where nothing came after it.
///
/// What many rules ask for is read once, and only if one asks.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub(crate) given: Given<'a>,
    pub(crate) head: &'a ResponseHead,
    directives: OnceCell<Vec<Directive<'a>>>,
    media_types: OnceCell<Vec<(FieldLine<'a>, Option<MediaType>)>>,
    dates: OnceCell<Vec<Dated<'a>>>,
}

impl<'a> Subject<'a> {
    /// None if no response came at all.
    pub fn new(given: Given<'a>) -> Option<Self> {
        let received = given.received;
        let last = received.response.as_ref().map(|response| &response.head);
        let head = last.or_else(|| Some(&received.interims.last()?.head))?;
        Some(Self {
            given,
            head,
            directives: OnceCell::new(),
            media_types: OnceCell::new(),
            dates: OnceCell::new(),
        })
    }

    /// The directives of Cache-Control, in order.
    pub(crate) fn directives(&self) -> &[Directive<'a>] {
        self.directives
            .get_or_init(|| values::directives(self.lines("cache-control")))
    }

    /// The lines of Content-Type, with what they say where it fits the grammar.
    pub(crate) fn media_types(&self) -> &[(FieldLine<'a>, Option<MediaType>)] {
        self.media_types.get_or_init(|| {
            self.lines("content-type")
                .map(|line| (line, MediaType::parse(&line.value())))
                .collect()
        })
    }

    /// The media type that the content is said to have, and the line that says so: the first Content-Type, if it fits the grammar.
    pub(crate) fn media_type(&self) -> Option<(FieldLine<'a>, &MediaType)> {
        let (line, declared) = self.media_types().first()?;
        Some((*line, declared.as_ref()?))
    }

    /// The lines of all fields that hold an HTTP-date, in the order of [`DATED`].
    pub(crate) fn dates(&self) -> &[Dated<'a>] {
        self.dates.get_or_init(|| {
            let lines = DATED
                .iter()
                .flat_map(|name| self.lines(name).map(move |line| (*name, line)));
            lines
                .map(|(name, line)| Dated {
                    name,
                    line,
                    date: values::date(&line.value()),
                })
                .collect()
        })
    }

    /// The date that a field gives, in its first line.
    pub(crate) fn date(&self, name: &str) -> Option<HttpDate> {
        self.dates().iter().find(|dated| dated.name == name)?.date
    }

    /// The status code; 0, which is none, if three digits are not there.
    pub(crate) fn code(&self) -> u16 {
        self.head.status().unwrap_or_default()
    }

    /// The header section.
    pub(crate) fn fields(&self) -> &'a Fields {
        self.head.fields()
    }

    /// The lines of one field.
    pub(crate) fn lines(
        &self,
        name: &'static str,
    ) -> impl Iterator<Item = FieldLine<'a>> + use<'a> {
        self.fields().named(name)
    }

    /// The values of all lines of a field as one: RFC 9110 §5.3.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.fields().combined(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields().contains(name)
    }

    /// The method of the request, if it is known.
    pub(crate) fn method(&self) -> Option<&'a [u8]> {
        Some(self.given.request?.head.method())
    }

    /// Whether the request is known and has a field.
    pub(crate) fn asked_with(&self, name: &str) -> Option<bool> {
        Some(self.given.request?.head.fields().contains(name))
    }

    /// The values of a field of the request as one.
    pub(crate) fn asked(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.given.request?.head.fields().combined(name)
    }

    pub(crate) fn protocol(&self) -> Protocol {
        self.given
            .connection
            .map_or_else(Protocol::default, |connection| connection.protocol)
    }

    pub(crate) fn scheme(&self) -> Option<Scheme> {
        self.given.connection?.scheme
    }

    /// The content as sent, still with any content coding, if all of it is there.
    pub(crate) fn content(&self) -> Option<Cow<'a, [u8]>> {
        let response = self.given.received.response.as_ref()?;
        self.given.whole.then(|| response.body.content())
    }

    /// The content for people: without codings, if it has any. What was cut off at a limit counts, since a beginning tells enough for some rules.
    pub(crate) fn seen(&self) -> Option<Cow<'a, [u8]>> {
        if let Some(decoded) = self.given.decoded {
            return Some(Cow::Borrowed(decoded));
        }
        let response = self.given.received.response.as_ref()?;
        (!self.has("content-encoding")).then(|| response.body.content())
    }

    /// The first bytes of what [`seen`](Self::seen) gives, at most so many, without putting all chunks together for it.
    pub(crate) fn beginning(&self, most: usize) -> Option<Cow<'a, [u8]>> {
        if let Some(decoded) = self.given.decoded {
            return Some(Cow::Borrowed(decoded.get(..most).unwrap_or(decoded)));
        }
        let response = self.given.received.response.as_ref()?;
        if self.has("content-encoding") {
            return None;
        }
        let mut pieces = response.body.pieces();
        let first = pieces.next().unwrap_or_default();
        if let Some(start) = first.get(..most) {
            return Some(Cow::Borrowed(start));
        }
        let Some(second) = pieces.next() else {
            return Some(Cow::Borrowed(first));
        };
        let mut start = Vec::new();
        for piece in [first, second].into_iter().chain(pieces) {
            let room = most.saturating_sub(start.len());
            start.extend_from_slice(piece.get(..room).unwrap_or(piece));
            if start.len() == most {
                break;
            }
        }
        Some(Cow::Owned(start))
    }

    /// Whether the media type of the content is this one, whatever its parameters.
    pub(crate) fn is_type(&self, media_type: &str) -> bool {
        self.fields().get("content-type").is_some_and(|value| {
            let end = value.iter().position(|byte| *byte == b';');
            let essence = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
            essence
                .trim_ascii()
                .eq_ignore_ascii_case(media_type.as_bytes())
        })
    }

    /// Whether content came.
    pub(crate) fn has_content(&self) -> bool {
        let response = self.given.received.response.as_ref();
        response.is_some_and(|response| response.body.content_bytes() > 0)
    }

    /// Where the reader of messages noted a defect of a kind; of many, only the first places are kept.
    pub(crate) fn defects(&self, kind: DefectKind) -> impl Iterator<Item = u64> + use<'a> {
        let defects = self.given.received.defects.iter();
        defects
            .filter(move |defect| defect.kind == kind)
            .map(|defect| defect.offset)
    }

    /// All heads that came, the interim ones first.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &'a ResponseHead> + use<'a> {
        let received = self.given.received;
        let interims = received.interims.iter().map(|interim| &interim.head);
        interims.chain(received.response.as_ref().map(|response| &response.head))
    }

    /// The field line in which a byte lies, in any head or in the trailers.
    pub(crate) fn line_at(&self, offset: u64) -> Option<FieldLine<'a>> {
        let response = self.given.received.response.as_ref();
        let trailers = response.and_then(|response| response.body.trailers());
        self.heads()
            .map(ResponseHead::fields)
            .chain(trailers)
            .flat_map(Fields::lines)
            .find(|line| {
                (line.offset()..line.offset() + line.as_bytes().len() as u64).contains(&offset)
            })
    }

    /// When the response was received; else when it says it was made.
    pub(crate) fn now(&self) -> Option<i64> {
        self.given
            .received_at_unix_s
            .or_else(|| self.date("date").map(HttpDate::unix_s))
    }
}

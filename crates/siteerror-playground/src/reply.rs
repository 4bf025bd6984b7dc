//! What a scenario answers with.

use std::borrow::Cow;
use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http::header::{CONTENT_TYPE, IntoHeaderName};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Either, Full, StreamBody};

use crate::limits::Limit;
use crate::refusal::Refusal;

/// The content of an answer: all there at once, or in pieces.
pub type Body = Either<Full<Bytes>, UnsyncBoxBody<Bytes, Infallible>>;

/// Room for the fields of a usual answer, so that the map need not grow.
const USUAL_FIELDS: usize = 12;

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";
/// The media type of plain text.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
/// The media type of HTML.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// The parts of a text, and whether each stood between backticks. Pages show those as code.
pub(crate) fn spans(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('`')
        .enumerate()
        .map(|(index, part)| (index % 2 == 1, part))
}

/// An answer before it is finished: the router adds what all answers have.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The reason phrase where it is not the registered one.
    pub(crate) reason: Option<hyper::ext::ReasonPhrase>,
    pub(crate) content: Content,
    /// Whether browsers may submit the forms in it: for pages of ours alone.
    pub(crate) has_form: bool,
    /// Why this answer was sent and no other: a sentence that starts with a capital and ends with a full stop.
    pub(crate) because: Option<Cow<'static, str>>,
}

/// The content of a reply.
pub(crate) enum Content {
    /// The scenario has none of its own: an error gets its explanation, anything else is empty.
    Unset,
    /// All there at once.
    Whole(Bytes),
    /// In pieces, perhaps with trailers.
    Pieces(UnsyncBoxBody<Bytes, Infallible>),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unset => formatter.write_str("Unset"),
            Self::Whole(bytes) => write!(formatter, "Whole({} B)", bytes.len()),
            Self::Pieces(_) => formatter.write_str("Pieces"),
        }
    }
}

impl Reply {
    /// An answer with a status and nothing else.
    pub(crate) fn status(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::with_capacity(USUAL_FIELDS),
            reason: None,
            content: Content::Unset,
            has_form: false,
            because: None,
        }
    }

    /// The same by number.
    ///
    /// # Errors
    ///
    /// If the number has not three digits, or the first is 0.
    pub(crate) fn number(status: u16) -> Result<Self, Refusal> {
        StatusCode::from_u16(status).map(Self::status).map_err(|_| {
            Refusal::parameter(
                "code",
                &status.to_string(),
                "a status code has three digits and is 100 or more",
            )
        })
    }

    /// 200 with content.
    pub(crate) fn ok(media_type: &'static str, content: impl Into<Bytes>) -> Self {
        Self::status(StatusCode::OK).with(media_type, content)
    }

    /// 200 with a value as JSON.
    pub(crate) fn json(value: &impl serde::Serialize) -> Self {
        Self::status(StatusCode::OK).with_json(value)
    }

    /// 200 with a page of ours.
    ///
    /// # Errors
    ///
    /// If the page cannot be rendered.
    pub(crate) fn page(page: &impl askama::Template) -> Result<Self, Refusal> {
        page.render()
            .map(|html| Self::ok(HTML, html))
            .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))
    }

    /// With content of a type.
    pub(crate) fn with(mut self, media_type: &'static str, content: impl Into<Bytes>) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        self.content = Content::Whole(content.into());
        self
    }

    /// With a value as JSON.
    pub(crate) fn with_json(self, value: &impl serde::Serialize) -> Self {
        let mut json = serde_json::to_vec_pretty(value).expect("it is plain data");
        json.push(b'\n');
        self.with(JSON, json)
    }

    /// With content in pieces.
    pub(crate) fn with_pieces(
        self,
        media_type: &'static str,
        pieces: impl Stream<Item = Bytes> + Send + 'static,
    ) -> Self {
        self.with_frames(media_type, pieces.map(Frame::data))
    }

    /// With content in pieces, and trailers.
    pub(crate) fn with_frames(
        mut self,
        media_type: &'static str,
        frames: impl Stream<Item = Frame<Bytes>> + Send + 'static,
    ) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        let frames = frames.map(Ok::<_, Infallible>);
        self.content = Content::Pieces(StreamBody::new(frames).boxed_unsync());
        self
    }

    /// With a field, in place of one of the same name.
    pub(crate) fn field(mut self, name: impl IntoHeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With a field whose value is known.
    pub(crate) fn fixed(self, name: HeaderName, value: &'static str) -> Self {
        self.field(name, HeaderValue::from_static(value))
    }

    /// With a field whose value came from the client.
    ///
    /// # Errors
    ///
    /// If the value cannot stand in a field.
    pub(crate) fn chosen(self, name: HeaderName, value: &str) -> Result<Self, Refusal> {
        let checked = field_value(name.as_str(), value)?;
        Ok(self.field(name, checked))
    }

    /// With less than was asked, and a field that says so.
    pub(crate) fn capped(self, limit: Limit, asked: usize) -> Self {
        const CAPPED: HeaderName = HeaderName::from_static("playground-capped");
        let told = format!("{}; asked={asked}; max={}", limit.name, limit.max);
        match HeaderValue::try_from(told) {
            Ok(told) => self.field(CAPPED, told),
            Err(_) => self,
        }
    }

    /// With a form that browsers may submit.
    pub(crate) fn with_form(mut self) -> Self {
        self.has_form = true;
        self
    }

    /// With the reason why this answer was sent.
    pub(crate) fn because(mut self, because: impl Into<Cow<'static, str>>) -> Self {
        self.because = Some(because.into());
        self
    }
}

/// A field value that came from the client.
///
/// # Errors
///
/// If it has CR, LF, NUL or another control character: nothing that a client chose ever begins a line of its own.
pub(crate) fn field_value(name: &str, value: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
        Refusal::parameter(
            name,
            value,
            "a field value has no CR, LF, NUL or other control characters",
        )
    })
}

/// A media type that came from the client.
///
/// # Errors
///
/// If it does not begin with a type and a subtype, or cannot stand in a field. RFC 9110 §8.3.1.
pub(crate) fn media_type(name: &str, value: &str) -> Result<HeaderValue, Refusal> {
    let essence = value.split(';').next().unwrap_or_default().trim();
    let is_type = essence.split_once('/').is_some_and(|(kind, subkind)| {
        siteerror_wire::field::is_token(kind.as_bytes())
            && siteerror_wire::field::is_token(subkind.as_bytes())
    });
    if is_type {
        field_value(name, value)
    } else {
        Err(Refusal::parameter(
            name,
            value,
            "a media type is a type, a slash and a subtype, such as text/plain",
        ))
    }
}

/// A field name that came from the client.
///
/// # Errors
///
/// If it is no token, or one of the fields that frame a message: a wrong frame is a fault, and faults have names.
pub(crate) fn field_name(name: &str) -> Result<HeaderName, Refusal> {
    const FRAMING: [&str; 6] = [
        "connection",
        "content-length",
        "keep-alive",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let parsed: HeaderName = name.parse().map_err(|_| {
        Refusal::parameter(
            "header",
            name,
            "a field name is a token: letters, digits and !#$%&'*+-.^_`|~",
        )
    })?;
    if FRAMING.contains(&parsed.as_str()) {
        return Err(Refusal::parameter(
            "header",
            name,
            "this field frames the message, so it is not for choosing",
        )
        .hint("wrong framing has names of its own: see /faults"));
    }
    Ok(parsed)
}

//! Cookies: shown, set with every attribute, deleted. RFC 6265.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply, field_value};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const DOMAIN: Parameter = Parameter::query(
    "attr[Domain]",
    Kind::Text,
    "The attribute `Domain`: a host name.",
);
const PATH: Parameter = Parameter::query(
    "attr[Path]",
    Kind::Text,
    "The attribute `Path`; without it, all paths of the playground.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "cookies",
        path: "/cookies",
        methods: Methods::Registered,
        family: Family::Cookies,
        title: "The cookies that came",
        about: "Shows the cookies of the request by name; of a repeated name, the first.",
        parameters: &[],
        example: "/cookies",
        answers: &[200],
        media_type: JSON,
        source: "httpbin, go-httpbin; RFC 6265 §4.2",
        play: Play::Now(list),
    },
    Scenario {
        id: "cookies-set",
        path: "/cookies/set",
        methods: Methods::Registered,
        family: Family::Cookies,
        title: "Cookies, set",
        about: "Sets a cookie for each part of the query, and redirects to where they are shown. The names of attributes may be written in any case.",
        parameters: &[
            DOMAIN,
            PATH,
            Parameter::query(
                "attr[SameSite]",
                Kind::Text,
                "The attribute `SameSite`: `Strict`, `Lax` or `None`.",
            ),
            Parameter::query(
                "attr[Secure]",
                Kind::Text,
                "The attribute `Secure`, with the value `1` or `true`.",
            ),
            Parameter::query(
                "attr[HttpOnly]",
                Kind::Text,
                "The attribute `HttpOnly`, with the value `1` or `true`.",
            ),
            Parameter::query(
                "attr[Max-Age]",
                Kind::Text,
                "The attribute `Max-Age`: a whole number of seconds.",
            ),
            Parameter::query(
                "attr[Expires]",
                Kind::Text,
                "The attribute `Expires`: a date as HTTP writes it.",
            ),
        ],
        example: "/cookies/set?tea=earl-grey&attr%5BSameSite%5D=Lax",
        answers: &[302],
        media_type: "",
        source: "httpbin, go-httpbin; RFC 6265 §4.1",
        play: Play::Now(set),
    },
    Scenario {
        id: "cookies-set-one",
        path: "/cookies/set/{name}/{value}",
        methods: Methods::Registered,
        family: Family::Cookies,
        title: "A cookie, set by the path",
        about: "Sets one cookie, named in the path, and redirects to where it is shown.",
        parameters: &[
            Parameter::path("name", Kind::Text, "The name: a token."),
            Parameter::path("value", Kind::Text, "The value."),
        ],
        example: "/cookies/set/tea/earl-grey",
        answers: &[302],
        media_type: "",
        source: "httpbin; RFC 6265 §4.1",
        play: Play::Now(set_one),
    },
    Scenario {
        id: "cookies-delete",
        path: "/cookies/delete",
        methods: Methods::Registered,
        family: Family::Cookies,
        title: "Cookies, deleted",
        about: "Deletes each cookie that the query names, by setting it anew with a date in the past. Domain and path have to be those it was set with.",
        parameters: &[DOMAIN, PATH],
        example: "/cookies/delete?tea",
        answers: &[302],
        media_type: "",
        source: "httpbin, go-httpbin; RFC 6265 §3.1",
        play: Play::Now(delete),
    },
];

/// The cookies of a request by name; of a repeated name, the first.
pub(super) fn jar(call: &Call) -> BTreeMap<String, String> {
    let mut jar = BTreeMap::new();
    for field in call.parts.headers.get_all(COOKIE) {
        let text = String::from_utf8_lossy(field.as_bytes());
        for pair in text.split(';') {
            let Some((name, value)) = pair.trim().split_once('=') else {
                continue;
            };
            let value = value.trim();
            let value = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'))
                .unwrap_or(value);
            let name = name.trim();
            if !name.is_empty()
                && let Entry::Vacant(place) = jar.entry(name.to_owned())
            {
                place.insert(value.to_owned());
            }
        }
    }
    jar
}

/// A cookie for all paths of the playground, as `Set-Cookie` has it.
///
/// # Errors
///
/// If the name is no token, or the value cannot be a cookie's.
pub(super) fn cookie(call: &Call, name: &str, value: &str) -> Result<HeaderValue, Refusal> {
    Attributes::default().cookie(call, name, value, "")
}

fn list(call: &mut Call) -> Outcome {
    Ok(Reply::json(&BTreeMap::from([("cookies", jar(call))])))
}

fn set(call: &mut Call) -> Outcome {
    let attributes = Attributes::of(call)?;
    let mut named: Vec<&str> = Vec::new();
    let mut cookies = Vec::new();
    for (name, value) in wanted(call)? {
        if !named.contains(&name) {
            named.push(name);
            cookies.push(attributes.cookie(call, name, value, "")?);
        }
    }
    Ok(back(call, cookies))
}

fn set_one(call: &mut Call) -> Outcome {
    let cookie = cookie(call, call.path("name"), call.path("value"))?;
    Ok(back(call, vec![cookie]))
}

fn delete(call: &mut Call) -> Outcome {
    const PAST: &str = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
    let attributes = Attributes::of(call)?;
    let attributes = Attributes {
        expires: None,
        max_age: None,
        ..attributes
    };
    let mut cookies = Vec::new();
    for (name, _) in wanted(call)? {
        cookies.push(attributes.cookie(call, name, "", PAST)?);
    }
    Ok(back(call, cookies))
}

/// To where the cookies are shown.
fn back(call: &Call, cookies: Vec<HeaderValue>) -> Reply {
    let mut reply = Reply::status(StatusCode::FOUND)
        .because("The cookies are set with this answer, and shown where it leads.");
    if let Ok(target) = HeaderValue::try_from(call.here("/cookies")) {
        reply = reply.field(LOCATION, target);
    }
    for cookie in cookies {
        reply.headers.append(SET_COOKIE, cookie);
    }
    reply
}

/// The parts of the query that are cookies, not attributes.
fn wanted(call: &Call) -> Result<Vec<(&str, &str)>, Refusal> {
    let wanted: Vec<(&str, &str)> = call
        .query
        .iter()
        .filter(|(name, _)| attribute(name).is_none())
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if wanted.len() as u64 > limits::FIELDS_ASKED.max {
        return Err(Refusal::limit(limits::FIELDS_ASKED, wanted.len()));
    }
    Ok(wanted)
}

/// The name of an attribute, of `attr[name]`.
fn attribute(name: &str) -> Option<&str> {
    name.strip_prefix("attr[")?.strip_suffix(']')
}

/// What cookies are set with. All values are checked already.
#[derive(Debug, Default)]
struct Attributes<'a> {
    domain: Option<&'a str>,
    path: Option<&'a str>,
    max_age: Option<&'a str>,
    expires: Option<&'a str>,
    same_site: Option<&'static str>,
    is_secure: bool,
    is_http_only: bool,
}

impl<'a> Attributes<'a> {
    fn of(call: &'a Call) -> Result<Self, Refusal> {
        let mut found = Self::default();
        for (key, value) in &call.query {
            let Some(name) = attribute(key) else { continue };
            let value = value.as_str();
            let refuse = |what: &str| Err(Refusal::parameter(key, value, what));
            let is_yes = matches!(value.to_ascii_lowercase().as_str(), "1" | "t" | "true");
            match name.to_ascii_lowercase().as_str() {
                "secure" => found.is_secure = is_yes,
                "httponly" => found.is_http_only = is_yes,
                "samesite" => {
                    found.same_site = match value.to_ascii_lowercase().as_str() {
                        "strict" => Some("Strict"),
                        "lax" => Some("Lax"),
                        "none" => Some("None"),
                        _ => return refuse("it is Strict, Lax or None"),
                    }
                }
                "domain" => {
                    if value.is_empty()
                        || !value
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
                    {
                        return refuse("it is a host name of letters, digits, dots and dashes");
                    }
                    found.domain = Some(value);
                }
                // RFC 6265 §4.1.1: `path-value` is any CHAR except controls and semicolons.
                "path" => {
                    if !value
                        .bytes()
                        .all(|byte| matches!(byte, b' '..=b'~' if byte != b';'))
                    {
                        return refuse("a path has no semicolons and no control characters");
                    }
                    found.path = Some(value);
                }
                "max-age" => {
                    if value.parse::<i64>().is_err() {
                        return refuse("it is a whole number of seconds");
                    }
                    found.max_age = Some(value);
                }
                "expires" => {
                    if value.contains(';') || httpdate::parse_http_date(value).is_err() {
                        return refuse("it is a date such as `Sun, 06 Nov 1994 08:49:37 GMT`");
                    }
                    found.expires = Some(value);
                }
                _ => {
                    return refuse(
                        "the attributes are Domain, Path, SameSite, Secure, HttpOnly, Max-Age and Expires",
                    );
                }
            }
        }
        super::redirects::check_cookie(call, found.domain, found.path)?;
        Ok(found)
    }

    /// A value of `Set-Cookie`; `extra` goes in front of the other attributes.
    fn cookie(
        &self,
        call: &Call,
        name: &str,
        value: &str,
        extra: &str,
    ) -> Result<HeaderValue, Refusal> {
        let is_token = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_token {
            return Err(Refusal::parameter(
                "name",
                name,
                "the name of a cookie is a token: letters, digits and !#$%&'*+-.^_`|~",
            ));
        }
        let mut cookie = format!("{name}={}", checked_value(name, value)?);
        cookie.push_str(extra);
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                cookie.push_str(name);
                cookie.push_str(value);
            }
        };
        add("; Expires=", self.expires);
        add("; Max-Age=", self.max_age);
        add("; Domain=", self.domain);
        let everywhere = call.here("");
        let everywhere = if everywhere.is_empty() {
            "/"
        } else {
            everywhere.as_str()
        };
        add("; Path=", Some(self.path.unwrap_or(everywhere)));
        add("; SameSite=", self.same_site);
        add("; Secure", self.is_secure.then_some(""));
        add("; HttpOnly", self.is_http_only.then_some(""));
        field_value(name, &cookie)
    }
}

/// A cookie value (RFC 6265 §4.1.1), in quotes where it has a space or a comma, as both dialects send it. Letters outside of ASCII go out as UTF-8, which
/// browsers take.
fn checked_value<'a>(name: &str, value: &'a str) -> Result<Cow<'a, str>, Refusal> {
    let inner = value
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(value);
    let is_fit = |letter: char| !letter.is_control() && !";\"\\".contains(letter);
    if !inner.chars().all(is_fit) {
        return Err(Refusal::parameter(
            name,
            value,
            "the value of a cookie has no semicolons, quotes, backslashes or control characters",
        ));
    }
    Ok(
        if inner.len() == value.len() && inner.contains([' ', ',']) {
            format!("\"{inner}\"").into()
        } else {
            value.into()
        },
    )
}

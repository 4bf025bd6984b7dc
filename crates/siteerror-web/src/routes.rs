//! Every address of the site. Links are made from here, so that none leads nowhere.

/// A fixed address that people go to from the head or the foot of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) path: &'static str,
    pub(crate) label: &'static str,
}

/// Prefix of the playground's endpoints.
pub const PLAY: &str = "/play";
pub(crate) const HOME: &str = "/";
pub(crate) const CODES: &str = "/codes";
/// The request builder.
pub(crate) const PLAYGROUND: &str = "/playground";
pub(crate) const SEARCH: &str = "/search";
/// The rules of the linter, with a page each below it.
pub(crate) const RULES: &str = "/rules";
/// The form of the linter.
pub(crate) const LINT: &str = "/lint";
/// The form that checks a URL.
/// Where URLs are checked.
pub const CHECK: &str = "/check";
/// Words of logs that are no status codes, a family a page.
pub(crate) const SIGNALS: &str = "/signals";
/// The same fault through every proxy.
pub(crate) const FAULTS: &str = "/faults";
pub(crate) const PROBLEMS: &str = "/problems";
pub(crate) const HEALTH: &str = "/healthz";
pub(crate) const READY: &str = "/readyz";
pub(crate) const API_CODES: &str = "/api/v1/codes";
pub(crate) const API_SIGNALS: &str = "/api/v1/signals";
pub(crate) const API_FAULTS: &str = "/api/v1/faults";
pub(crate) const API_RULES: &str = "/api/v1/rules";
pub(crate) const API_LINT: &str = "/api/v1/lint";
pub(crate) const API_CHECK: &str = "/api/v1/check";
pub(crate) const API_CHECK_EVENTS: &str = "/api/v1/check/events";
pub(crate) const API_SEARCH: &str = "/api/v1/search";
pub(crate) const API_CODE_SCHEMA: &str = "/api/v1/code.schema.json";

/// An address that takes content, by POST.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taking {
    pub(crate) path: &'static str,
    /// The methods that it takes, for `Allow`.
    pub(crate) allow: &'static str,
    /// The media types that it takes, for `Accept-Post`.
    pub(crate) accept: &'static str,
}

/// The addresses that take content; all others are for reading.
pub(crate) const TAKING: &[Taking] = &[
    Taking {
        path: LINT,
        allow: "GET, HEAD, POST, OPTIONS",
        accept: "application/x-www-form-urlencoded",
    },
    Taking {
        path: API_LINT,
        allow: "POST, OPTIONS",
        accept: "message/http, application/octet-stream, text/plain, application/json",
    },
    Taking {
        path: API_CHECK,
        allow: "GET, HEAD, POST, OPTIONS",
        accept: "application/json",
    },
];

/// What an address takes, if it takes anything.
pub(crate) fn taking(path: &str) -> Option<&'static Taking> {
    TAKING.iter().find(|taking| taking.path == path)
}

/// Whether an answer depends on who asks, who is told apart by address.
pub(crate) fn knows_its_client(path: &str) -> bool {
    path.starts_with(CHECK) || path.starts_with(API_CHECK)
}

/// The head of every page.
pub(crate) const NAVIGATION: &[Link] = &[
    Link {
        path: CODES,
        label: "Codes",
    },
    Link {
        path: CHECK,
        label: "Check a URL",
    },
    Link {
        path: PLAYGROUND,
        label: "Playground",
    },
    Link {
        path: SEARCH,
        label: "Search",
    },
];

/// The tools in the foot of every page.
pub(crate) const TOOLS: &[Link] = &[
    Link {
        path: CHECK,
        label: "Check a URL",
    },
    Link {
        path: PLAYGROUND,
        label: "Playground",
    },
    Link {
        path: LINT,
        label: "Lint a response",
    },
    Link {
        path: FAULTS,
        label: "Faults",
    },
    Link {
        path: SEARCH,
        label: "Search",
    },
    Link {
        path: CODES,
        label: "Filter the codes",
    },
    Link {
        path: "/codes.json",
        label: "All as JSON",
    },
    Link {
        path: API_CODE_SCHEMA,
        label: "JSON Schema",
    },
    Link {
        path: PROBLEMS,
        label: "Problem types",
    },
];

/// Codes that people look up most, for the home page and the foot.
pub(crate) const POPULAR: &[u16] = &[404, 500, 403, 502, 429, 301, 401, 503];

/// Pairs that people mix up, for the foot: the page that tells the first from the second.
pub(crate) const MIXED_UP: &[(u16, u16)] = &[
    (401, 403),
    (301, 308),
    (302, 307),
    (400, 422),
    (404, 410),
    (502, 504),
];

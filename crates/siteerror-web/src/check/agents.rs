//! Who a check may say that it is.

/// Who to say that we are.
#[derive(Debug)]
pub(crate) struct Agent {
    /// The stable word in queries.
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    /// The value of User-Agent.
    pub(crate) value: &'static str,
}

/// The word for a User-Agent that the asker writes.
pub(crate) const OWN_AGENT: &str = "own";

/// What can be chosen from. The first is who we are.
pub(crate) static AGENTS: &[Agent] = &[
    Agent {
        key: "siteerror",
        label: "siteerror",
        value: siteerror_check::USER_AGENT,
    },
    Agent {
        key: "chrome",
        label: "Chrome on Windows",
        value: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    },
    Agent {
        key: "firefox",
        label: "Firefox on Linux",
        value: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    },
    Agent {
        key: "iphone",
        label: "Safari on an iPhone",
        value: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    },
    Agent {
        key: "googlebot",
        label: "Googlebot",
        value: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    },
    Agent {
        key: "bingbot",
        label: "Bingbot",
        value: "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    },
    Agent {
        key: "curl",
        label: "curl",
        value: "curl/8.17.0",
    },
];

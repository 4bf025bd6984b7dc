//! What somebody may choose about a check: read from a query or from JSON, and written as a query again.

use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use siteerror_check::{HttpVersion, Options};
use siteerror_guard::show::mask_url;

use super::agents::{AGENTS, OWN_AGENT};
use crate::builder::NOT_IN_A_VALUE;

/// The methods that strangers may use.
pub(crate) use siteerror_guard::options::METHODS;

/// One check as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) url: String,
    pub(crate) method: String,
    /// A word of [`AGENTS`], or [`OWN_AGENT`].
    pub(crate) agent: String,
    /// The User-Agent that the asker wrote.
    pub(crate) own_agent: String,
    pub(crate) version: HttpVersion,
    pub(crate) probes: bool,
    pub(crate) cookies: bool,
    /// Fields besides, which only JSON can name.
    pub(crate) fields: Vec<(String, String)>,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            url: String::new(),
            method: "GET".to_owned(),
            agent: "siteerror".to_owned(),
            own_agent: String::new(),
            version: HttpVersion::Any,
            probes: false,
            cookies: false,
            fields: Vec::new(),
        }
    }
}

/// What a query asks for: a check, and perhaps another beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) first: Ask,
    pub(crate) also_method: String,
    pub(crate) also_agent: String,
}

/// What a POST says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    url: String,
    method: Option<String>,
    agent: Option<String>,
    version: Option<String>,
    #[serde(default)]
    probes: bool,
    #[serde(default)]
    cookies: bool,
    #[serde(default)]
    headers: Vec<(String, String)>,
}

impl Pair {
    /// Reads the parameters of a query. Those that nobody knows are left alone.
    ///
    /// # Errors
    ///
    /// What is wrong with one of them.
    pub(crate) fn parse(parameters: &[(String, String)]) -> Result<Self, String> {
        let mut pair = Self::default();
        for (key, value) in parameters {
            let value = value.trim();
            match key.as_str() {
                "url" => value.clone_into(&mut pair.first.url),
                "method" => pair.first.method = method(key, value)?,
                "agent" => pair.first.agent = agent(key, value)?,
                "own_agent" => value.clone_into(&mut pair.first.own_agent),
                "version" => pair.first.version = version(value)?,
                "probes" => pair.first.probes = switch(key, value)?,
                "cookies" => pair.first.cookies = switch(key, value)?,
                "also_method" if !value.is_empty() => pair.also_method = method(key, value)?,
                "also_agent" if !value.is_empty() => pair.also_agent = agent(key, value)?,
                _ => {}
            }
        }
        if !pair.first.own_agent.is_empty()
            && pair.first.agent != OWN_AGENT
            && pair.also_agent != OWN_AGENT
        {
            pair.first.own_agent.clear();
        }
        Ok(pair)
    }

    /// The other check, if it would be another.
    pub(crate) fn second(&self) -> Option<Ask> {
        let mut second = self.first.clone();
        if !self.also_method.is_empty() {
            second.method.clone_from(&self.also_method);
        }
        if !self.also_agent.is_empty() {
            second.agent.clone_from(&self.also_agent);
        }
        (second != self.first).then_some(second)
    }

    /// The query that asks for the same; secrets stay out of it.
    pub(crate) fn query(&self) -> String {
        let mut query = self.first.query();
        for (key, value) in [
            ("also_method", &self.also_method),
            ("also_agent", &self.also_agent),
        ] {
            if !value.is_empty() {
                add(&mut query, key, value);
            }
        }
        query
    }
}

impl Ask {
    /// Reads the JSON of a POST.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn posted(json: &[u8]) -> Result<Self, String> {
        let posted: Posted = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let mut ask = Self {
            url: posted.url,
            probes: posted.probes,
            cookies: posted.cookies,
            fields: posted.headers,
            ..Self::default()
        };
        if let Some(value) = posted.method {
            ask.method = method("method", &value)?;
        }
        if let Some(value) = posted.version {
            ask.version = version(&value)?;
        }
        match posted.agent {
            Some(key) if AGENTS.iter().any(|agent| agent.key == key) => ask.agent = key,
            Some(own) => {
                OWN_AGENT.clone_into(&mut ask.agent);
                ask.own_agent = own;
            }
            None => {}
        }
        Ok(ask)
    }

    pub(crate) fn options(&self) -> Options {
        let mut fields = self.fields.clone();
        if self.agent != AGENTS[0].key {
            fields.push(("User-Agent".to_owned(), self.user_agent().to_owned()));
        }
        Options {
            method: self.method.clone(),
            fields,
            cookies: self.cookies,
            version: self.version,
            probes: self.probes,
            ..Options::default()
        }
    }

    /// The value of User-Agent.
    pub(crate) fn user_agent(&self) -> &str {
        let known = AGENTS.iter().find(|agent| agent.key == self.agent);
        known.map_or(self.own_agent.as_str(), |agent| agent.value)
    }

    /// Who asks, for people.
    pub(crate) fn agent_label(&self) -> &str {
        let known = AGENTS.iter().find(|agent| agent.key == self.agent);
        known.map_or(self.own_agent.as_str(), |agent| agent.label)
    }

    /// The URL fit to be shown.
    pub(crate) fn shown_url(&self) -> String {
        mask_url(&self.url)
    }

    /// Whether the URL has something in it that must not be shown.
    pub(crate) fn has_secrets(&self) -> bool {
        self.shown_url() != self.url
    }

    /// What tells it from others.
    pub(crate) fn key(&self) -> String {
        format!("{}\n{:?}", self.url, self.options())
    }

    pub(crate) const fn version_word(&self) -> &'static str {
        match self.version {
            HttpVersion::Any => "any",
            HttpVersion::Http1 => "1.1",
            HttpVersion::Http2 => "2",
        }
    }

    /// The query that asks for the same, with what is usual left out; secrets stay out of it too.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        add(&mut query, "url", &self.shown_url());
        let usual = Self::default();
        if self.method != usual.method {
            add(&mut query, "method", &self.method);
        }
        if self.agent != usual.agent {
            add(&mut query, "agent", &self.agent);
        }
        if !self.own_agent.is_empty() {
            add(&mut query, "own_agent", &self.own_agent);
        }
        if self.version != usual.version {
            add(&mut query, "version", self.version_word());
        }
        for (key, on) in [("probes", self.probes), ("cookies", self.cookies)] {
            if on {
                add(&mut query, key, "on");
            }
        }
        query
    }
}

fn add(query: &mut String, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(key);
    query.push('=');
    query.extend(utf8_percent_encode(value, NOT_IN_A_VALUE));
}

fn method(key: &str, value: &str) -> Result<String, String> {
    let value = value.to_ascii_uppercase();
    if METHODS.contains(&value.as_str()) {
        Ok(value)
    } else {
        Err(format!("`{key}` is one of {}", METHODS.join(", ")))
    }
}

fn agent(key: &str, value: &str) -> Result<String, String> {
    if value == OWN_AGENT || AGENTS.iter().any(|agent| agent.key == value) {
        return Ok(value.to_owned());
    }
    let known: Vec<&str> = AGENTS.iter().map(|agent| agent.key).collect();
    Err(format!(
        "`{key}` is one of {} or own, with own_agent beside it",
        known.join(", ")
    ))
}

fn version(value: &str) -> Result<HttpVersion, String> {
    match value {
        "" | "any" => Ok(HttpVersion::Any),
        "1.1" | "1" => Ok(HttpVersion::Http1),
        "2" => Ok(HttpVersion::Http2),
        _ => Err("`version` is any, 1.1 or 2".to_owned()),
    }
}

fn switch(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "on" | "1" | "true" => Ok(true),
        "" | "off" | "0" | "false" => Ok(false),
        _ => Err(format!("`{key}` is on or off")),
    }
}

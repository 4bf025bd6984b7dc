//! The form that checks a URL, and what a check found out as a story: the way there, what to fix, and what was said.

mod caching;
mod certificate;
mod cookies;
mod differences;
mod facts;
mod findings;
mod head;
mod steps;
mod story;
mod text;
mod timing;
mod words;

use askama::Template;
use serde::Serialize;
use siteerror_check::Report;

pub use self::caching::caching;
use self::differences::{Difference, differences};
use self::story::Story;
pub use self::words::span;
use super::{Frame, View, pretty};
use crate::check::{AGENTS, Agent, Ask, Checked, METHODS, OWN_AGENT, Pair};
use crate::routes;
use crate::site::Chrome;
use crate::terminal::Paint;

/// A check with what was asked.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) ask: Ask,
    pub(crate) checked: Checked,
}

/// The form, and what was found out: nothing, one check, or two beside each other.
#[derive(Debug)]
pub(crate) struct CheckView {
    pair: Pair,
    runs: Vec<Run>,
}

impl CheckView {
    pub(crate) fn new(pair: Pair, runs: Vec<Run>) -> Self {
        Self { pair, runs }
    }

    fn stories(&self) -> Vec<Story> {
        let several = self.runs.len() > 1;
        self.runs
            .iter()
            .enumerate()
            .map(|(index, run)| Story::of(run, index, several))
            .collect()
    }

    /// The address of this page.
    fn link(&self) -> String {
        format!("{}?{}", routes::CHECK, self.pair.query())
    }
}

/// Two reports at once.
#[derive(Serialize)]
struct Both<'a> {
    #[serde(flatten)]
    report: &'a Report,
    also: &'a Report,
}

impl View for CheckView {
    fn html(&self, chrome: &Chrome) -> String {
        let stories = self.stories();
        let first = stories.first();
        let title = first.map_or_else(
            || "Check a URL: redirects, timings, headers and what is wrong with them".to_owned(),
            |story| format!("{} {}", story.answered(), story.url),
        );
        let page = CheckPage {
            frame: Frame {
                chrome,
                title,
                description: "Follow a URL hop by hop: each status explained, how long everything took, the raw response, and what RFCs say is wrong with it."
                    .to_owned(),
                path: Some(routes::CHECK.to_owned()),
                hue: first.map_or("", |story| story.hue),
                listed: first.is_none(),
            },
            view: self,
            rows: match stories.as_slice() {
                [first, second] => differences(first, second),
                _ => Vec::new(),
            },
            stories,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        match self.runs.as_slice() {
            [first, second] => pretty(&Both {
                report: &first.checked.report,
                also: &second.checked.report,
            }),
            [only] => pretty(&*only.checked.report),
            _ => pretty(&()),
        }
    }

    fn markdown(&self) -> String {
        text::markdown(&self.stories())
    }

    fn text(&self, paint: Paint) -> String {
        text::terminal(&self.stories(), paint)
    }
}

#[derive(Template)]
#[template(path = "pages/check.html")]
struct CheckPage<'a> {
    frame: Frame<'a>,
    view: &'a CheckView,
    stories: Vec<Story>,
    rows: Vec<Difference>,
}

impl CheckPage<'_> {
    fn ask(&self) -> &Ask {
        &self.view.pair.first
    }

    fn methods(&self) -> [&'static str; 3] {
        METHODS
    }

    fn agents(&self) -> &'static [Agent] {
        AGENTS
    }

    fn is_own(&self) -> bool {
        self.ask().agent == OWN_AGENT
    }

    fn is_agent(&self, agent: &Agent) -> bool {
        self.ask().agent == agent.key
    }

    fn is_version(&self, version: &str) -> bool {
        self.ask().version_word() == version
    }

    /// Whether the part of the form below the URL has anything of the visitor in it.
    fn has_choices(&self) -> bool {
        let plain = Ask {
            url: self.ask().url.clone(),
            ..Ask::default()
        };
        *self.ask() != plain
            || !self.view.pair.also_method.is_empty()
            || !self.view.pair.also_agent.is_empty()
    }

    fn is_also_agent(&self, agent: &Agent) -> bool {
        self.view.pair.also_agent == agent.key
    }

    fn is_also_method(&self, method: &str) -> bool {
        self.view.pair.also_method == method
    }

    fn probes(&self) -> usize {
        siteerror_check::PROBES.len()
    }

    /// The level of headings within a story: below a sentence about both, if there are two.
    fn level(&self) -> u8 {
        if self.stories.len() > 1 { 3 } else { 2 }
    }

    /// What is to be said about both.
    fn compared(&self) -> &'static str {
        let differs = |what: &str| self.rows.iter().any(|row| row.what == what && !row.same);
        if differs("Answer") {
            "The two get different answers."
        } else if differs("Content") {
            "The answer is the same, and the content is not."
        } else if self.rows.iter().any(|row| !row.same) {
            "The answer is the same, some of its facts are not."
        } else {
            "The two get the same."
        }
    }

    /// The same as JSON.
    fn json_link(&self) -> String {
        format!("{}.json?{}", routes::CHECK, self.view.pair.query())
    }

    /// A check beside this one: its label and address.
    fn beside(&self) -> Vec<(String, String)> {
        if self.stories.len() != 1 || self.stories[0].steps.is_empty() {
            return Vec::new();
        }
        let pair = |method: &str, agent: &str| {
            let pair = Pair {
                also_method: method.to_owned(),
                also_agent: agent.to_owned(),
                ..self.view.pair.clone()
            };
            format!("{}?{}", routes::CHECK, pair.query())
        };
        let mut beside = Vec::new();
        if self.ask().method == "GET" {
            beside.push(("Compare with HEAD".to_owned(), pair("HEAD", "")));
        }
        for agent in AGENTS
            .iter()
            .filter(|agent| ["chrome", "googlebot"].contains(&agent.key))
        {
            if agent.key != self.ask().agent {
                beside.push((format!("Compare with {}", agent.label), pair("", agent.key)));
            }
        }
        beside
    }

    /// The URL with a scheme, where it has none.
    fn suggestion(&self) -> Option<(String, String)> {
        let url = self.ask().shown_url();
        let bare =
            !self.stories.is_empty() && !url.contains("://") && !url.contains(char::is_whitespace);
        bare.then(|| {
            let mut pair = self.view.pair.clone();
            pair.first.url = format!("https://{}", url.trim_start_matches('/'));
            (
                pair.first.url.clone(),
                format!("{}?{}", routes::CHECK, pair.query()),
            )
        })
    }
}

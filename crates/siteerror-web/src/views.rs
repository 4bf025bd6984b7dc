//! What there is to show. A view has four faces: HTML, JSON, Markdown and text; the terminal shows the same text as the web.

mod check;
mod class;
mod code;
mod codes;
mod facts;
mod faults;
mod home;
mod lint;
mod listed;
mod marked;
mod number;
mod playground;
mod problem;
mod results;
mod rule;
mod rules;
mod shelf;
mod signals;
mod substatus;
mod unassigned;
mod vendor;

pub(crate) use check::{CheckView, Run};
pub use check::{caching, span};
pub use class::ClassView;
pub use code::{CodeView, Depth};
pub use codes::{CodesView, Filter, FilterError, Shelf};
pub use faults::FaultsView;
pub use home::HomeView;
pub use lint::{LintForm, LintView, LintedView};
pub use listed::Listed;
pub(crate) use marked::Marked;
pub use number::NumberView;
pub use playground::PlaygroundView;
pub use problem::ProblemView;
pub(crate) use problem::ProblemsView;
pub use results::ResultsView;
pub use rule::RuleView;
pub(crate) use rule::as_sample;
pub use rules::{RuleFilter, RulesView};
pub use shelf::ShelfView;
pub use signals::{FamilyView, SignalView, SignalsView};
pub use substatus::{SubstatusListView, SubstatusView};
pub use unassigned::UnassignedView;
pub use vendor::VendorView;

use crate::negotiate::Format;
use crate::site::Chrome;
use crate::terminal::Paint;

/// Something to show.
pub trait View: Send + Sync {
    /// A page for a browser.
    fn html(&self, chrome: &Chrome) -> String;
    /// Pretty JSON with a line end.
    fn json(&self) -> String;
    /// Markdown with a line end.
    fn markdown(&self) -> String;
    /// Words for a terminal.
    fn text(&self, paint: Paint) -> String;

    /// One of the faces.
    fn render(&self, format: Format, chrome: &Chrome) -> String {
        match format {
            Format::Html => self.html(chrome),
            Format::Json => self.json(),
            Format::Markdown => self.markdown(),
            Format::Text => self.text(Paint {
                color: false,
                width: WEB_WIDTH,
            }),
            Format::Ansi => self.text(Paint {
                color: true,
                width: WEB_WIDTH,
            }),
        }
    }
}

/// The width of a terminal that nobody can ask.
const WEB_WIDTH: usize = 80;

/// JSON as every face and command prints it.
pub(crate) fn pretty(value: &impl serde::Serialize) -> String {
    let mut json = serde_json::to_string_pretty(value).expect("a view is plain data");
    json.push('\n');
    json
}

/// What the layout of every HTML page needs.
pub(crate) struct Frame<'a> {
    pub(crate) chrome: &'a Chrome,
    /// Of the document, without the site's name.
    pub(crate) title: String,
    pub(crate) description: String,
    /// Its path; none for errors, which have no address of their own.
    pub(crate) path: Option<String>,
    /// `1` to `5`, for the hue; empty for pages of no class.
    pub(crate) hue: &'static str,
    /// Whether search engines should list it.
    pub(crate) listed: bool,
}

impl Frame<'_> {
    pub(crate) fn asset(&self, name: &str) -> &'static str {
        crate::assets::path(name)
    }

    pub(crate) fn canonical(&self) -> Option<String> {
        self.path.as_deref().map(|path| self.chrome.public(path))
    }

    pub(crate) fn site_name(&self) -> &str {
        &self.chrome.settings.site_name
    }

    pub(crate) fn tagline(&self) -> &str {
        &self.chrome.settings.tagline
    }

    pub(crate) fn navigation(&self) -> impl Iterator<Item = &'static crate::routes::Link> {
        self.there(crate::routes::NAVIGATION)
    }

    pub(crate) fn tools(&self) -> impl Iterator<Item = &'static crate::routes::Link> {
        self.there(crate::routes::TOOLS)
    }

    /// Those of the addresses that this site has.
    fn there(
        &self,
        links: &'static [crate::routes::Link],
    ) -> impl Iterator<Item = &'static crate::routes::Link> {
        links.iter().filter(|link| match link.path {
            crate::routes::PLAYGROUND => self.chrome.has_playground,
            crate::routes::CHECK => self.chrome.has_check,
            _ => true,
        })
    }

    pub(crate) fn popular(&self) -> impl Iterator<Item = &'static siteerror_catalog::Code> {
        crate::routes::POPULAR
            .iter()
            .filter_map(|number| siteerror_catalog::catalog().number(*number))
    }

    pub(crate) fn mixed_up(&self) -> &'static [(u16, u16)] {
        crate::routes::MIXED_UP
    }

    pub(crate) fn classes(&self) -> [siteerror_catalog::Class; 5] {
        siteerror_catalog::Class::ALL
    }

    pub(crate) fn is_current(&self, path: &str) -> bool {
        self.path.as_deref() == Some(path)
    }
}

/// The digit of a class as the style sheets use it.
pub(crate) const fn hue(class: siteerror_catalog::Class) -> &'static str {
    ["1", "2", "3", "4", "5"][class as usize]
}

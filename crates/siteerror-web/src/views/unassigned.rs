//! A number that nobody assigned: what a client must make of it, and what lies nearby.

use askama::Template;
use siteerror_catalog::{Class, Code, UnassignedCode, catalog};

use super::{Frame, View, hue, pretty};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape};

/// A number without a registered meaning.
#[derive(Debug)]
pub struct UnassignedView(pub UnassignedCode);

impl UnassignedView {
    fn class(&self) -> Option<Class> {
        self.0.id().class()
    }

    fn treat_as(&self) -> &'static Code {
        catalog()
            .get(self.0.treat_as())
            .expect("every x00 is registered")
    }

    fn neighbours(&self) -> Vec<&'static Code> {
        let (before, after) = catalog().neighbours(self.0.id().number());
        before.into_iter().chain(after).collect()
    }

    fn summary(&self) -> String {
        let id = self.0.id();
        match self.class() {
            Some(class) => format!(
                "Nobody has registered {id}. It belongs to the class {class}, and that much every client can know."
            ),
            None => format!("{id} is no valid status code: HTTP ends at 599."),
        }
    }

    /// The rule of RFC 9110 §15, for this number.
    fn rule(&self) -> String {
        let other = self.treat_as();
        match self.class() {
            Some(Class::Informational) => "A client reads past it and goes on waiting for the final response, as it would after a 100.".to_owned(),
            Some(_) => format!("A client must treat it like {} {}, the x00 code of its class.", other.id, other.title()),
            None => "Numbers from 600 to 999 are often used inside programs for errors that never were HTTP. A client that receives one should handle it like a server error.".to_owned(),
        }
    }

    fn range(&self) -> String {
        match self.0.range() {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first} to {last}"),
        }
    }
}

impl View for UnassignedView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = UnassignedPage {
            frame: Frame {
                chrome,
                title: format!("{}: not assigned", self.0.id()),
                description: self.summary(),
                path: None,
                hue: self.class().map_or("", hue),
                listed: false,
            },
            view: self,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(&self.0)
    }

    fn markdown(&self) -> String {
        let mut out = format!(
            "# {} (unassigned)\n\n{}\n\n{} (RFC 9110, section 15)\n\n",
            self.0.id(),
            self.summary(),
            self.rule()
        );
        for code in self.neighbours() {
            let _ = std::fmt::Write::write_fmt(
                &mut out,
                format_args!("- [{} {}]({})\n", code.id, code.title(), code.id.path()),
            );
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, self.class());
        let paint = sheet.paint;
        let head = paint.hue(
            self.class(),
            &format!("{} {}", shape(self.class()), self.0.id()),
        );
        sheet.ends(
            &format!("{head} {}", paint.bold("not assigned")),
            &paint.dim(&format!("unassigned: {}", self.range())),
        );
        sheet.rule();
        sheet.paragraph(&self.summary());
        sheet.gap();
        sheet.paragraph(&format!("{} (RFC 9110, section 15)", self.rule()));
        sheet.heading("Nearest registered codes");
        for code in self.neighbours() {
            sheet.line(&super::class::row(code, paint));
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/unassigned.html")]
struct UnassignedPage<'a> {
    frame: Frame<'a>,
    view: &'a UnassignedView,
}

impl UnassignedPage<'_> {}

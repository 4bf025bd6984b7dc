//! An error answer, and the page that explains all kinds of them.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;

use super::{Frame, View, pretty};
use crate::markdown::escaped_markdown;
use crate::problem::{PROBLEMS, Problem, ProblemKind};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// An error answer.
#[derive(Debug)]
pub struct ProblemView(pub Problem);

impl View for ProblemView {
    fn html(&self, chrome: &Chrome) -> String {
        let problem = &self.0;
        let page = ProblemPage {
            frame: Frame {
                chrome,
                title: format!("{} {}", problem.status, problem.title()),
                description: problem.detail.clone(),
                path: None,
                hue: if problem.status >= 500 { "5" } else { "4" },
                listed: false,
            },
            problem,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        self.0.json()
    }

    fn markdown(&self) -> String {
        let problem = &self.0;
        let mut out = format!(
            "# {} {}\n\n{}\n",
            problem.status,
            problem.title(),
            escaped_markdown(&problem.detail)
        );
        if let Some(hint) = &problem.hint {
            let _ = writeln!(out, "\n{}", escaped_markdown(hint));
        }
        for suggestion in &problem.suggestions {
            let _ = writeln!(out, "- [{}]({})", suggestion.title, suggestion.url);
        }
        out
    }

    fn text(&self, _: Paint) -> String {
        self.0.line()
    }
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage<'a> {
    frame: Frame<'a>,
    problem: &'a Problem,
}

impl ProblemPage<'_> {
    /// The page of the code that the answer itself has.
    fn explained(&self) -> Option<&'static siteerror_catalog::Code> {
        siteerror_catalog::catalog().number(self.problem.status)
    }
}

/// All kinds of problems.
#[derive(Debug)]
pub(crate) struct ProblemsView;

#[derive(Serialize)]
struct KindJson {
    #[serde(rename = "type")]
    kind: String,
    code: &'static str,
    title: &'static str,
    status: u16,
    about: &'static str,
}

impl View for ProblemsView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = ProblemsPage {
            frame: Frame {
                chrome,
                title: "Problem types".to_owned(),
                description: "What the error answers of this site mean, one entry for each RFC 9457 problem type.".to_owned(),
                path: Some(crate::routes::PROBLEMS.to_owned()),
                hue: "4",
                listed: false,
            },
            kinds: PROBLEMS,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        let kinds: Vec<_> = PROBLEMS
            .iter()
            .map(|kind| KindJson {
                kind: format!("/problems#{}", kind.code),
                code: kind.code,
                title: kind.title,
                status: kind.status,
                about: kind.about,
            })
            .collect();
        pretty(&kinds)
    }

    fn markdown(&self) -> String {
        let mut out = String::from("# Problem types\n");
        for kind in PROBLEMS {
            let _ = write!(
                out,
                "\n## {}\n\n[{}](/{}) {}: {}\n",
                kind.code, kind.status, kind.status, kind.title, kind.about
            );
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        for kind in PROBLEMS {
            sheet.heading(kind.code);
            sheet.paragraph(&format!("{} {}", kind.status, kind.title));
            sheet.paragraph(kind.about);
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/problems.html")]
struct ProblemsPage<'a> {
    frame: Frame<'a>,
    kinds: &'static [ProblemKind],
}

//! The home page: a periodic table of status codes.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Class, Code, Standing, Weight, catalog};

use super::class::said;
use super::{Frame, View, pretty};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape};

/// The home page.
#[derive(Debug)]
pub struct HomeView;

#[derive(Serialize)]
struct HomeJson {
    classes: Vec<ClassEntry>,
    codes: &'static str,
    code: &'static str,
    search: &'static str,
    schema: &'static str,
}

#[derive(Serialize)]
struct ClassEntry {
    class: Class,
    name: &'static str,
    url: String,
    codes: Vec<siteerror_catalog::CodeId>,
}

impl View for HomeView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = HomePage {
            frame: Frame {
                chrome,
                title: "HTTP status codes, explained".to_owned(),
                description: "HTTP status codes, explained: what each one means, who sent it and what to do now.".to_owned(),
                path: Some(crate::routes::HOME.to_owned()),
                hue: "",
                listed: true,
            },
            blocks: Class::ALL.map(|class| (class, catalog().class(class).collect())),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(&HomeJson {
            classes: Class::ALL
                .into_iter()
                .map(|class| ClassEntry {
                    class,
                    name: class.name(),
                    url: format!("/{}", class.slug()),
                    codes: catalog().class(class).map(|code| code.id).collect(),
                })
                .collect(),
            codes: crate::routes::API_CODES,
            code: "/api/v1/codes/{code}",
            search: "/api/v1/search?q={text}",
            schema: crate::routes::API_CODE_SCHEMA,
        })
    }

    fn markdown(&self) -> String {
        let mut out = String::from("# HTTP status codes\n");
        for class in Class::ALL {
            let _ = writeln!(out, "\n## [{class}](/{})\n", class.slug());
            for code in catalog().class(class) {
                let _ = writeln!(out, "- [{} {}]({})", code.id, code.title(), code.id.path());
            }
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let head = paint.bold("HTTP status codes");
        sheet.ends(&head, &paint.dim("ask for one by its number: /404"));
        sheet.rule();
        for class in Class::ALL {
            sheet.gap();
            let mark = paint.hue(Some(class), &format!("{} {class}", shape(Some(class))));
            sheet.line(&mark);
            let codes: Vec<_> = catalog()
                .class(class)
                .map(|code| code.id.to_string())
                .collect();
            sheet.wrapped(&codes.join(" "), "  ", "  ");
        }
        sheet.heading("People look up");
        for number in crate::routes::POPULAR {
            if let Some(code) = catalog().number(*number) {
                let mark = paint.hue(
                    Some(code.class()),
                    &format!("{} {}", shape(Some(code.class())), code.id),
                );
                sheet.wrapped(
                    &format!("{}: {}", code.title(), said(code)),
                    &format!("  {mark} "),
                    "        ",
                );
            }
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage<'a> {
    frame: Frame<'a>,
    blocks: [(Class, Vec<&'static Code>); 5],
}

impl HomePage<'_> {
    /// How a cell looks: everyday codes solid, rare ones outlined, retired ones struck through, temporary ones dashed.
    fn state(&self, code: &Code) -> &'static str {
        match (code.standing, code.weight) {
            (Standing::Temporary, _) => " cell--quiet cell--soon",
            (Standing::Deprecated | Standing::Unused | Standing::Obsoleted, _) => {
                " cell--quiet cell--retired"
            }
            (_, Weight::Often) => " cell--often",
            (_, Weight::Rare) => " cell--quiet",
            _ => "",
        }
    }

    /// What the filter looks through.
    fn words(&self, code: &Code) -> String {
        let mut words = format!("{} {}", code.title(), code.said.join(" ")).to_lowercase();
        for rule in code
            .facts
            .required_fields
            .iter()
            .filter(|rule| rule.field != "Date")
        {
            let _ = write!(words, " {}", rule.field.to_lowercase());
        }
        words
    }

    fn said(&self, code: &Code) -> String {
        said(code)
    }
}

//! `siteerror 404`, `siteerror show 404`.

use std::fmt::Write as _;

use siteerror_catalog::{CodeId, ParseCodeIdError, catalog};
use siteerror_web::views::{CodeView, Depth, UnassignedView};
use siteerror_web::{View, nearest};

use crate::args::Color;
use crate::commands::Form;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(typed: &str, form: Form, depth: Depth, color: Color) -> Exit {
    match typed.parse::<CodeId>() {
        Ok(id) => {
            if let Some(code) = catalog().get(id) {
                let view = CodeView(code);
                return match form {
                    Form::Text => {
                        let mut text = view.text_at(output::paint(color), depth);
                        if depth == Depth::Card {
                            let _ = writeln!(text, "\nMore: siteerror show {id}");
                        }
                        output::result(&text)
                    }
                    other => print(&view, other, color),
                };
            }
            match catalog()
                .unassigned(id.number())
                .filter(|_| id.vendor().is_none())
            {
                Some(code) => match print(&UnassignedView(code), form, color) {
                    Exit::Fine => Exit::Found,
                    exit => exit,
                },
                None => output::mistake(
                    &format!("there is no code `{id}`"),
                    Some("siteerror list shows all"),
                ),
            }
        }
        Err(error) => match catalog().named(typed) {
            Some(code) => run(&code.id.to_string(), form, depth, color),
            None => unknown(typed, error),
        },
    }
}

fn print(view: &dyn View, form: Form, color: Color) -> Exit {
    output::result(&match form {
        Form::Text => view.text(output::paint(color)),
        Form::Json => view.json(),
        Form::Markdown => view.markdown(),
    })
}

/// What was wrong, and what may have been meant: a code, or a command.
fn unknown(typed: &str, error: ParseCodeIdError) -> Exit {
    let shown: String = typed.chars().take(60).collect();
    let command = crate::args::command();
    let close = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .max_by(|a, b| strsim::jaro(typed, a).total_cmp(&strsim::jaro(typed, b)));
    let meant: Vec<String> = match close.filter(|name| strsim::jaro(typed, name) > 0.75) {
        Some(name) => vec![format!("siteerror {name}")],
        None => nearest(typed)
            .into_iter()
            .map(|code| format!("{} {}", code.id, code.title()))
            .collect(),
    };
    let has_digit = typed.chars().any(|c| c.is_ascii_digit());
    let what = if has_digit {
        format!("`{shown}` is no status code: {error}")
    } else {
        format!("`{shown}` is neither a status code nor a command")
    };
    let hint = match meant.as_slice() {
        [] => "try `siteerror search` with words, or `siteerror --help`".to_owned(),
        meant => format!("did you mean {}?", meant.join(", or ")),
    };
    output::mistake(&what, Some(&hint))
}

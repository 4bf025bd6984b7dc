//! `siteerror 404`, `siteerror show 404`.

use std::fmt::Write as _;

use siteerror_catalog::{CodeId, ParseCodeIdError, catalog};
use siteerror_web::views::{
    CodeView, Depth, Listed, NumberView, SignalView, SubstatusView, UnassignedView, VendorView,
};
use siteerror_web::{View, nearest};

use crate::args::Color;
use crate::commands::Form;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(typed: &str, form: Form, depth: Depth, color: Color) -> Exit {
    let dotted = || format!("iis/{typed}").parse().ok();
    let id = match typed.parse::<CodeId>() {
        Ok(id) => Ok(id),
        Err(error) => dotted()
            .filter(|id| catalog().substatus(*id).is_some())
            .ok_or(error),
    };
    let known = id.ok().and_then(|id| shown(id, form, depth, color));
    if let Some(exit) = known {
        return exit;
    }
    let keyed = || catalog().signal_keyed(typed).filter(|_| typed.len() > 1);
    match id {
        Ok(id) => match catalog().signal(typed) {
            Some(signal) => print(&SignalView(signal), form, color),
            None => unassigned(id, form, color),
        },
        Err(error) => {
            if let Some(code) = catalog().named(typed) {
                return run(&code.id.to_string(), form, depth, color);
            }
            match catalog().signal(typed).or_else(keyed) {
                Some(signal) => print(&SignalView(signal), form, color),
                None => unknown(typed, error),
            }
        }
    }
}

/// A code with a page, or a number that only vendors use.
fn shown(id: CodeId, form: Form, depth: Depth, color: Color) -> Option<Exit> {
    let paint = output::paint(color);
    let card = |mut text: String| {
        if depth == Depth::Card {
            let _ = writeln!(text, "\nMore: siteerror show {id}");
        }
        output::result(&text)
    };
    let number = catalog()
        .vendor_number(id.number())
        .filter(|_| id.vendor().is_none());
    Some(match (Listed::find(id), number) {
        (Some(Listed::Code(code)), _) => match form {
            Form::Text => card(CodeView(code).text_at(paint, depth)),
            other => print(&CodeView(code), other, color),
        },
        (Some(Listed::Vendor(code)), _) => match form {
            Form::Text => card(VendorView(code).text_at(paint, depth)),
            other => print(&VendorView(code), other, color),
        },
        (Some(Listed::Substatus(entry)), _) => print(&SubstatusView(entry), form, color),
        (None, Some(number)) => match form {
            Form::Text => card(NumberView(number).text_at(paint, depth)),
            other => print(&NumberView(number), other, color),
        },
        (None, None) => return None,
    })
}

/// A number that nobody uses.
fn unassigned(id: CodeId, form: Form, color: Color) -> Exit {
    let code = catalog()
        .unassigned(id.number())
        .filter(|_| id.vendor().is_none());
    match code {
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

//! Results on standard output, everything else on standard error.

pub(crate) mod card;
mod csv;
mod flags;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
pub(crate) mod report;
mod sarif;
mod table;

use std::io::{self, IsTerminal as _, Write as _};

use siteerror_web::terminal::{Paint, shown};

use crate::args::Color;
use crate::exit::Exit;

/// Columns where no terminal says how many it has.
const WIDTH: usize = 80;

/// How to paint on standard output.
pub(crate) fn paint(color: Color) -> Paint {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let width = if io::stdout().is_terminal() {
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    } else {
        None
    };
    Paint {
        color,
        width: width.unwrap_or(WIDTH),
    }
}

/// How to paint in a file: as a page of the usual width, with colours only if they are asked for.
pub(crate) fn paint_file(color: Color) -> Paint {
    Paint {
        color: color == Color::Always,
        width: WIDTH,
    }
}

/// Whether somebody reads standard output as it comes.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

/// How a run ends whose results were written. A reader that went away has had enough.
pub(crate) fn written(exit: io::Result<Exit>) -> Exit {
    match exit {
        Ok(exit) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => mistake(&format!("cannot write results: {error}"), None),
    }
}

/// Writes a result. A reader that went away, as in `siteerror list | head -1`, has had enough.
pub(crate) fn result(text: &str) -> Exit {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            mistake(&format!("cannot write to standard output: {error}"), None)
        }
        _ => Exit::Fine,
    }
}

/// Tells of wrong usage: one line that says what is wrong, and what to do.
pub(crate) fn mistake(what: &str, hint: Option<&str>) -> Exit {
    let what = shown(what);
    let hint = hint
        .map(|hint| format!("; {}", shown(hint)))
        .unwrap_or_default();
    // There is nobody left to tell if even this fails.
    let _ = writeln!(io::stderr(), "error: {what}{hint}");
    Exit::Usage
}

/// Tells of several mistakes, a line each.
pub(crate) fn mistakes(all: &[String]) -> Exit {
    for what in all {
        mistake(what, None);
    }
    Exit::Usage
}

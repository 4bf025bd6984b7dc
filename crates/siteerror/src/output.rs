//! Results on standard output, everything else on standard error.

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

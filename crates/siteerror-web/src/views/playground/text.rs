//! The request builder as Markdown and in a terminal.

use std::fmt::Write as _;

use super::examples::EXAMPLES;
use super::{PlaygroundView, time};
use crate::builder::{Piece, With};
use crate::routes;
use crate::terminal::{Paint, Sheet, shown};

/// What a message looks like in a terminal: line ends stay, nothing else can do harm.
fn harmless(text: &str) -> String {
    let lines: Vec<String> = text
        .replace("\r\n", "\n")
        .split('\n')
        .map(|line| shown(line).replace("\\x09", "\t"))
        .collect();
    lines.join("\n")
}

/// A fence that the text cannot close.
fn fenced(out: &mut String, language: &str, text: &str) {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}{language}\n{}\n{fence}\n", text.trim_end());
}

/// The lines of a piece, with an end between them.
fn lines(piece: &Piece, end: &str) -> String {
    let lines: Vec<&str> = piece.lines.iter().map(|line| line.text.as_str()).collect();
    lines.join(end)
}

pub(super) fn markdown(view: &PlaygroundView) -> String {
    let mut out = String::from("# Playground\n\n");
    let _ = writeln!(out, "The state as an address: <{}>\n", view.link());
    if let Some(played) = &view.played {
        out.push_str("## What was sent\n\n");
        fenced(&mut out, "http", &harmless(&view.request.message()));
        out.push_str("## What came back\n\n");
        for piece in &played.reading.pieces {
            let _ = writeln!(out, "After {}:\n", time(piece.at));
            fenced(&mut out, "http", &lines(piece, "\n"));
        }
        let _ = writeln!(out, "{}\n", played.exchange.end.words());
    }
    for command in &view.commands {
        let _ = writeln!(out, "## {}\n", command.label);
        fenced(&mut out, command.id, &harmless(&command.text));
    }
    out.push_str("## Things to try\n\n");
    for example in EXAMPLES {
        let _ = writeln!(
            out,
            "- [{}]({}?{}): {}",
            example.title,
            routes::PLAYGROUND,
            example.query,
            example.about
        );
    }
    out
}

pub(super) fn terminal(view: &PlaygroundView, paint: Paint) -> String {
    let code = view.code();
    let mut sheet = Sheet::new(paint, code.map(siteerror_catalog::Code::class));
    let paint = sheet.paint;
    sheet.line(&paint.bold("Playground"));
    sheet.rule();
    if let Some(played) = &view.played {
        for piece in &played.reading.pieces {
            sheet.line(&paint.dim(&format!("  after {}", time(piece.at))));
            sheet.wire(&lines(piece, "\r\n"), true);
        }
        sheet.gap();
        sheet.paragraph(played.exchange.end.words());
    }
    sheet.heading("Do it yourself");
    for line in view
        .commands
        .iter()
        .take(1)
        .flat_map(|one| one.text.lines())
    {
        sheet.line(&format!("  {}", harmless(line)));
    }
    if let Some(report) = view.report() {
        sheet.line(&format!("  curl {}{report}", view.request.origin));
    }
    if let Some(code) = code {
        sheet.heading(&format!("{} {}", code.id, code.title()));
        sheet.paragraph(code.summary);
    }
    if view.played.is_none() && view.state.with == With::Code {
        sheet.heading("Things to try");
        for example in EXAMPLES {
            sheet.wrapped(
                &format!("{}: {}", paint.bold(example.title), example.about),
                "  ",
                "    ",
            );
        }
    }
    sheet.finish()
}

//! A check for terminals, and as Markdown.

use std::fmt::Write as _;

use siteerror_catalog::Class;

use super::story::Story;
use crate::markdown::escaped_markdown;
use crate::routes;
use crate::terminal::{Paint, Sheet, shape};

const USAGE: &str = "Ask for a URL: /check?url=https://example.com/. Add method=HEAD, agent=googlebot, version=1.1, probes=on, cookies=on, also_method=HEAD or also_agent=chrome.";

pub(super) fn terminal(stories: &[Story], paint: Paint) -> String {
    let class = stories
        .first()
        .and_then(|story| story.status.and_then(Class::of));
    let mut sheet = Sheet::new(paint, class);
    let paint = sheet.paint;
    if stories.is_empty() {
        sheet.paragraph(USAGE);
    }
    for story in stories {
        if let Some(heading) = &story.heading {
            sheet.heading(heading);
        }
        let verdict = &story.verdict;
        let sentence = format!("{}{}{}", verdict.before, verdict.number, verdict.after);
        sheet.wrapped(&paint.bold(&sentence), "", "");
        sheet.wrapped(&story.sub, "", "");
        if let Some(trouble) = &story.trouble {
            sheet.gap();
            sheet.paragraph(&format!(
                "{}: {}. {}",
                paint.bold(trouble.kind),
                trouble.text,
                trouble.place
            ));
            sheet.paragraph(trouble.advice);
        }
        told(&mut sheet, story);
        known(&mut sheet, story);
        for raw in &story.raws {
            sheet.heading(&raw.label);
            let lines: Vec<String> = raw
                .lines
                .iter()
                .map(|line| format!("{}{}", line.name, line.rest))
                .collect();
            sheet.wire(&lines.join("\r\n"), false);
        }
        sheet.gap();
    }
    sheet.finish()
}

/// The way there, and what to fix.
fn told(sheet: &mut Sheet, story: &Story) {
    let paint = sheet.paint;
    if !story.steps.is_empty() {
        sheet.heading("The way there");
    }
    for step in &story.steps {
        let class = step.status.and_then(Class::of);
        let status = step
            .status
            .map_or_else(|| "---".to_owned(), |status| status.to_string());
        let mark = paint.hue(class, &format!("{} {status}", shape(class)));
        sheet.wrapped(
            &format!("{} {}", step.method, step.url),
            &format!("  {mark} "),
            "        ",
        );
        for (status, title) in &step.interims {
            sheet.wrapped(
                &format!("before it: {status} {title}"),
                "        ",
                "        ",
            );
        }
        sheet.wrapped(&step.say, "        ", "        ");
        let times: Vec<String> = step
            .fall
            .bars
            .iter()
            .map(|bar| format!("{} {}", bar.label, bar.ms))
            .collect();
        let times = format!(
            "{}; {} ms. {}",
            times.join(", "),
            step.fall.total,
            step.carried
        );
        sheet.wrapped(&paint.dim(&times), "        ", "        ");
    }
    if !story.found.is_empty() {
        sheet.heading("What to fix");
    }
    for found in &story.found {
        let class = match found.hue {
            "5" => Class::ServerError,
            "4" => Class::ClientError,
            _ => Class::Informational,
        };
        let mark = paint.hue(
            Some(class),
            &format!("{} {}", shape(Some(class)), found.level.to_lowercase()),
        );
        sheet.wrapped(&found.text, &format!("  {mark} "), "    ");
        let source = found.source.map_or("", |(title, _)| title);
        let meta = format!("{} · {source} · response {}", found.rule, found.numbers());
        sheet.wrapped(&paint.dim(&meta), "    ", "    ");
    }
}

/// What is known about the last response.
fn known(sheet: &mut Sheet, story: &Story) {
    let paint = sheet.paint;
    if !story.facts.is_empty() {
        sheet.heading("The last response");
    }
    for (word, value) in &story.facts {
        sheet.wrapped(&format!("{}: {value}", paint.bold(word)), "  ", "    ");
    }
    if let Some(one) = &story.certificate {
        let words = format!(
            "{}: {}, from {}, until {} ({}), {}, {}",
            paint.bold("Certificate"),
            one.names.join(", "),
            one.issuer,
            one.until,
            one.left,
            one.key,
            one.protocol
        );
        sheet.wrapped(&words, "  ", "    ");
    }
    for cookie in &story.cookies {
        sheet.wrapped(
            &format!("{}: {}, {}", paint.bold("Cookie"), cookie.name, cookie.says),
            "  ",
            "    ",
        );
    }
}

pub(super) fn markdown(stories: &[Story]) -> String {
    let mut out = format!("# [Check a URL]({})\n", routes::CHECK);
    if stories.is_empty() {
        let _ = writeln!(out, "\n{}", escaped_markdown(USAGE));
    }
    for story in stories {
        let heading = story.heading.as_deref().unwrap_or(&story.url);
        let _ = writeln!(out, "\n## {}\n", escaped_markdown(heading));
        let verdict = &story.verdict;
        let _ = writeln!(
            out,
            "**{}** {}",
            escaped_markdown(&format!(
                "{}{}{}",
                verdict.before, verdict.number, verdict.after
            )),
            escaped_markdown(&story.sub)
        );
        if let Some(trouble) = &story.trouble {
            let _ = writeln!(
                out,
                "\n`{}`: {}. {}",
                trouble.kind,
                escaped_markdown(&trouble.text),
                trouble.advice
            );
        }
        if !story.steps.is_empty() {
            let _ = writeln!(out);
        }
        for step in &story.steps {
            let status = match (&step.href, step.status) {
                (Some(href), Some(status)) => format!("[{status} {}]({href})", step.title),
                (_, Some(status)) => status.to_string(),
                (_, None) => step.title.clone(),
            };
            let _ = writeln!(
                out,
                "{}. {} {}: {status}, {} ms. {}",
                step.number,
                step.method,
                escaped_markdown(&step.url),
                step.fall.total,
                escaped_markdown(&step.say)
            );
        }
        if !story.found.is_empty() {
            let _ = writeln!(out, "\n### What to fix\n");
        }
        for found in &story.found {
            let _ = writeln!(
                out,
                "- {}: {} [{}]({}), response {}",
                found.level,
                escaped_markdown(&found.text),
                found.rule,
                found.href,
                found.numbers()
            );
        }
        if !story.facts.is_empty() {
            let _ = writeln!(out, "\n### The last response\n");
        }
        for (word, value) in &story.facts {
            let _ = writeln!(out, "- {word}: {}", escaped_markdown(value));
        }
    }
    out
}

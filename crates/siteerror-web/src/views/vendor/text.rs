//! A vendor's code in a terminal: a card, or everything.

use siteerror_catalog::{Owner, Sample, Text};

use super::VendorView;
use crate::terminal::{Paint, Sheet};
use crate::views::Depth;
use crate::views::listed::Listed;

impl VendorView {
    /// The text, at one of two depths.
    pub fn text_at(&self, paint: Paint, depth: Depth) -> String {
        let code = self.0;
        let whole = depth == Depth::Whole;
        let mut sheet = Sheet::new(paint, code.class());
        let paint = sheet.paint;
        let mark = Listed::Vendor(code).mark(paint);
        let about = code
            .class()
            .map_or("no valid status code".to_owned(), |class| class.to_string());
        sheet.ends(
            &format!("{mark} {}", paint.bold(code.name)),
            &paint.dim(&about),
        );
        sheet.rule();
        sheet.paragraph(code.summary);
        for (index, owner) in code.owners.iter().enumerate() {
            write_owner(
                &mut sheet,
                owner,
                whole,
                index == 0 && code.owners.len() == 1,
            );
        }
        if whole {
            self.write_entries(&mut sheet);
            for (title, text) in [
                ("What it means", code.meaning),
                ("Definition", code.definition),
                ("In plain English", code.plain_english),
                ("Often misread", code.misinterpretation),
            ] {
                sheet.heading(title);
                sheet.text(text);
            }
        }
        sheet.heading("If you call the server");
        sheet.items(first(code.fixes.caller, whole, 2));
        sheet.heading("If you run the server");
        sheet.items(first(code.fixes.operator, whole, 3));
        if whole {
            self.write_rest(&mut sheet);
        }
        sheet.finish()
    }

    fn write_entries(&self, sheet: &mut Sheet) {
        let entries = self.entries();
        if entries.is_empty() {
            return;
        }
        sheet.heading("With a number behind the dot");
        for entry in entries {
            let mark = Listed::Substatus(entry).mark(sheet.paint);
            sheet.wrapped(entry.name, &format!("  {mark} "), "      ");
        }
    }

    fn write_rest(&self, sheet: &mut Sheet) {
        sheet.heading("Questions people ask");
        for (index, one) in self.0.faq.iter().enumerate() {
            if index > 0 {
                sheet.gap();
            }
            let title = sheet.paint.bold(one.question.plain());
            sheet.paragraph(&title);
            sheet.text(one.answer);
        }
        sheet.heading("Easily confused with");
        for (other, how) in self.comparisons() {
            let words = format!("{}: {}", other.title(), how.plain());
            sheet.wrapped(&words, &format!("  {} ", other.mark(sheet.paint)), "      ");
        }
        for other in self.namesakes() {
            let words = format!("{} (the same number)", other.title());
            sheet.wrapped(&words, &format!("  {} ", other.mark(sheet.paint)), "      ");
        }
        sheet.heading("Sources");
        for source in self.0.sources() {
            sheet.paragraph(source.title);
            let url = sheet.paint.dim(source.url);
            sheet.line(&format!("  {url}"));
        }
    }
}

fn write_owner(sheet: &mut Sheet, owner: &Owner, whole: bool, is_only: bool) {
    sheet.heading(&format!("{}: {}", owner.title, owner.wire.badge()));
    sheet.text(owner.seen);
    sheet.gap();
    match owner.example {
        Sample::Response(message) => sheet.wire(message, whole),
        Sample::Log(lines) => sheet.lines(lines),
        _ => {}
    }
    sub(sheet, "Common causes");
    sheet.items(first(owner.causes, whole, 3));
    // Of several owners, a card has room for what tells them apart.
    if whole || is_only {
        sub(sheet, "What to check");
        for (index, step) in first(owner.check, whole, 3).iter().enumerate() {
            let mark = format!("  {}. ", index + 1);
            sheet.item(*step, &mark, "     ");
        }
    }
    if !whole {
        return;
    }
    sub(sheet, "Where it is recorded");
    sheet.text(owner.recorded);
    if !owner.settings.is_empty() {
        sub(sheet, "Settings that change it");
    }
    for setting in owner.settings {
        let default = match setting.default {
            "" => "default unknown".to_owned(),
            default => format!("default {default}"),
        };
        let words = format!(
            "{} ({default}, as of {}): {}",
            sheet.paint.code(setting.name),
            setting.as_of,
            setting.effect.plain()
        );
        sheet.wrapped(&words, "  ", "    ");
    }
    if let Some(measured) = owner.measured {
        sub(sheet, "Measured");
        sheet.text(measured);
    }
    if let Some(unverified) = owner.unverified {
        sub(sheet, "Not verified");
        sheet.text(unverified);
    }
}

/// A heading below that of the owner.
fn sub(sheet: &mut Sheet, title: &str) {
    sheet.gap();
    let title = sheet.paint.bold(title);
    sheet.paragraph(&title);
}

/// All items, or as many as a card has room for; the writers put the most useful ones first.
fn first(items: &'static [Text], whole: bool, most: usize) -> &'static [Text] {
    match items.get(..most) {
        Some(first) if !whole => first,
        _ => items,
    }
}

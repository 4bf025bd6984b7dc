//! A code in a terminal: a card, or everything.

use siteerror_catalog::Text;

use super::{CodeView, Depth};
use crate::terminal::{Paint, Sheet, shape};
use crate::views::facts::{facts, fields, joint};

impl CodeView {
    /// The text, at one of two depths.
    pub fn text_at(&self, paint: Paint, depth: Depth) -> String {
        let code = self.0;
        let whole = depth == Depth::Whole;
        let mut sheet = Sheet::new(paint, Some(code.class()));
        self.write_head(&mut sheet, depth);
        sheet.heading("Common causes");
        sheet.items(first(code.causes, depth, 3));
        if whole {
            self.write_meaning(&mut sheet);
        }
        sheet.heading("If you call the server");
        sheet.items(first(code.fixes.caller, depth, 2));
        sheet.heading("If you run the server");
        sheet.items(first(code.fixes.operator, depth, 3));
        self.write_facts(&mut sheet);
        if whole {
            self.write_exchange_and_questions(&mut sheet);
        }
        if whole {
            self.write_comparisons(&mut sheet);
            sheet.heading("Sources");
            for source in code.sources {
                sheet.paragraph(source.title);
                let url = sheet.paint.dim(source.url);
                sheet.line(&format!("  {url}"));
            }
        }
        sheet.finish()
    }

    fn write_head(&self, sheet: &mut Sheet, depth: Depth) {
        let code = self.0;
        let class = code.class();
        let paint = sheet.paint;
        let number = paint.hue(Some(class), &format!("{} {}", shape(Some(class)), code.id));
        sheet.ends(
            &format!("{number} {}", paint.bold(code.title())),
            &paint.dim(&class.to_string()),
        );
        sheet.rule();
        if let Some(notice) = code.notice {
            sheet.text(notice);
            sheet.gap();
        }
        sheet.paragraph(code.summary);
        sheet.gap();
        sheet.wire(code.example.response, depth == Depth::Whole);
    }

    fn write_meaning(&self, sheet: &mut Sheet) {
        let code = self.0;
        sheet.heading("What it means");
        sheet.text(code.meaning);
        sheet.heading("Definition");
        sheet.text(code.definition);
        sheet.heading(&format!(
            "{} section {} says",
            code.rfc.document, code.rfc.section
        ));
        sheet.wrapped(&format!("\"{}\"", code.rfc.quote), "  > ", "  > ");
        let url = sheet.paint.dim(code.rfc.url);
        sheet.line(&format!("  {url}"));
        sheet.heading("In plain English");
        sheet.text(code.plain_english);
        sheet.heading("Often misread");
        sheet.text(code.misinterpretation);
    }

    fn write_facts(&self, sheet: &mut Sheet) {
        let code = self.0;
        let paint = sheet.paint;
        sheet.heading("Facts");
        let mut fact = |word: &str, words: &str| {
            sheet.wrapped(words, &format!("  {word:<13}"), &" ".repeat(15));
        };
        for one in facts(code) {
            fact(
                one.word,
                &format!(
                    "{} {}",
                    one.value.plain(),
                    paint.dim(&format!("({})", one.source))
                ),
            );
        }
        for rule in fields(code) {
            let when = rule
                .when
                .map(|when| format!(", {}{}", joint(when), when.plain()))
                .unwrap_or_default();
            let source = paint.dim(&format!("({})", rule.source));
            fact(
                "Field",
                &format!(
                    "{} {}{when} {source}",
                    rule.level.keyword(),
                    paint.code(rule.field)
                ),
            );
        }
        for former in code.former_names {
            fact(
                "Once called",
                &format!("{} ({})", former.name, former.used_in),
            );
        }
    }

    fn write_exchange_and_questions(&self, sheet: &mut Sheet) {
        let code = self.0;
        sheet.heading("Example request");
        sheet.wire(code.example.request, true);
        if let Some(response) = code.example.final_response {
            sheet.heading("The final response that follows");
            sheet.wire(response, true);
        }
        sheet.heading("Questions people ask");
        for (index, question) in code.faq.iter().enumerate() {
            if index > 0 {
                sheet.gap();
            }
            let title = sheet.paint.bold(question.question.plain());
            sheet.paragraph(&title);
            sheet.text(question.answer);
        }
    }

    fn write_comparisons(&self, sheet: &mut Sheet) {
        sheet.heading("Easily confused with");
        for (other, how) in self.comparisons() {
            let mark = other.mark(sheet.paint);
            sheet.wrapped(
                &format!("{}: {}", other.title(), how.plain()),
                &format!("  {mark} "),
                "        ",
            );
        }
        for other in super::elsewhere(self.0) {
            let words = format!("{} (the same number)", other.title());
            sheet.wrapped(
                &words,
                &format!("  {} ", other.mark(sheet.paint)),
                "        ",
            );
        }
    }
}

/// All items, or as many as a card has room for; the writers put the most useful ones first.
fn first(items: &'static [Text], depth: Depth, most: usize) -> &'static [Text] {
    match depth {
        Depth::Whole => items,
        Depth::Card => &items[..items.len().min(most)],
    }
}

//! Words for a terminal or a log: wrapped to a width, with colours only where they are asked for.

use anstyle::{AnsiColor, Color, Style};
use siteerror_catalog::{Class, Text};
use unicode_width::UnicodeWidthStr as _;

use crate::markdown::{self, Block};
use crate::views::Marked;

/// How to paint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Whether to use colours and weights.
    pub color: bool,
    /// Columns, at least [`Paint::NARROWEST`].
    pub width: usize,
}

impl Paint {
    /// Below this, lines are cut by the terminal and not by us.
    pub const NARROWEST: usize = 32;
    /// Lines longer than this are hard to read.
    pub const WIDEST: usize = 100;

    /// Styled, or as it is.
    pub fn style(self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// In bold.
    pub fn bold(self, text: &str) -> String {
        self.style(Style::new().bold(), text)
    }

    /// Less important than the rest.
    pub fn dim(self, text: &str) -> String {
        self.style(Style::new().dimmed(), text)
    }

    /// In the colour of a class.
    pub fn hue(self, class: Option<Class>, text: &str) -> String {
        self.style(hue(class), text)
    }

    /// Code within words.
    pub fn code(self, text: &str) -> String {
        if self.color {
            self.style(
                Style::new().fg_color(Some(Color::Ansi(AnsiColor::Cyan))),
                text,
            )
        } else {
            format!("`{text}`")
        }
    }
}

/// The shape of a class, the same as on the pages.
pub const fn shape(class: Option<Class>) -> &'static str {
    match class {
        Some(Class::Informational) => "○",
        Some(Class::Successful) => "●",
        Some(Class::Redirection) => "➜",
        Some(Class::ClientError) => "▲",
        Some(Class::ServerError) => "■",
        None => "⬡",
    }
}

fn hue(class: Option<Class>) -> Style {
    let color = match class {
        Some(Class::Informational) => AnsiColor::Cyan,
        Some(Class::Successful) => AnsiColor::Green,
        Some(Class::Redirection) => AnsiColor::Blue,
        Some(Class::ClientError) => AnsiColor::Yellow,
        Some(Class::ServerError) => AnsiColor::Red,
        None => AnsiColor::Magenta,
    };
    Style::new().bold().fg_color(Some(Color::Ansi(color)))
}

/// A text that grows line by line.
#[derive(Debug)]
pub struct Sheet {
    /// How it is painted, its width within bounds.
    pub paint: Paint,
    class: Option<Class>,
    out: String,
}

impl Sheet {
    /// An empty one, its headings in the colour of a class.
    pub fn new(paint: Paint, class: Option<Class>) -> Self {
        let width = paint.width.clamp(Paint::NARROWEST, Paint::WIDEST);
        Self {
            paint: Paint { width, ..paint },
            class,
            out: String::with_capacity(4096),
        }
    }

    /// A line as it is.
    pub fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// An empty line, unless there is one already.
    pub fn gap(&mut self) {
        if !self.out.ends_with("\n\n") && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Left and right on one line, if both fit; the right one below otherwise.
    pub fn ends(&mut self, left: &str, right: &str) {
        let used = visible(left) + visible(right);
        if used + 2 <= self.paint.width {
            let space = " ".repeat(self.paint.width - used);
            self.line(&format!("{left}{space}{right}"));
        } else {
            self.wrapped(left, "", "  ");
            self.line(right);
        }
    }

    /// A line across.
    pub fn rule(&mut self) {
        let rule = self.paint.dim(&"─".repeat(self.paint.width));
        self.line(&rule);
    }

    /// A heading, in capitals.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        let heading = self.paint.hue(self.class, &text.to_uppercase());
        self.line(&heading);
    }

    /// Wrapped words.
    pub fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "  ", "  ");
    }

    pub(crate) fn text(&mut self, text: Text) {
        let paragraphs = markdown::terminal(text, self.paint);
        for (index, paragraph) in paragraphs.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            self.paragraph(paragraph);
        }
    }

    /// The words of a rule's page, with their code.
    pub(crate) fn rule_words(&mut self, words: &'static str) {
        for (index, block) in markdown::rule_terminal(words, self.paint)
            .iter()
            .enumerate()
        {
            if index > 0 {
                self.gap();
            }
            match block {
                Block::Words(words) => self.paragraph(words),
                Block::Item(words) => self.wrapped(words, "  * ", "    "),
                Block::Code(lines) => {
                    for line in lines {
                        for (piece, text) in self.pieces(line).into_iter().enumerate() {
                            self.behind_bar(&text, piece > 0);
                        }
                    }
                }
            }
        }
    }

    /// A raw message in the notation of `ShownLines`, behind a bar; lines with marked bytes are pointed at.
    pub(crate) fn marked(&mut self, message: &Marked) {
        for line in &message.lines {
            let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
            let is_marked = line.iter().any(|piece| piece.marked);
            for (index, piece) in self.pieces(&text).into_iter().enumerate() {
                let bar = match (is_marked, index > 0) {
                    (true, false) => self.paint.hue(self.class, "▶"),
                    (_, true) => self.paint.dim("│↪"),
                    (false, false) => self.paint.dim("│"),
                };
                let space = if index > 0 { "" } else { " " };
                let piece = if is_marked {
                    self.paint.bold(&piece)
                } else {
                    piece
                };
                self.line(&format!("  {bar}{space}{piece}"));
            }
        }
        if message.more > 0 {
            let more = format!("and {} more bytes", message.more);
            let more = self.paint.dim(&more);
            self.line(&format!("    {more}"));
        }
    }

    /// A heading whose case means something.
    pub(crate) fn heading_as_is(&mut self, text: &str) {
        self.gap();
        let heading = self.paint.bold(text);
        self.wrapped(&heading, "", "  ");
    }

    /// Lines of a log as they are, behind a bar.
    pub(crate) fn lines(&mut self, text: &str) {
        for line in text.lines() {
            for (piece, text) in self.pieces(line).into_iter().enumerate() {
                self.behind_bar(&text, piece > 0);
            }
        }
    }

    /// Words behind a mark.
    pub(crate) fn item(&mut self, text: Text, mark: &str, rest: &str) {
        let words = markdown::terminal(text, self.paint).join(" ");
        self.wrapped(&words, mark, rest);
    }

    pub(crate) fn items(&mut self, items: &[Text]) {
        let mark = format!("  {} ", self.paint.hue(self.class, shape(self.class)));
        for item in items {
            let words = markdown::terminal(*item, self.paint).join(" ");
            self.wrapped(&words, &mark, "    ");
        }
    }

    /// Wrapped words, with what stands before the first line and before the others.
    pub fn wrapped(&mut self, text: &str, first: &str, rest: &str) {
        let options = textwrap::Options::new(self.paint.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
        for line in textwrap::wrap(text, options) {
            self.line(&line);
        }
    }

    /// The head of a raw message, and its content too if there is room, behind a bar.
    pub(crate) fn wire(&mut self, message: &str, with_content: bool) {
        let (head, content) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        for (index, line) in head.split("\r\n").enumerate() {
            for (piece, text) in self.pieces(line).into_iter().enumerate() {
                let styled = match text.split_once(':') {
                    _ if index == 0 => self.paint.hue(self.class, &text),
                    Some((name, value)) if piece == 0 => {
                        format!("{}:{value}", self.paint.bold(name))
                    }
                    _ => text,
                };
                self.behind_bar(&styled, piece > 0);
            }
        }
        if with_content && !content.is_empty() {
            self.behind_bar("", false);
            for line in content.split("\r\n") {
                for (piece, text) in self.pieces(line).into_iter().enumerate() {
                    self.behind_bar(&text, piece > 0);
                }
            }
        }
    }

    /// A line of a message cut into pieces that fit; the pieces joined are the line.
    fn pieces(&self, line: &str) -> Vec<String> {
        let room = self.paint.width.saturating_sub(6).max(1);
        let characters: Vec<char> = line.chars().collect();
        let pieces: Vec<String> = characters
            .chunks(room)
            .map(|piece| piece.iter().collect())
            .collect();
        if pieces.is_empty() {
            vec![String::new()]
        } else {
            pieces
        }
    }

    fn behind_bar(&mut self, text: &str, continues: bool) {
        let bar = self.paint.dim(if continues { "│↪" } else { "│" });
        let space = if continues { "" } else { " " };
        self.line(&format!("  {bar}{space}{text}"));
    }

    /// The text.
    pub fn finish(self) -> String {
        self.out
    }
}

/// Columns that a text takes, without its escape sequences.
pub fn visible(text: &str) -> usize {
    let mut width = 0;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        width += before.width();
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    width + rest.width()
}

/// Foreign text for a terminal or a log line: control characters, and marks that turn the direction of writing, as `\\xNN`.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = std::fmt::Write::write_fmt(&mut out, format_args!("\\x{byte:02x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

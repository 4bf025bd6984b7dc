//! Words of a page, with and without markup.

use serde::{Serialize, Serializer};

/// Words in Markdown (paragraphs, lists, emphasis, code, links) and the same words as plain text.
///
/// Serializes as the plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub(crate) markdown: &'static str,
    pub(crate) plain: &'static str,
}

impl Text {
    /// As written. Links to other codes are paths of the site, such as `/405`.
    pub const fn markdown(self) -> &'static str {
        self.markdown
    }

    /// Without markup, but for the ticks around code.
    pub const fn plain(self) -> &'static str {
        self.plain
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.plain)
    }
}

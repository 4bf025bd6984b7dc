//! What a server sent, quoted in the sentence of a finding.

use std::fmt;

use siteerror_wire::write::Shown;

/// Bytes in backticks, as [`Shown`] writes them, and cut where they are long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl Quoted<'_> {
    /// So many bytes are quoted: enough to find the place, and a sentence stays one.
    const MOST: usize = 60;
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(start) = self
            .0
            .get(..Self::MOST)
            .filter(|start| start.len() < self.0.len())
        else {
            return write!(f, "`{}`", Shown(self.0));
        };
        // A character of more than one byte is not cut in two.
        let inside = |index: usize| self.0.get(index).is_some_and(|byte| byte & 0xC0 == 0x80);
        let end = (0..4)
            .map(|back| Self::MOST - back)
            .find(|end| !inside(*end));
        let start = end.and_then(|end| self.0.get(..end)).unwrap_or(start);
        write!(f, "`{}…`", Shown(start))
    }
}

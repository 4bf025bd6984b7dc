//! Readers around readers: one counts lines, one ends what is too large.

use std::io::{self, BufRead, Read};

/// Counts lines.
pub(super) struct Counted<R> {
    inner: R,
    /// The line that is next, from 1.
    pub(super) line: u64,
}

impl<R> Counted<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self { inner, line: 1 }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.line += line_ends(bytes);
    }
}

/// How many lines end in these bytes.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let ends = bytes.split(|byte| *byte == b'\n').count().saturating_sub(1);
    u64::try_from(ends).unwrap_or_default()
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(bytes) = self.inner.fill_buf() {
            let used = bytes.get(..amount).unwrap_or(bytes);
            self.line += line_ends(used);
        }
        self.inner.consume(amount);
    }
}

/// Fails once there is more than allowed.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
    /// What is wrong then.
    what: &'static str,
}

impl<R> Bounded<R> {
    pub(super) const fn new(inner: R, most: u64, what: &'static str) -> Self {
        Self {
            inner,
            left: most,
            what,
        }
    }

    pub(super) const fn get_ref(&self) -> &R {
        &self.inner
    }

    fn took(&mut self, bytes: usize) -> io::Result<()> {
        let left = u64::try_from(bytes)
            .ok()
            .and_then(|bytes| self.left.checked_sub(bytes));
        self.left = left.ok_or_else(|| io::Error::other(self.what))?;
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.took(read)?;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let what = self.what;
        let bytes = self.inner.fill_buf()?;
        match bytes.get(..left) {
            // There is more, and none of it is allowed.
            Some([]) if !bytes.is_empty() => Err(io::Error::other(what)),
            Some(allowed) => Ok(allowed),
            None => Ok(bytes),
        }
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        let amount = u64::try_from(amount).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_comes_and_one_more_fails() {
        for (most, fits) in [(5, true), (4, false), (0, false)] {
            let mut text = String::new();
            let read = Bounded::new(&b"12345"[..], most, "too much").read_to_string(&mut text);
            assert_eq!(read.is_ok(), fits, "{most}");
            let mut line = String::new();
            let read = Bounded::new(&b"12345"[..], most, "too much").read_line(&mut line);
            assert_eq!(read.is_ok(), fits, "{most}");
        }
    }
}

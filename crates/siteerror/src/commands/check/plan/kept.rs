//! Files that one run leaves for the next: what was good, and what is known to be wrong.

use std::path::PathBuf;

use siteerror_check::bulk::{Baseline, Cache};

use super::Mistake;

/// A good result is not asked for again within a day.
const CACHE_AGE_S: i64 = 24 * 60 * 60;

/// A path, unless it is empty, which in a settings file means none.
pub(super) fn file(text: Option<&String>) -> Option<PathBuf> {
    text.filter(|text| !text.is_empty()).map(PathBuf::from)
}

pub(super) fn baseline(path: PathBuf) -> Result<(PathBuf, Option<Baseline>), Mistake> {
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((path, None)),
        Err(error) => return Err(unreadable(&path, &error)),
    };
    match Baseline::read(std::io::BufReader::new(file)) {
        Ok(baseline) => Ok((path, Some(baseline))),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

pub(super) fn cache(path: PathBuf, now_unix_s: i64) -> Result<(PathBuf, Cache), Mistake> {
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((path, Cache::new(CACHE_AGE_S)));
        }
        Err(error) => return Err(unreadable(&path, &error)),
    };
    match Cache::read(std::io::BufReader::new(file), CACHE_AGE_S, now_unix_s) {
        Ok(cache) => Ok((path, cache)),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

fn unreadable(path: &std::path::Path, error: &dyn std::error::Error) -> Mistake {
    let what = format!("cannot use `{}`: {error}", path.display());
    (
        what,
        Some("name another file, or remove it to begin anew".to_owned()),
    )
}

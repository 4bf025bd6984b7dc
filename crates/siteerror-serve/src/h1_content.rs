//! Why the content of a request on HTTP/1.1 cannot be read, going by what hyper says about it.

use std::error::Error as _;
use std::io;

use crate::defect::Defect;
use crate::incoming::ContentError;

/// `defect`: what the gate found wrong with the content.
pub(crate) fn error(error: &hyper::Error, defect: Option<Defect>) -> ContentError {
    if let Some(defect) = defect {
        return ContentError::Defect(defect);
    }
    // Without a gate it is hyper that reads the framing, and tells less about it.
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            return match cause.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    ContentError::Defect(Defect::ChunkEnd)
                }
                io::ErrorKind::UnexpectedEof => ContentError::Defect(Defect::ContentIncomplete),
                _ => ContentError::Lost,
            };
        }
        source = cause.source();
    }
    ContentError::Lost
}

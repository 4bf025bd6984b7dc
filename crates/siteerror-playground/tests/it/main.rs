//! The playground over real sockets.

mod ask;

mod bins;
mod sequences;
mod status;
mod table;
mod trace;

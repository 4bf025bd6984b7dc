//! The playground over real sockets.

mod ask;

mod status;
mod table;

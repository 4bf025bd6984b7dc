//! The playground over real sockets.

mod ask;

mod sequences;
mod status;
mod table;
mod tls;
mod vendors;

//! The playground over real sockets.

mod ask;

mod bins;
mod sequences;
mod caching;
mod content;
mod redirects;
mod status;
mod streams;
mod table;
mod trace;

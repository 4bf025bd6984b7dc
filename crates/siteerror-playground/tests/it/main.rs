//! The playground over real sockets.

mod ask;

mod bins;
mod caching;
mod content;
mod redirects;
mod sequences;
mod auth;
mod cookies;
mod echo;
mod socket;
mod status;
mod streams;
mod table;
mod trace;

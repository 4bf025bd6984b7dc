//! The playground over real sockets.

mod ask;

mod auth;
mod bins;
mod caching;
mod causes;
mod clients;
mod content;
mod cookies;
mod echo;
mod expect;
mod faults;
mod hostile;
mod http2;
mod interim;
mod lab;
mod limits_tried;
mod pages;
mod redirects;
mod sequences;
mod socket;
mod status;
mod streams;
mod table;
mod tls;
mod trace;
mod vendors;

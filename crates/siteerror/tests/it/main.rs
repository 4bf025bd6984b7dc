//! The program as people use it: typed commands, and a server on a socket.

mod check;
mod command;
mod documents;
mod guard;
mod lint;
mod manual;
mod rooms;
mod serve;
mod show;
mod sitemaps;
mod wrong;

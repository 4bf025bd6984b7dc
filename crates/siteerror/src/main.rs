//! `siteerror`: the guide to HTTP status codes, in a terminal and as a server.

mod args;
mod commands;
mod config;
mod exit;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(args::parse())
}

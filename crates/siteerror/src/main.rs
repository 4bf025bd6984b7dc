//! `siteerror`: the guide to HTTP status codes, in a terminal and as a server.

mod args;
mod commands;
mod config;
mod exit;
mod keep;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    match args::parse() {
        Ok(args) => commands::run(args),
        Err(what) => output::mistake(&what, Some("see siteerror --help")).into(),
    }
}

//! Reads `content/`, checks it, and writes it down as static Rust values.
//!
//! A mistake in a content file ends the build with the file, the line and what to do.

#![expect(
    clippy::print_stdout,
    reason = "a build script speaks to cargo on standard output"
)]

mod content;
mod emit;
mod emit_vendors;
mod entries;
mod example;
mod front;
mod id;
mod reader;
mod vendors;
mod words;

pub(crate) use id::emit_id;

use std::path::{Path, PathBuf};
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("content");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", root.display());
    match content::read(&root) {
        Ok(content) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
            write(&out.join("content.rs"), &emit::content(&content));
            ExitCode::SUCCESS
        }
        Err(mistakes) => {
            for mistake in mistakes {
                println!("cargo::error={mistake}");
            }
            ExitCode::FAILURE
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("cargo gives a directory that can be written");
}

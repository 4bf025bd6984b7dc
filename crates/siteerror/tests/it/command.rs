//! Running the program in an empty environment.

use std::process::{Command, Output};

pub(crate) fn siteerror(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siteerror"));
    command
        .args(args)
        .env_clear()
        .current_dir(std::env::temp_dir());
    command
}

/// What a run left behind, as one text for snapshots.
pub(crate) fn transcript(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is UTF-8");
    format!(
        "exit {}\n{}{}",
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr)
    )
}

pub(crate) fn run(args: &[&str]) -> String {
    transcript(&siteerror(args).output().expect("the program runs"))
}

/// Standard output of a run that must be fine.
pub(crate) fn stdout(args: &[&str]) -> String {
    let output = siteerror(args).output().expect("the program runs");
    assert!(output.status.success(), "{}", transcript(&output));
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

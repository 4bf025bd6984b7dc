//! `siteerror completions` and `siteerror man`.

use std::fmt::Write as _;

use crate::args::command;
use crate::exit::Exit;
use crate::output;

pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(), "siteerror", &mut out);
    output::result(&String::from_utf8_lossy(&out))
}

pub(crate) fn man(name: Option<&str>) -> Exit {
    let mut whole = command();
    whole.build();
    let page = match name {
        None => Some(whole),
        Some(name) => whole.find_subcommand(name).map(|found| {
            found
                .clone()
                .display_name(format!("siteerror-{name}"))
                .version(env!("CARGO_PKG_VERSION"))
        }),
    };
    let Some(page) = page else {
        return output::mistake(
            &format!(
                "there is no command `{}`",
                name.unwrap_or_default().escape_debug()
            ),
            Some("siteerror --help lists all"),
        );
    };
    let mut out = Vec::new();
    let is_whole = name.is_none();
    // The examples and exit codes of `--help` are sections of their own here.
    let page = page.after_help("").subcommand_help_heading("COMMANDS");
    let written = clap_mangen::Man::new(page)
        .source(concat!("siteerror ", env!("CARGO_PKG_VERSION")))
        .render(&mut out);
    if is_whole {
        out.extend_from_slice(sections(crate::args::EXAMPLES).as_bytes());
    }
    match written {
        Ok(()) => output::result(&String::from_utf8_lossy(&out)),
        Err(error) => output::mistake(&format!("cannot write the manual page: {error}"), None),
    }
}

/// `Title:` lines with indented lines below as sections of a manual page, line by line.
fn sections(text: &str) -> String {
    let mut roff = String::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_suffix(':') {
            Some(title) => {
                let _ = writeln!(roff, ".fi\n.SH {:?}\n.nf", title.to_uppercase());
            }
            None => {
                let _ = writeln!(roff, "{}", line.trim_start().replace('-', "\\-"));
            }
        }
    }
    roff
}

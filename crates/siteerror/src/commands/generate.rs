//! `siteerror completions` and `siteerror man`.

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
    match clap_mangen::Man::new(page).render(&mut out) {
        Ok(()) => output::result(&String::from_utf8_lossy(&out)),
        Err(error) => output::mistake(&format!("cannot write the manual page: {error}"), None),
    }
}

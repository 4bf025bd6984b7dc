//! One file a command.

pub(crate) mod check;
mod config;
mod generate;
mod guard;
mod lint;
mod list;
mod search;
mod serve;
mod show;

use std::process::ExitCode;

use siteerror_web::View as _;
use siteerror_web::views::{Depth, HomeView};

use crate::args::{Args, Command};
use crate::commands::serve::Face;
use crate::output;

/// Does what was asked for.
pub(crate) fn run(args: Args) -> ExitCode {
    let code = (!args.code.is_empty()).then(|| args.code.join(" "));
    let exit = match (args.command, code) {
        (Some(Command::Show(show)), _) => show::run(
            &show.code,
            form(show.json, show.markdown),
            Depth::Whole,
            args.color,
        ),
        (Some(Command::List(list)), _) => list::run(&list, args.color),
        (Some(Command::Search(search)), _) => search::run(&search, args.color),
        (Some(Command::Lint(lint)), _) => lint::run(&lint, args.color),
        (Some(Command::Check(check)), _) => check::run(*check, args.color),
        (Some(Command::Serve(settings)), _) => serve::run(&settings, Face::Site),
        (Some(Command::Playground(settings)), _) => serve::run(&settings, Face::Playground),
        (Some(Command::Guard(args)), _) => guard::run(&args),
        (Some(Command::Config(config)), _) => config::run(&config),
        (Some(Command::Completions { shell }), _) => generate::completions(shell),
        (Some(Command::Man { command }), _) => generate::man(command.as_deref()),
        (None, Some(code)) => show::run(&code, form(args.json, false), Depth::Card, args.color),
        (None, None) if args.json => output::result(&HomeView.json()),
        (None, None) => {
            let mut text = HomeView.text(output::paint(args.color));
            text.push_str("\nsiteerror 404 shows one of them, siteerror --help everything else.\n");
            output::result(&text)
        }
    };
    exit.into()
}

/// The face of a code that a terminal prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Json,
    Markdown,
}

const fn form(json: bool, markdown: bool) -> Form {
    match (json, markdown) {
        (true, _) => Form::Json,
        (false, true) => Form::Markdown,
        (false, false) => Form::Text,
    }
}

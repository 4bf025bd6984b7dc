//! `siteerror search`.

use siteerror_web::View as _;
use siteerror_web::views::ResultsView;

use crate::args::{Color, SearchArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &SearchArgs, color: Color) -> Exit {
    let query = args.text.join(" ");
    let view = ResultsView::new(&query);
    let text = if args.json {
        view.json()
    } else {
        view.text(output::paint(color))
    };
    match output::result(&text) {
        Exit::Fine if siteerror_web::search(&query).is_empty() => Exit::Found,
        exit => exit,
    }
}

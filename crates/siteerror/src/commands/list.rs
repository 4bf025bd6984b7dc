//! `siteerror list`.

use siteerror_web::View as _;
use siteerror_web::views::{CodesView, Filter};

use crate::args::{Color, ListArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &ListArgs, color: Color) -> Exit {
    let mut filter = Filter::default();
    let parts = [
        ("class", &args.class),
        ("standing", &args.standing),
        ("cacheable", &args.cacheable),
        ("content", &args.content),
        ("field", &args.field),
        ("vendor", &args.vendor),
    ];
    for (key, value) in parts {
        if let Err(error) = filter.set(key, value.as_deref().unwrap_or_default()) {
            return output::mistake(&format!("--{error}").replacen("--`", "`--", 1), None);
        }
    }
    let found = !filter.listed().is_empty();
    let view = CodesView::new(filter).full(args.full);
    let text = if args.json {
        view.json()
    } else {
        view.text(output::paint(color))
    };
    match output::result(&text) {
        Exit::Fine if !found => Exit::Found,
        exit => exit,
    }
}

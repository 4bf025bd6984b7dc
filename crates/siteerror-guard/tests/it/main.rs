//! What the guard lets through, and what it does not: tables of spellings, and what holds for any of them.

mod addresses;
mod cases;
mod guard;
mod properties;
mod show;

use siteerror_guard::{Guard, Policy, Rules};

fn public() -> Guard {
    Guard::new(Rules::default())
}

fn local() -> Guard {
    Guard::new(Rules {
        policy: Policy::Local,
        ..Rules::default()
    })
}

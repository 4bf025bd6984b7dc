//! What the certificate of the server says about itself.

mod facts;

use crate::rule::{Look, Row};

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "cert-expires-soon",
        look: Look::Tls(facts::expires_soon),
    },
    Row {
        id: "cert-expired",
        look: Look::Tls(facts::expired),
    },
    Row {
        id: "cert-lifetime-long",
        look: Look::Tls(facts::lifetime_long),
    },
    Row {
        id: "cert-key-weak",
        look: Look::Tls(facts::key_weak),
    },
];

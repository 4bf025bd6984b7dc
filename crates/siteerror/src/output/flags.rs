//! Which flag of `siteerror check` helps with a failure: what only a person at a terminal can do about it, besides the advice for whoever looks after the site.

use siteerror_check::Kind;

/// The flag, and what it does.
pub(super) const fn flag(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Timeout => "--timeout gives it more time.",
        Kind::TlsExpired => "--insecure looks past it meanwhile.",
        Kind::TlsSelfSigned | Kind::TlsUntrusted => {
            "--cacert FILE trusts an authority of your own."
        }
        Kind::RedirectLoop => "--cookies keeps what a page may have set and looks for.",
        Kind::TooManyRedirects => "--max-redirects follows more.",
        Kind::H2Protocol => "--http1.1 leaves HTTP/2 out.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use siteerror_check::Kind;

    use super::flag;

    #[test]
    fn every_flag_that_is_named_is_one() {
        let command = crate::args::command();
        let check = command.find_subcommand("check").expect("there is `check`");
        for words in Kind::ALL.iter().filter_map(|kind| flag(*kind)) {
            let name = words
                .split(' ')
                .next()
                .and_then(|name| name.strip_prefix("--"));
            let mut known = check.get_arguments().map(clap::Arg::get_long);
            assert!(known.any(|long| long == name), "{words}");
        }
    }
}

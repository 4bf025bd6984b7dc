//! Redirects. They lead to this server, or to an origin on the list of whoever runs it.

use url::Url;

use crate::call::Call;
use crate::refusal::Refusal;

/// Whether a response may send clients to this target. It is judged after parsing it as a browser does, never by how its text begins.
///
/// # Errors
///
/// If it leads to another server that is not on the list, or is neither http nor https.
pub(crate) fn check_target(call: &Call, target: &str) -> Result<(), Refusal> {
    let refuse = |what: &str| {
        Err(Refusal::new(
            "target-not-allowed",
            403,
            format!(
                "a redirect to `{}` is not sent: {what}",
                crate::refusal::shown(target)
            ),
        )
        .hint("targets on this server always work; whoever runs it can list other origins"))
    };
    let Ok(base) = Url::parse(&call.url()) else {
        return refuse("the target of this request is no URL that it could be resolved against");
    };
    let Ok(url) = base.join(target) else {
        return refuse("it is no URL");
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("only http and https are");
    }
    let is_listed = call
        .shared
        .options
        .redirect_origins
        .iter()
        .filter_map(|origin| Url::parse(origin).ok())
        .any(|origin| origin.origin() == url.origin());
    if url.origin() == base.origin() || is_listed {
        Ok(())
    } else {
        refuse("it leads to another server")
    }
}

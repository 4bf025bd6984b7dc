//! Style sheet, scripts and pictures, named by their content and cached for ever.

/// A file that pages use.
#[derive(Debug)]
pub(crate) struct Asset {
    /// As the templates call it: `site.css`.
    pub(crate) name: &'static str,
    /// Its address, with a hash of the content.
    pub(crate) path: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of an asset, for templates.
///
/// # Panics
///
/// If there is no such asset; every page is rendered in the tests.
pub(crate) fn path(name: &str) -> &'static str {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map(|asset| asset.path)
        .expect("a template names an asset that exists")
}

//! What is held in memory: which page stands at which address, and what leads to it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, Response, StatusCode};
use siteerror_catalog::{Class, Vendor, catalog};
use siteerror_playground::Playground;

use crate::answer::{
    ACCEPT_POST, About, CACHE_ASSET, CACHE_MOVED, CACHE_PAGE, NO_STORE, VARY_FORCED,
};
use crate::assets::{ASSETS, Asset};
use crate::body::Body;
use crate::check::Checks;
use crate::negotiate::Format;
use crate::page::{Page, Representation};
use crate::problem::Problem;
use crate::site::{Chrome, Settings};
use crate::views::{
    ClassView, CodeView, CodesView, FamilyView, FaultsView, Filter, HomeView, NumberView,
    ProblemsView, RuleFilter, RuleView, RulesView, ShelfView, SignalView, SignalsView,
    SubstatusListView, SubstatusView, VendorView, View,
};
use crate::{pages, routes};

/// What every address allows that takes no content.
const ALLOWED: &str = "GET, HEAD, OPTIONS";
/// The lists, whose query is a filter, and those of the API.
const FILTERED: [&str; 2] = [routes::CODES, routes::RULES];
const API_FILTERED: [&str; 2] = [routes::API_CODES, routes::API_RULES];

/// What is held in memory, and the forms that an answer can take.
pub(crate) struct Pages {
    pub(crate) chrome: Chrome,
    /// What the request builder asks.
    pub(crate) playground: Option<Playground>,
    /// What checks URLs.
    pub(crate) checks: Option<Checks>,
    /// What `Last-Modified` says of every page.
    pub(crate) started: SystemTime,
    by_path: HashMap<String, Arc<Page>, foldhash::fast::FixedState>,
    /// Addresses that have exactly one representation, such as those of the API.
    single: HashMap<String, (Arc<Page>, Format), foldhash::fast::FixedState>,
    assets: HashMap<&'static str, (&'static Asset, Representation), foldhash::fast::FixedState>,
    schema: Representation,
    redirects: HashMap<String, String, foldhash::fast::FixedState>,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages")
            .field("pages", &self.by_path.len())
            .finish_non_exhaustive()
    }
}

impl Pages {
    pub(crate) fn new(
        settings: Settings,
        started: SystemTime,
        playground: Option<Playground>,
        checks: Option<Checks>,
    ) -> Self {
        let mut pages = HashMap::default();
        let mut single = HashMap::default();
        let mut redirects = HashMap::default();
        let mut add = |path: &str, view: Box<dyn View>| {
            let page = Arc::new(Page::new(view));
            pages.insert(path.to_owned(), Arc::clone(&page));
            page
        };
        add(routes::HOME, Box::new(HomeView));
        let all = add(routes::CODES, Box::new(CodesView::new(Filter::default())));
        add(routes::PROBLEMS, Box::new(ProblemsView));
        single.insert(routes::API_CODES.to_owned(), (all, Format::Json));
        for class in Class::ALL {
            let page = catalog()
                .classes()
                .iter()
                .find(|page| page.class == class)
                .expect("each class has its file");
            add(&format!("/{}", class.slug()), Box::new(ClassView(page)));
        }
        for code in catalog().codes() {
            let page = add(&code.id.path(), Box::new(CodeView(code)));
            single.insert(
                format!("{}{}", routes::API_CODES, code.id.path()),
                (page, Format::Json),
            );
            for slug in code.slugs() {
                redirects.insert(format!("/{slug}"), code.id.path());
            }
        }
        vendors(&mut add, &mut single, &mut redirects);
        let all = add(routes::RULES, Box::new(RulesView(RuleFilter::default())));
        single.insert(routes::API_RULES.to_owned(), (all, Format::Json));
        for rule in siteerror_lint::rules() {
            let page = add(&rule.href(), Box::new(RuleView(rule)));
            let api = |name: &str| format!("{}/{name}", routes::API_RULES);
            single.insert(api(rule.id), (page, Format::Json));
            for alias in rule.aliases {
                redirects.insert(format!("{}/{alias}", routes::RULES), rule.href());
                redirects.insert(api(alias), api(rule.id));
            }
        }
        redirects.insert("/index".to_owned(), routes::HOME.to_owned());
        for asset in ASSETS.iter().filter(|asset| asset.name == "icon.svg") {
            redirects.insert("/favicon.ico".to_owned(), asset.path.to_owned());
        }
        Self {
            chrome: Chrome::new(settings, playground.is_some(), checks.is_some()),
            playground,
            checks,
            started,
            by_path: pages,
            single,
            assets: ASSETS
                .iter()
                .map(|asset| (asset.path, (asset, Representation::new(asset.bytes))))
                .collect(),
            schema: Representation::new(siteerror_catalog::CODE_SCHEMA),
            redirects,
        }
    }

    /// Every address that is a page or a file, for tests and exports.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .by_path
            .keys()
            .chain(self.single.keys())
            .cloned()
            .collect();
        all.extend(self.assets.keys().map(|path| (*path).to_owned()));
        all.push(routes::API_CODE_SCHEMA.to_owned());
        all.sort();
        all
    }

    /// The pages that exist in every representation.
    pub(crate) fn pages(&self) -> Vec<String> {
        let mut all: Vec<String> = self.by_path.keys().cloned().collect();
        all.sort();
        all
    }

    /// The addresses that lead on with 308, with the address they lead to.
    pub(crate) fn redirects(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self
            .redirects
            .iter()
            .map(|(from, to)| (from.clone(), to.clone()))
            .collect();
        all.sort();
        all
    }

    /// Renders and compresses everything that is not yet. Takes seconds of one core, so it belongs into the background.
    pub(crate) fn warm(&self) {
        for asset in ASSETS {
            self.assets[asset.path].1.warm();
        }
        self.schema.warm();
        // Only HTML is kept; see `page`.
        for path in self.pages() {
            self.by_path[&path]
                .representation(Format::Html, &self.chrome)
                .warm();
        }
    }

    /// Pages and files in memory, redirects, and methods that nothing here takes. Everything else is for the router.
    pub(crate) fn lane(&self, parts: &http::request::Parts) -> Option<Response<Body>> {
        let path = parts.uri.path();
        if let Some(response) = self.method(parts) {
            return Some(response);
        }
        let headers = &parts.headers;
        let plain = parts.uri.query().is_none_or(str::is_empty);
        let (base, forced) = Format::split(path);
        if let Some(page) = self.by_path.get(base)
            && (plain || !FILTERED.contains(&base))
        {
            return Some(self.page(page, base, forced, headers));
        }
        if let Some((page, format)) = self.single.get(path)
            && (plain || !API_FILTERED.contains(&path))
        {
            let representation = page.representation(*format, &self.chrome);
            let about = About::page(*format, Some(*format));
            return Some(self.represent(&representation, &about, headers));
        }
        if let Some((asset, representation)) = self.assets.get(path) {
            let about = About {
                content_type: asset.media_type,
                cache: CACHE_ASSET,
                vary: VARY_FORCED,
                is_page: false,
                forced: None,
            };
            return Some(self.represent(representation, &about, headers));
        }
        if path == routes::API_CODE_SCHEMA {
            let about = About {
                content_type: "application/schema+json",
                cache: CACHE_PAGE,
                vary: VARY_FORCED,
                is_page: false,
                forced: None,
            };
            return Some(self.represent(&self.schema, &about, headers));
        }
        if let Some(signal) = one_signal(path) {
            let about = About::page(Format::Json, Some(Format::Json));
            let representation = Representation::new(SignalView(signal).json());
            return Some(self.represent(&representation, &about, headers));
        }
        self.redirect(path, parts.uri.query())
    }

    /// The format that an address asks for by itself, for errors too.
    pub(crate) fn asked_format(&self, path: &str) -> Option<Format> {
        let is_api = path.starts_with("/api/");
        Format::split(path).1.or(is_api.then_some(Format::Json))
    }

    /// The answer to a method that is not for the address. Most are for GET and HEAD.
    fn method(&self, parts: &http::request::Parts) -> Option<Response<Body>> {
        let (base, _) = Format::split(parts.uri.path());
        let taking = routes::taking(base);
        let allow = taking.map_or(ALLOWED, |taking| taking.allow);
        let reads = allow == ALLOWED || allow.starts_with("GET");
        match &parts.method {
            &Method::GET | &Method::HEAD if reads => None,
            &Method::POST if taking.is_some() => None,
            &Method::OPTIONS => {
                let mut response = Response::new(Body::default());
                *response.status_mut() = StatusCode::NO_CONTENT;
                let headers = response.headers_mut();
                headers.insert(ALLOW, HeaderValue::from_static(allow));
                if let Some(taking) = taking {
                    headers.insert(ACCEPT_POST, HeaderValue::from_static(taking.accept));
                }
                headers.insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
                Some(response)
            }
            known
                if [
                    Method::GET,
                    Method::HEAD,
                    Method::POST,
                    Method::PUT,
                    Method::DELETE,
                    Method::PATCH,
                    Method::TRACE,
                    Method::CONNECT,
                ]
                .contains(known) =>
            {
                let (why, hint) = match taking {
                    None => (": this site is for reading", "use GET or HEAD"),
                    Some(_) if reads => ("", "use GET or POST"),
                    Some(_) => ("", "use POST"),
                };
                let problem = Problem::new(
                    "method-not-allowed",
                    format!("`{known}` is not possible here{why}"),
                )
                .with_hint(hint);
                let mut response =
                    self.problem(problem, self.asked_format(parts.uri.path()), &parts.headers);
                response
                    .headers_mut()
                    .insert(ALLOW, HeaderValue::from_static(allow));
                Some(response)
            }
            unknown => {
                let problem = Problem::new(
                    "method-not-implemented",
                    format!("this server does not know the method `{unknown}`"),
                )
                .with_hint("methods are case-sensitive; use GET or HEAD");
                Some(self.problem(problem, self.asked_format(parts.uri.path()), &parts.headers))
            }
        }
    }

    /// 308 to the one right spelling of an address: names, letter case, slashes at the end.
    fn redirect(&self, path: &str, query: Option<&str>) -> Option<Response<Body>> {
        let decoded = percent_encoding::percent_decode_str(path)
            .decode_utf8()
            .ok()?;
        // The case of a signal means something, and its place is a part of a page.
        if let Some(response) = signal(&decoded) {
            return Some(response);
        }
        let lower = decoded.to_ascii_lowercase();
        let (stem, format) = Format::split(&lower);
        let segments: Vec<&str> = stem
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let tidy = format!("/{}", segments.join("/"));
        let tidy = tidy.as_str();
        let known = self.by_path.contains_key(tidy)
            || self.single.contains_key(tidy)
            || is_number(tidy)
            || pages::ROUTED.contains(&tidy);
        let target = match self.redirects.get(tidy) {
            Some(target) => target.as_str(),
            None if known => tidy,
            None => return None,
        };
        let mut location = match format {
            Some(format) if target == "/" => format!("/index{}", format.suffix()),
            Some(format) => format!("{target}{}", format.suffix()),
            None => target.to_owned(),
        };
        if location == path {
            return None;
        }
        if let Some(query) = query {
            location.push('?');
            location.push_str(query);
        }
        let mut response =
            Response::new(Body::from(format!("This address is written {location}\n")));
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        let headers = response.headers_mut();
        headers.insert(LOCATION, HeaderValue::try_from(location).ok()?);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHE_MOVED));
        Some(response)
    }
}

/// The signal of an address such as `/api/v1/signals/haproxy/sC--`.
fn one_signal(path: &str) -> Option<&'static siteerror_catalog::Signal> {
    let id = path.strip_prefix(routes::API_SIGNALS)?.strip_prefix('/')?;
    let id = percent_encoding::percent_decode_str(id)
        .decode_utf8()
        .ok()?;
    catalog().signal(&id)
}

/// 308 from the identity of a signal, such as `/haproxy/sC--`, to its entry.
fn signal(path: &str) -> Option<Response<Body>> {
    let signal = catalog().signal(path.strip_prefix('/')?)?;
    let href = signal.href();
    let mut response = Response::new(Body::from(format!("This address is written {href}\n")));
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::try_from(href).ok()?);
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHE_MOVED));
    Some(response)
}

/// What is outside the registry: shelves, their codes, entries of IIS, numbers, signals and faults.
fn vendors(
    add: &mut impl FnMut(&str, Box<dyn View>) -> Arc<Page>,
    single: &mut HashMap<String, (Arc<Page>, Format), foldhash::fast::FixedState>,
    redirects: &mut HashMap<String, String, foldhash::fast::FixedState>,
) {
    let mut api = |path: String, page: Arc<Page>| {
        single.insert(path, (page, Format::Json));
    };
    for vendor in Vendor::ALL {
        add(&format!("/{}", vendor.slug()), Box::new(ShelfView(vendor)));
    }
    for code in catalog().vendor_codes() {
        let path = code.id.path();
        let page = add(&path, Box::new(VendorView(code)));
        api(format!("{}{path}", routes::API_CODES), page);
    }
    for entry in catalog().substatus_codes() {
        let path = entry.id.path();
        let page = add(&path, Box::new(SubstatusView(entry)));
        api(format!("{}{path}", routes::API_CODES), page);
        redirects.insert(path.replacen("/iis", "", 1), path);
    }
    for number in SubstatusListView::all() {
        add(
            &format!("/iis/{number}"),
            Box::new(SubstatusListView(number)),
        );
    }
    for number in (100..=999).filter_map(|number| catalog().vendor_number(number)) {
        let path = number.unassigned().id().path();
        let page = add(&path, Box::new(NumberView(number)));
        api(format!("{}{path}", routes::API_CODES), page);
    }
    let page = add(routes::SIGNALS, Box::new(SignalsView));
    api(routes::API_SIGNALS.to_owned(), page);
    for family in catalog().signal_families() {
        let page = add(&family.path(), Box::new(FamilyView(family)));
        api(format!("{}/{}", routes::API_SIGNALS, family.slug), page);
        if Vendor::ALL
            .iter()
            .all(|vendor| vendor.slug() != family.slug)
        {
            redirects.insert(format!("/{}", family.slug), family.path());
        }
    }
    let page = add(routes::FAULTS, Box::new(FaultsView));
    api(routes::API_FAULTS.to_owned(), page);
}

/// `/404`, assigned or not.
fn is_number(path: &str) -> bool {
    path.strip_prefix('/')
        .is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

//! A small collection, one member of which may be the collection itself: multistatus, what is reported already, and loops. RFC 4918 §9.1, RFC 5842.

use askama::Template;
use http::StatusCode;

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask};
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const METHODS: Methods = Methods::Only(&["GET", "PROPFIND"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 207,
        rule: "Ask a collection and its members for their properties with PROPFIND: there is a status for each, so the answer as a whole has this one.",
        source: "RFC 4918 §9.1, §11.1",
        note: "The statuses that matter stand in the XML. An empty request means all properties; Depth says how far down, and without it all the way.",
        seen: Seen::Final,
        methods: METHODS,
        play: Rule::Wait(|call, rest| Box::pin(collection(call, rest, SHELF))),
        provocations: &[Deed::of(207, &[ask("PROPFIND {try}", &["Depth: 1"])])],
        twin: Deed::of(200, &[ask("GET {try}/readme.txt", &[])]),
    },
    Cause {
        code: 208,
        rule: "Walk all the way down a collection that holds itself as a member, and say `DAV: bind`: the second time around, the collection is reported already, and not entered again.",
        source: "RFC 5842 §7.1",
        note: "It stands in the XML of a 207, in the propstat of the member `again`, and is never the status of a whole response.",
        seen: Seen::InsideMultistatus,
        methods: METHODS,
        play: Rule::Wait(|call, rest| Box::pin(collection(call, rest, RING))),
        provocations: &[Deed::of(
            207,
            &[ask("PROPFIND {try}", &["Depth: infinity", "DAV: bind"])],
        )],
        twin: Deed::of(207, &[ask("PROPFIND {try}", &["Depth: 1", "DAV: bind"])]),
    },
    Cause {
        code: 508,
        rule: "Walk all the way down a collection that holds itself as a member, without `DAV: bind`: a client that does not know of bindings would go round for ever, so the whole request fails.",
        source: "RFC 5842 §7.2",
        note: "With `DAV: bind`, the answer is the 207 of {prefix}/cause/208.",
        seen: Seen::Final,
        methods: METHODS,
        play: Rule::Wait(|call, rest| Box::pin(collection(call, rest, RING))),
        provocations: &[Deed::of(
            508,
            &[ask("PROPFIND {try}", &["Depth: infinity"])],
        )],
        twin: Deed::of(207, &[ask("PROPFIND {try}", &["Depth: 0"])]),
    },
];

/// Something with an identity of its own, to which several names may be bound.
struct Resource {
    name: &'static str,
    /// Names bound to other resources, by their place in [`RESOURCES`]; none where it is no collection.
    members: Option<&'static [(&'static str, usize)]>,
}

/// The collection without a loop, and the one with.
const SHELF: usize = 0;
const RING: usize = 1;
const README: usize = 2;
const DRAWER: usize = 3;
const NOTE: usize = 4;

static RESOURCES: [Resource; 5] = [
    Resource {
        name: "A shelf",
        members: Some(&[("readme.txt", README), ("drawer", DRAWER)]),
    },
    Resource {
        name: "A ring",
        members: Some(&[("readme.txt", README), ("again", RING)]),
    },
    Resource {
        name: "What this is",
        members: None,
    },
    Resource {
        name: "A drawer",
        members: Some(&[("note.txt", NOTE)]),
    },
    Resource {
        name: "A note",
        members: None,
    },
];

/// How far down a request goes. RFC 4918 §10.2.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Zero,
    One,
    Infinity,
}

/// The answer for one binding.
struct Member {
    href: String,
    name: &'static str,
    is_collection: bool,
    status: u16,
}

#[derive(Template)]
#[template(path = "multistatus.xml")]
struct Multistatus {
    members: Vec<Member>,
}

impl Member {
    /// The status line that stands for it. RFC 4918 §14.28.
    fn status_line(&self) -> String {
        let name = siteerror_catalog::catalog()
            .number(self.status)
            .map_or("", |code| code.name);
        format!("HTTP/1.1 {} {name}", self.status)
    }
}

async fn collection(call: &mut Call, rest: &str, root: usize) -> Outcome {
    let mut at = root;
    for segment in rest.split('/').filter(|segment| !segment.is_empty()) {
        let member = RESOURCES[at]
            .members
            .and_then(|members| members.iter().find(|(name, _)| *name == segment));
        let Some((_, next)) = member else {
            return Err(super::missing(call));
        };
        at = *next;
    }
    if call.parts.method != "PROPFIND" {
        let names = |members: &[(&'static str, usize)]| {
            let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
            names.join("\n")
        };
        let text = RESOURCES[at]
            .members
            .map_or_else(|| RESOURCES[at].name.to_owned(), names)
            + "\n";
        return Ok(Reply::ok(TEXT, text).because("GET reads one thing and has one status."));
    }
    if !call.content().await?.is_empty() {
        return Ok(Reply::status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .because("This collection only knows the PROPFIND without content, which asks for all properties."));
    }
    let depth = match call.header("depth").unwrap_or("infinity") {
        "0" => Depth::Zero,
        "1" => Depth::One,
        infinity if infinity.eq_ignore_ascii_case("infinity") => Depth::Infinity,
        other => {
            return Err(Refusal::new(
                "invalid-field",
                400,
                format!(
                    "`Depth` is `{}`: it is 0, 1 or infinity",
                    crate::refusal::shown(other)
                ),
            )
            .hint("RFC 4918 section 10.2"));
        }
    };
    let knows_bindings = call
        .parts
        .headers
        .get_all("dav")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|class| class.trim().eq_ignore_ascii_case("bind"));
    let mut walk = Walk {
        depth,
        knows_bindings,
        entered: Vec::new(),
        members: Vec::new(),
    };
    let path = call.parts.uri.path().trim_end_matches('/').to_owned();
    if let Err(Loop(again)) = walk.visit(at, &path, 0) {
        return Ok(Reply::status(StatusCode::LOOP_DETECTED).because(format!(
            "Depth was infinity, and {again} is a collection that you are in already; without `DAV: bind` there is no saying so member by member."
        )));
    }
    let count = walk.members.len();
    let xml = Multistatus {
        members: walk.members,
    }
    .render()
    .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
    Ok(Reply::status(StatusCode::MULTI_STATUS)
        .with("application/xml; charset=utf-8", xml + "\n")
        .because(format!(
            "There are {count} statuses inside, one for each member."
        )))
}

/// A collection that was found inside itself.
struct Loop(String);

struct Walk {
    depth: Depth,
    knows_bindings: bool,
    entered: Vec<usize>,
    members: Vec<Member>,
}

impl Walk {
    fn visit(&mut self, at: usize, path: &str, level: usize) -> Result<(), Loop> {
        let resource = &RESOURCES[at];
        let is_collection = resource.members.is_some();
        let slash = if is_collection { "/" } else { "" };
        let mut member = Member {
            href: format!("{path}{slash}"),
            name: resource.name,
            is_collection,
            status: 200,
        };
        let is_again = is_collection && self.entered.contains(&at);
        // RFC 5842 §7.1: only requests that go all the way down report anything as reported already.
        if is_again && self.depth == Depth::Infinity {
            if !self.knows_bindings {
                return Err(Loop(member.href));
            }
            member.status = 208;
        }
        self.members.push(member);
        let goes_on = match self.depth {
            Depth::Zero => false,
            Depth::One => level == 0,
            Depth::Infinity => !is_again,
        };
        if !goes_on {
            return Ok(());
        }
        self.entered.push(at);
        for (name, next) in resource.members.unwrap_or_default() {
            self.visit(*next, &format!("{path}/{name}"), level + 1)?;
        }
        Ok(())
    }
}

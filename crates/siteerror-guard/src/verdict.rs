//! What the guard says: a verdict, the rule that decided, and the reason. What is not refused is allowed, and is a [`Target`](crate::Target) then.

use std::fmt;

/// How a decision ends. `allowed` is the verdict on a target, never that of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// We may go there.
    Allowed,
    /// A usable request that we refuse.
    Blocked,
    /// Not something that we can use.
    Invalid,
}

impl Verdict {
    /// `allowed`, `blocked` or `invalid`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Blocked => "blocked",
            Self::Invalid => "invalid",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One row a rule: variant and what it is about.
macro_rules! rules {
    ($($rule:ident $text:literal;)*) => {
        /// The rules that the guard holds, in their order. The numbers never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $text] $rule,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// The number, such as `S7`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$rule => stringify!($rule),)* }
            }

            /// What the rule is about.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$rule => $text,)* }
            }
        }
    };
}

rules! {
    S1 "A URL is parsed once, and only the parsed value is used.";
    S2 "Only http and https.";
    S3 "No user name and no password.";
    S4 "Only the ports of web servers.";
    S5 "No names that are never public.";
    S6 "Every answer of a lookup is judged, and one bad address refuses the name.";
    S7 "No address that has a special purpose, or that is our own.";
    S9 "Each redirect is judged like a first URL; loops and long chains end.";
    S10 "A stranger chooses few methods, and no field that speaks for somebody else.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One row a reason: variant, code, half a sentence.
macro_rules! reasons {
    ($($reason:ident $code:literal $text:literal;)*) => {
        /// Why a rule refuses or warns. The codes never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $(#[doc = concat!("`", $code, "`: ", $text, ".")] $reason,)*
        }

        impl Reason {
            /// All of them, in the order of the rules.
            pub const ALL: &[Self] = &[$(Self::$reason,)*];

            /// The name that never changes, in kebab case.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$reason => $code,)* }
            }

            /// The reason in half a sentence, for people.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$reason => $text,)* }
            }
        }
    };
}

reasons! {
    // S1
    UrlTooLong "url-too-long" "the URL is longer than 8,192 bytes";
    NotUtf8 "not-utf8" "the URL is not UTF-8";
    ControlCharacter "control-character" "a tab, a line break or another control character is inside the URL";
    SchemeMissing "scheme-missing" "the URL has no scheme, such as `https:`";
    HostMissing "host-missing" "the URL has no host";
    HostBad "host-bad" "the host is not a name that can exist";
    AddressBad "address-bad" "the host looks like an address and is none";
    PortBad "port-bad" "the port is not a number up to 65535";
    UrlBad "url-bad" "the text is not a URL";
    LabelEmpty "label-empty" "a label of the host name is empty";
    LabelTooLong "label-too-long" "a label of the host name is longer than 63 bytes";
    NameTooLong "name-too-long" "the host name is longer than 253 bytes";
    // S2 to S4
    Scheme "scheme" "the scheme is neither http nor https";
    Userinfo "userinfo" "the URL has a user name or a password";
    Port "port" "the port is not one that we visit";
    // S5
    NameWithoutDot "name-without-dot" "a name without a dot is not public";
    NameNotPublic "name-not-public" "names below this one are never public";
    NameMetadata "name-metadata" "the name belongs to a cloud's metadata service";
    NameOfOperator "name-of-operator" "the operator has closed this name";
    HostIdnConfusable "host-idn-confusable" "a label of the host name mixes scripts";
    // S6
    TooManyAddresses "too-many-addresses" "the name has more than 64 addresses";
    // S7
    NameToSpecialAddress "name-to-special-address" "the name resolves to an address that we do not visit";
    ThisNetwork "this-network" "the address means this network, and often this very host";
    PrivateUse "private-use" "the address is for private networks";
    SharedAddressSpace "shared-address-space" "the address is for networks behind a carrier's NAT";
    Loopback "loopback" "the address is loopback";
    LinkLocal "link-local" "the address is link-local, where clouds keep their metadata";
    ProtocolAssignment "protocol-assignment" "the address is set aside for protocols";
    Nat64Discovery "nat64-discovery" "the address is for finding NAT64";
    Anycast "anycast" "the address leads to the nearest device of the network itself";
    Documentation "documentation" "the address is for documentation";
    As112 "as112" "the address is a sink for reverse DNS";
    Amt "amt" "the address is a multicast relay";
    SixToFourRelay "6to4-relay" "the address was for 6to4 relays";
    Benchmarking "benchmarking" "the address is for benchmarking";
    Reserved "reserved" "the address is reserved";
    Broadcast "broadcast" "the address is the broadcast address";
    Multicast "multicast" "the address is multicast";
    CloudPlatform "cloud-platform" "the address is a cloud's own platform service";
    Unspecified "unspecified" "the address is the unspecified one, which means this host";
    LocalNat64 "local-nat64" "the address is translated by a NAT64 of the network";
    DiscardOnly "discard-only" "the address is for discarding";
    DummyPrefix "dummy-prefix" "the address is a dummy";
    Teredo "teredo" "the address is Teredo, with an IPv4 address inside";
    Orchid "orchid" "the address is an identifier, not a place";
    DroneTag "drone-tag" "the address is a tag of a drone, not a place";
    SixToFour "6to4" "the address is 6to4, with an IPv4 address inside";
    SegmentRouting "segment-routing" "the address is a segment of a route";
    UniqueLocal "unique-local" "the address is for local networks";
    Ipv4Compatible "ipv4-compatible" "the address is the deprecated IPv4-compatible form";
    Ipv4Translated "ipv4-translated" "the address has a translated IPv4 address inside";
    Returned "returned" "the address was given back and belongs to nobody";
    SiteLocal "site-local" "the address is the deprecated site-local form";
    Isatap "isatap" "the address is ISATAP, with an IPv4 address inside";
    NotGlobalUnicast "not-global-unicast" "the address is outside of 2000::/3, where public addresses are";
    OwnAddress "own-address" "the address is our own";
    RangeOfOperator "range-of-operator" "the operator has closed this range of addresses";
    // S9
    LocationEmpty "location-empty" "Location is empty";
    RedirectUrlTooLong "redirect-url-too-long" "Location is longer than 8,192 bytes";
    RedirectLoop "redirect-loop" "this request was made before in the same chain";
    TooManyRedirects "too-many-redirects" "the chain has more redirects than we follow";
    // S10
    MethodBad "method-bad" "the method is not a token";
    FieldNameBad "field-name-bad" "a field name is not a token";
    FieldValueBad "field-value-bad" "a field value has a control character in it";
    Method "method" "the method is none of GET, HEAD and OPTIONS";
    Field "field" "a field that nobody may set here";
    FieldOfStranger "field-of-stranger" "a field that only the person at the terminal may set";
    FieldsTooLarge "fields-too-large" "the fields are too many or too large";
    UserAgentTooLong "user-agent-too-long" "User-Agent is longer than 256 bytes";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A refusal. It carries nothing of what was refused: no URL, no field value, no address, so that it can be shown and logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// `blocked` or `invalid`.
    pub verdict: Verdict,
    /// The rule that decided.
    pub rule: Rule,
    /// Why.
    pub reason: Reason,
}

impl Refusal {
    pub(crate) const fn blocked(rule: Rule, reason: Reason) -> Self {
        Self {
            verdict: Verdict::Blocked,
            rule,
            reason,
        }
    }

    pub(crate) const fn invalid(rule: Rule, reason: Reason) -> Self {
        Self {
            verdict: Verdict::Invalid,
            rule,
            reason,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            verdict,
            rule,
            reason,
        } = self;
        write!(f, "{verdict} by {rule}: {}", reason.text())
    }
}

impl std::error::Error for Refusal {}

/// What is worth knowing about something that is allowed: what the local policy lets pass, and names that mix scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Warning {
    /// The rule that would refuse, or that has the advice.
    pub rule: Rule,
    /// Why.
    pub reason: Reason,
}

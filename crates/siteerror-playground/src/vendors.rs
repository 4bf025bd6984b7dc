//! The codes of vendors: what their servers really put on the wire, what causes it, and how the playground brings it about.

mod aws;
mod cloudflare;
mod nginx;
mod rules;

use serde::Serialize;

use crate::gateway::{Limits, Met, Trouble, Upstream};
pub(crate) use rules::{Rates, Rule};

/// Whose codes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Vendor {
    /// The web server, version 1.22 where behaviour was measured.
    Nginx,
    /// The network in front of other people's servers.
    Cloudflare,
    /// The Application Load Balancer of AWS.
    AwsElb,
    /// The Classic Load Balancer of AWS.
    AwsClassicElb,
}

impl Vendor {
    /// All of them, in the order of `/vendors`.
    pub const ALL: &[Self] = &[
        Self::Nginx,
        Self::Cloudflare,
        Self::AwsElb,
        Self::AwsClassicElb,
    ];

    /// Their words in paths, in the same order.
    pub(crate) const WORDS: &[&str] = &["nginx", "cloudflare", "aws-elb", "aws-classic-elb"];

    /// The word in paths.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Cloudflare => "cloudflare",
            Self::AwsElb => "aws-elb",
            Self::AwsClassicElb => "aws-classic-elb",
        }
    }

    /// The name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Cloudflare => "Cloudflare",
            Self::AwsElb => "AWS Application Load Balancer",
            Self::AwsClassicElb => "AWS Classic Load Balancer",
        }
    }

    /// The codes that can be played.
    pub fn codes(self) -> &'static [VendorCode] {
        match self {
            Self::Nginx => nginx::CODES,
            Self::Cloudflare => cloudflare::CODES,
            Self::AwsElb => aws::APPLICATION,
            Self::AwsClassicElb => aws::CLASSIC,
        }
    }

    pub(crate) fn find(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|vendor| vendor.word() == word)
    }

    /// What this vendor's server puts up with from an upstream. Times are short here, so that nobody waits as long as the vendor makes them.
    pub(crate) fn limits(self) -> Limits {
        Limits {
            head_bytes: match self {
                // proxy_buffer_size is one page of memory, 4 or 8 KB, unless changed.
                Self::Nginx => 8 * 1024,
                Self::Cloudflare => 128 * 1024,
                Self::AwsElb | Self::AwsClassicElb => 32 * 1024,
            },
            ..Limits::default()
        }
    }

    /// What this vendor's server makes of what it met.
    pub(crate) fn verdict(self, met: &Met) -> Verdict {
        let failure = match met {
            Met::Answer(_) => return Verdict::PassOn,
            Met::Failure(failure) => failure,
        };
        match self {
            Self::Nginx => nginx::verdict(failure.trouble),
            Self::Cloudflare => cloudflare::verdict(failure.trouble),
            Self::AwsElb => aws::application_verdict(failure.trouble),
            Self::AwsClassicElb => aws::classic_verdict(failure.trouble),
        }
    }
}

/// What a vendor's server makes of what it met behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It passes the answer on.
    PassOn,
    /// It answers itself.
    Answer(u16),
    /// It passes the bytes on as they came, without a head.
    Bare,
}

impl From<Trouble> for Verdict {
    /// As RFC 9110 §15.6.3 and §15.6.5 have it: what vendors do where nothing else is written down about them.
    fn from(trouble: Trouble) -> Self {
        Self::Answer(match trouble {
            Trouble::ConnectTimeout | Trouble::ResponseTimeout => 504,
            _ => 502,
        })
    }
}

/// A code of a vendor.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct VendorCode {
    /// As the vendor writes it: `444`, `009`, `1015`.
    pub code: &'static str,
    /// The vendor's name for it, or ours in brackets where there is none.
    pub name: &'static str,
    /// What a client sees.
    pub on_the_wire: &'static str,
    /// What it means, in whole sentences.
    pub about: &'static str,
    /// Where that is written down: the file in a repository of the vendor, or how it was measured.
    pub source: &'static str,
    #[serde(skip)]
    pub(crate) causes: &'static [Cause],
}

/// One way to bring a code about.
#[derive(Debug)]
pub(crate) struct Cause {
    /// Its name in `?cause=`.
    pub(crate) name: &'static str,
    pub(crate) deed: Deed,
}

/// What is done.
#[derive(Debug)]
pub(crate) enum Deed {
    /// An upstream is asked, and its habit decides.
    Through(Upstream),
    /// The connection ends without a byte.
    Close,
    /// The same, once the content of the request did not come in time.
    CloseUnlessContent,
    /// A real answer, once the content of the request did not come in time.
    AnswerUnlessContent(u16),
    /// A mistake in the request decides.
    Rule(Rule, u16),
    /// Nothing comes for as long as the limits allow.
    Wait,
    /// This answer, because of something that the playground does not have; the sentence says what.
    Answer(u16, &'static str),
    /// GOAWAY and no answer, which only HTTP/2 has.
    GoAway,
}

impl VendorCode {
    pub(crate) fn cause(&self, name: Option<&str>) -> Option<&'static Cause> {
        match name {
            None => self.causes.first(),
            Some(name) => self.causes.iter().find(|cause| cause.name == name),
        }
    }

    /// Whether the client gets no response: what it sees does not begin with a status.
    pub(crate) fn breaks_connection(&self) -> bool {
        !self
            .on_the_wire
            .starts_with(|first: char| first.is_ascii_digit())
    }

    /// The names of all its causes.
    pub fn causes(&self) -> impl Iterator<Item = &'static str> {
        self.causes.iter().map(|cause| cause.name)
    }
}

const fn through(upstream: Upstream) -> Cause {
    Cause {
        name: upstream.name(),
        deed: Deed::Through(upstream),
    }
}

const fn by(name: &'static str, deed: Deed) -> Cause {
    Cause { name, deed }
}

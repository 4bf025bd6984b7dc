//! How a code is named: `404`, `nginx/499`, `iis/404.13`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::Class;

/// A shelf of codes that a vendor uses outside the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// NGINX.
    Nginx,
    /// Cloudflare.
    Cloudflare,
    /// AWS Elastic Load Balancing and its neighbours.
    AwsElb,
    /// Microsoft Internet Information Services.
    Iis,
    /// Everybody else.
    Other,
}

impl Vendor {
    /// All shelves, in the order of the site.
    pub const ALL: [Self; 5] = [
        Self::Nginx,
        Self::Cloudflare,
        Self::AwsElb,
        Self::Iis,
        Self::Other,
    ];

    /// The word in identities and addresses, such as `aws-elb`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Cloudflare => "cloudflare",
            Self::AwsElb => "aws-elb",
            Self::Iis => "iis",
            Self::Other => "other",
        }
    }

    /// What its page is headed by.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Nginx => "NGINX",
            Self::Cloudflare => "Cloudflare",
            Self::AwsElb => "AWS load balancers",
            Self::Iis => "Microsoft IIS",
            Self::Other => "Everybody else",
        }
    }

    /// Whose codes stand on the shelf, in one sentence of plain text.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Nginx => {
                "What nginx says where no RFC has a number for it, much of it in the access log alone, and what it means by the registered ones."
            }
            Self::Cloudflare => {
                "What the network in front of a site says when the site behind it does not answer as it should."
            }
            Self::AwsElb => {
                "What Amazon's balancers, CloudFront and API Gateway answer by themselves, before or instead of the targets behind them."
            }
            Self::Iis => {
                "What Internet Information Services and ASP.NET Core say; the number behind the dot is for the log and for local visitors."
            }
            Self::Other => {
                "Proxies, frameworks, platforms and folklore: numbers that somebody sends or writes down, each with its owner."
            }
        }
    }
}

/// The identity of a code. It never changes its meaning.
///
/// ```
/// use siteerror_catalog::CodeId;
///
/// let id: CodeId = "iis/404.13".parse()?;
/// assert_eq!((id.number(), id.substatus()), (404, Some(13)));
/// assert_eq!(id.to_string(), "iis/404.13");
/// # Ok::<(), siteerror_catalog::ParseCodeIdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId {
    number: u16,
    vendor: Option<Vendor>,
    substatus: Option<u16>,
}

impl CodeId {
    pub(crate) const fn registered(number: u16) -> Self {
        Self {
            number,
            vendor: None,
            substatus: None,
        }
    }

    /// Any identity. The build script calls it with numbers that it has checked.
    pub(crate) const fn of(number: u16, vendor: Option<Vendor>, substatus: Option<u16>) -> Self {
        Self {
            number,
            vendor,
            substatus,
        }
    }

    /// A plain number from 100 to 999. RFC 9110 §15 gives meaning to 100 to 599.
    pub const fn plain(number: u16) -> Option<Self> {
        match number {
            100..=999 => Some(Self::registered(number)),
            _ => None,
        }
    }

    /// The status code itself.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// The shelf of a vendor code.
    pub const fn vendor(self) -> Option<Vendor> {
        self.vendor
    }

    /// What Microsoft IIS writes behind the dot.
    pub const fn substatus(self) -> Option<u16> {
        self.substatus
    }

    /// The class, for numbers from 100 to 599.
    pub fn class(self) -> Option<Class> {
        Class::of(self.number)
    }

    /// The path of its page.
    pub fn path(self) -> String {
        format!("/{self}")
    }
}

impl fmt::Display for CodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(vendor) = self.vendor {
            write!(f, "{}/", vendor.slug())?;
        }
        write!(f, "{}", self.number)?;
        self.substatus
            .map_or(Ok(()), |substatus| write!(f, ".{substatus}"))
    }
}

impl Serialize for CodeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text is no identity of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseCodeIdError {
    /// What stands before `/` is no shelf.
    Shelf,
    /// The number is not three digits from 100 to 999.
    Number,
    /// What stands behind `.` is no number, or the code is not one of IIS.
    Substatus,
}

impl fmt::Display for ParseCodeIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shelf => {
                "no such shelf: a vendor is `nginx`, `cloudflare`, `aws-elb`, `iis` or `other`"
            }
            Self::Number => "a status code is three digits, from 100 to 599",
            Self::Substatus => "only codes of `iis` have a number behind the dot",
        })
    }
}

impl std::error::Error for ParseCodeIdError {}

impl FromStr for CodeId {
    type Err = ParseCodeIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (vendor, rest) = match text.split_once('/') {
            Some((shelf, rest)) => {
                let vendor = Vendor::ALL
                    .into_iter()
                    .find(|vendor| vendor.slug() == shelf);
                (Some(vendor.ok_or(ParseCodeIdError::Shelf)?), rest)
            }
            None => (None, text),
        };
        let (number, substatus) = match rest.split_once('.') {
            Some((number, substatus)) => (
                number,
                Some(digits(substatus).ok_or(ParseCodeIdError::Substatus)?),
            ),
            None => (rest, None),
        };
        let number = digits(number)
            .filter(|value| number.len() == 3 && (100..=999).contains(value))
            .ok_or(ParseCodeIdError::Number)?;
        if substatus.is_some() && vendor != Some(Vendor::Iis) {
            return Err(ParseCodeIdError::Substatus);
        }
        Ok(Self {
            number,
            vendor,
            substatus,
        })
    }
}

/// Decimal digits and nothing else, no sign.
fn digits(text: &str) -> Option<u16> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

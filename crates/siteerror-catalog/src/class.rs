//! The five classes of RFC 9110, section 15.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Text;

/// A class of status codes: the first digit. RFC 9110 §15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 1xx: the request was received, and the process goes on.
    Informational,
    /// 2xx: the request was received, understood and accepted.
    Successful,
    /// 3xx: further action is needed to complete the request.
    Redirection,
    /// 4xx: the request has a fault or cannot be fulfilled.
    ClientError,
    /// 5xx: the server failed to fulfil a request that appears valid.
    ServerError,
}

impl Class {
    /// All classes, in order.
    pub const ALL: [Self; 5] = [
        Self::Informational,
        Self::Successful,
        Self::Redirection,
        Self::ClientError,
        Self::ServerError,
    ];

    /// The class of a number from 100 to 599.
    ///
    /// ```
    /// use siteerror_catalog::Class;
    ///
    /// assert_eq!(Class::of(404), Some(Class::ClientError));
    /// assert_eq!(Class::of(600), None);
    /// ```
    pub const fn of(number: u16) -> Option<Self> {
        match number / 100 {
            1 => Some(Self::Informational),
            2 => Some(Self::Successful),
            3 => Some(Self::Redirection),
            4 => Some(Self::ClientError),
            5 => Some(Self::ServerError),
            _ => None,
        }
    }

    /// The first digit.
    pub const fn digit(self) -> u16 {
        self as u16 + 1
    }

    /// The x00 code, whose meaning an unknown code of the class has for a client. RFC 9110 §15.
    pub const fn x00(self) -> u16 {
        self.digit() * 100
    }

    /// `1xx` to `5xx`, as in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Informational => "1xx",
            Self::Successful => "2xx",
            Self::Redirection => "3xx",
            Self::ClientError => "4xx",
            Self::ServerError => "5xx",
        }
    }

    /// The name in RFC 9110 §15.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Informational => "Informational",
            Self::Successful => "Successful",
            Self::Redirection => "Redirection",
            Self::ClientError => "Client Error",
            Self::ServerError => "Server Error",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.slug(), self.name())
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

/// What there is to say about a whole class.
#[derive(Debug)]
#[non_exhaustive]
pub struct ClassPage {
    /// Which class.
    pub class: Class,
    /// One or two sentences, plain text.
    pub summary: &'static str,
    /// What the class means, in a friendly voice.
    pub meaning: Text,
    /// What a client must make of a code of this class that it does not know.
    pub unknown: Text,
    /// Things worth knowing about all codes of the class.
    pub advice: &'static [Text],
    /// The section of RFC 9110, such as `15.5`.
    pub rfc_section: &'static str,
    /// Day of the last change, `2026-11-24`.
    pub updated: &'static str,
}

//! What stands in lists and is linked as a code: registered ones, those of vendors, and the entries of IIS.

use siteerror_catalog::{Class, Code, CodeId, Row, Standing, Substatus, VendorCode, catalog};

use crate::terminal::{Paint, shape};

/// A code with a page, wherever it stands.
#[derive(Debug, Clone, Copy)]
pub enum Listed {
    /// Of the registry.
    Code(&'static Code),
    /// Of a vendor's shelf.
    Vendor(&'static VendorCode),
    /// Of IIS, with a number behind the dot.
    Substatus(&'static Substatus),
}

impl Listed {
    /// The code with an identity.
    pub fn find(id: CodeId) -> Option<Self> {
        let catalog = catalog();
        let code = catalog.get(id).map(Self::Code);
        code.or_else(|| catalog.vendor_code(id).map(Self::Vendor))
            .or_else(|| catalog.substatus(id).map(Self::Substatus))
    }

    /// Its identity.
    pub fn id(self) -> CodeId {
        match self {
            Self::Code(code) => code.id,
            Self::Vendor(code) => code.id,
            Self::Substatus(entry) => entry.id,
        }
    }

    /// What heads its page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Code(code) => code.title(),
            Self::Vendor(code) => code.name,
            Self::Substatus(entry) => entry.name,
        }
    }

    /// What it says in a sentence or two.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Code(code) => code.summary,
            Self::Vendor(code) => code.summary,
            Self::Substatus(entry) => entry.meaning.plain(),
        }
    }

    /// Ways in which people say it.
    pub(crate) fn said(self) -> &'static [&'static str] {
        match self {
            Self::Code(code) => code.said,
            Self::Vendor(code) => code.said,
            Self::Substatus(entry) => entry.said,
        }
    }

    pub(crate) const fn is_registered(self) -> bool {
        matches!(self, Self::Code(_))
    }

    /// Its standing.
    pub const fn standing(self) -> Standing {
        match self {
            Self::Code(code) => code.standing,
            Self::Vendor(_) | Self::Substatus(_) => Standing::Vendor,
        }
    }

    /// The class whose hue it has.
    pub(crate) fn class(self) -> Option<Class> {
        self.id().class()
    }

    /// The digit of its hue.
    pub(crate) fn hue(self) -> &'static str {
        hue_of(self.id())
    }

    /// As a line of a list, its shape and identity.
    pub(crate) fn mark(self, paint: Paint) -> String {
        let id = self.id();
        let shape = shape(self.class().filter(|_| id.vendor().is_none()));
        paint.hue(self.class(), &format!("{shape} {id}"))
    }
}

impl From<Listed> for Row {
    fn from(listed: Listed) -> Self {
        match listed {
            Listed::Code(code) => code.into(),
            Listed::Vendor(code) => code.into(),
            Listed::Substatus(entry) => entry.into(),
        }
    }
}

/// The hue of a number: from 600 on, clients take it for a server error. RFC 9110 §15.
pub(crate) fn hue_of(id: CodeId) -> &'static str {
    super::hue(id.class().unwrap_or(Class::ServerError))
}

impl serde::Serialize for Listed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Code(code) => code.serialize(serializer),
            Self::Vendor(code) => code.serialize(serializer),
            Self::Substatus(entry) => entry.serialize(serializer),
        }
    }
}

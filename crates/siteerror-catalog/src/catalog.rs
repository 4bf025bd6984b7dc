//! All codes: look up, list, neighbours, and numbers that nobody assigned.

use crate::{
    Cache, Class, ClassPage, Code, CodeId, Comparison, Example, Facts, FieldRule, Fixes,
    FormerName, Level, Presence, Question, Quotation, RedirectMethod, Since, Source, Standing,
    Text, Weight,
};

use crate::code::slug;

include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// The catalog. It is part of the program: nothing is read or allocated.
///
/// ```
/// let catalog = siteerror_catalog::catalog();
/// let code = catalog.number(422).expect("422 is registered");
/// assert_eq!(code.name, "Unprocessable Content");
/// assert!(!code.facts.heuristically_cacheable);
/// assert_eq!(catalog.codes().len(), 64);
/// ```
pub const fn catalog() -> Catalog {
    Catalog {
        codes: CODES,
        classes: CLASSES,
    }
}

/// All codes and classes, see [`catalog`].
#[derive(Debug, Clone, Copy)]
pub struct Catalog {
    codes: &'static [Code],
    classes: &'static [ClassPage],
}

impl Catalog {
    /// All codes in the order of their numbers.
    pub const fn codes(self) -> &'static [Code] {
        self.codes
    }

    /// The registered code of a number.
    pub fn number(self, number: u16) -> Option<&'static Code> {
        self.get(CodeId::registered(number))
    }

    /// The code of an identity.
    pub fn get(self, id: CodeId) -> Option<&'static Code> {
        self.codes
            .binary_search_by_key(&id, |code| code.id)
            .ok()
            .map(|index| &self.codes[index])
    }

    /// The code that has or had this name, in any spelling: case, spaces and punctuation do not count.
    ///
    /// ```
    /// let catalog = siteerror_catalog::catalog();
    /// for name in ["I'm a teapot", "im-a-teapot", "i'm a TEAPOT"] {
    ///     assert_eq!(catalog.named(name).unwrap().id.number(), 418);
    /// }
    /// assert_eq!(catalog.named("Payload Too Large").unwrap().name, "Content Too Large");
    /// ```
    pub fn named(self, name: &str) -> Option<&'static Code> {
        let wanted = slug(name);
        self.codes
            .iter()
            .find(|code| code.slugs().any(|slug| slug == wanted))
    }

    /// The codes of a class, in order.
    pub fn class(self, class: Class) -> impl Iterator<Item = &'static Code> {
        self.codes.iter().filter(move |code| code.class() == class)
    }

    /// What there is to say about each class.
    pub const fn classes(self) -> &'static [ClassPage] {
        self.classes
    }

    /// The codes before and after a number, assigned or not.
    ///
    /// ```
    /// let (before, after) = siteerror_catalog::catalog().neighbours(477);
    /// assert_eq!((before.unwrap().id.number(), after.unwrap().id.number()), (451, 500));
    /// ```
    pub fn neighbours(self, number: u16) -> (Option<&'static Code>, Option<&'static Code>) {
        let before = self.codes.partition_point(|code| code.id.number() < number);
        let after = self
            .codes
            .partition_point(|code| code.id.number() <= number);
        (
            before.checked_sub(1).map(|index| &self.codes[index]),
            self.codes.get(after),
        )
    }

    /// A number that nobody assigned.
    pub fn unassigned(self, number: u16) -> Option<UnassignedCode> {
        let id = CodeId::plain(number)?;
        self.get(id).is_none().then_some(UnassignedCode { id })
    }
}

/// A three-digit number without an assignment. Numbers from 600 on are not even valid as status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnassignedCode {
    pub(crate) id: CodeId,
}

impl UnassignedCode {
    /// Its identity.
    pub const fn id(self) -> CodeId {
        self.id
    }

    /// The code whose meaning it has for a client: the x00 code of its class, and 500 for an invalid number.
    ///
    /// RFC 9110 §15: "a client MUST understand the class of any status code […] and treat an unrecognized status code as being equivalent
    /// to the x00 status code of that class"; an invalid one is processed "as if it had a 5xx (Server Error) status code".
    pub fn treat_as(self) -> CodeId {
        CodeId::registered(self.id.class().map_or(500, Class::x00))
    }

    /// The unassigned range around it: from the code before to the code after, within its class.
    pub fn range(self) -> (u16, u16) {
        let number = self.id.number();
        let Some(class) = self.id.class() else {
            return (600, 999);
        };
        let (before, after) = catalog().neighbours(number);
        let first = before
            .map_or(100, |code| code.id.number() + 1)
            .max(class.x00());
        let last = after
            .map_or(599, |code| code.id.number() - 1)
            .min(class.x00() + 99);
        (first, last)
    }
}

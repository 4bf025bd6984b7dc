//! All codes: look up, list, neighbours, and numbers that nobody assigned.

use crate::code::slug;
use crate::{
    Cache, Class, ClassPage, Code, CodeId, Comparison, Example, Facts, FieldRule, Fixes,
    FormerName, Level, Meanings, Presence, ProxyFault, Question, Quotation, RedirectMethod, Signal,
    SignalFamily, Since, Source, Standing, Substatus, Text, Vendor, VendorCode, VendorNumber,
    Weight,
};

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

    /// All codes of vendors, shelf by shelf, each in the order of the numbers.
    pub const fn vendor_codes(self) -> &'static [VendorCode] {
        VENDOR_CODES
    }

    /// The vendor code of an identity such as `nginx/499`.
    pub fn vendor_code(self, id: CodeId) -> Option<&'static VendorCode> {
        VENDOR_CODES.iter().find(|code| code.id == id)
    }

    /// The codes of a shelf, in the order of the numbers.
    pub fn shelf(self, vendor: Vendor) -> impl DoubleEndedIterator<Item = &'static VendorCode> {
        let stands_there = move |code: &&VendorCode| code.id.vendor() == Some(vendor);
        VENDOR_CODES.iter().filter(stands_there)
    }

    /// What vendors use a number for, in the order of the shelves.
    pub fn vendor_codes_of(self, number: u16) -> impl Iterator<Item = &'static VendorCode> {
        VENDOR_CODES
            .iter()
            .filter(move |code| code.id.number() == number)
    }

    /// The codes that Microsoft IIS writes with a number behind the dot, in order.
    pub const fn substatus_codes(self) -> &'static [Substatus] {
        SUBSTATUS
    }

    /// The entry of an identity such as `iis/404.13`.
    pub fn substatus(self, id: CodeId) -> Option<&'static Substatus> {
        let index = SUBSTATUS.binary_search_by_key(&id, |entry| entry.id).ok()?;
        SUBSTATUS.get(index)
    }

    /// The entries of a number, such as those of 404.
    pub fn substatus_of(self, number: u16) -> impl Iterator<Item = &'static Substatus> {
        SUBSTATUS
            .iter()
            .filter(move |entry| entry.id.number() == number)
    }

    /// Words of logs and headers that are no status, a family a vendor.
    pub const fn signal_families(self) -> &'static [SignalFamily] {
        SIGNALS
    }

    /// A family by its word, such as `haproxy`.
    pub fn signal_family(self, slug: &str) -> Option<&'static SignalFamily> {
        SIGNALS.iter().find(|family| family.slug == slug)
    }

    /// The entry of an identity such as `haproxy/sC--`. The dashes at the end, which say nothing, may be left out or added, and the case does not count where
    /// only one entry can be meant.
    pub fn signal(self, id: &str) -> Option<&'static Signal> {
        let (family, key) = id.split_once('/')?;
        let entries = self.signal_family(&family.to_ascii_lowercase())?.entries;
        named_so(&entries.iter(), key)
    }

    /// The one entry of all families that has a key, if there is exactly one.
    pub fn signal_keyed(self, key: &str) -> Option<&'static Signal> {
        named_so(&SIGNALS.iter().flat_map(|family| family.entries), key)
    }

    /// Faults between a proxy and what is behind it, with what each proxy makes of them.
    pub const fn proxy_faults(self) -> &'static [ProxyFault] {
        FAULTS
    }

    /// How to tell the meanings of a number apart that has several.
    pub fn meanings(self, number: u16) -> Option<&'static Meanings> {
        let index = MEANINGS
            .binary_search_by_key(&number, |meanings| meanings.number)
            .ok()?;
        MEANINGS.get(index)
    }

    /// The other meanings of a number: of vendors, and the registered one.
    pub fn namesakes(self, id: CodeId) -> Vec<CodeId> {
        let registered = self.number(id.number()).map(|code| code.id);
        let vendors = self.vendor_codes_of(id.number()).map(|code| code.id);
        let all = registered.into_iter().chain(vendors);
        // An entry of IIS has its number's page as a parent, not as a namesake.
        all.filter(|other| {
            *other != id && (id.substatus().is_none() || other.vendor() != id.vendor())
        })
        .collect()
    }

    /// A number that only vendors use.
    pub fn vendor_number(self, number: u16) -> Option<VendorNumber> {
        let code = self.unassigned(number)?;
        let is_used = self.vendor_codes_of(number).next().is_some();
        is_used.then_some(VendorNumber { code })
    }

    /// The vendor codes before and after one on its shelf.
    pub fn shelf_neighbours(
        self,
        id: CodeId,
    ) -> (Option<&'static VendorCode>, Option<&'static VendorCode>) {
        let Some(vendor) = id.vendor() else {
            return (None, None);
        };
        let before = self.shelf(vendor).rev().find(|code| code.id < id);
        let after = self.shelf(vendor).find(|code| code.id > id);
        (before, after)
    }

    /// A number that nobody assigned.
    pub fn unassigned(self, number: u16) -> Option<UnassignedCode> {
        let id = CodeId::plain(number)?;
        self.get(id).is_none().then_some(UnassignedCode { id })
    }
}

/// The one entry with a key: exactly so, else without regard to dashes at the end, else also without regard to case.
fn named_so(
    entries: &(impl Iterator<Item = &'static Signal> + Clone),
    key: &str,
) -> Option<&'static Signal> {
    let bare = |text: &str| text.trim_end_matches('-').to_owned();
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = entries.clone().filter(|entry| fits(entry.key));
        found.next().filter(|_| found.next().is_none())
    };
    let wanted = bare(key);
    only(&|name| name == key)
        .or_else(|| only(&|name| !wanted.is_empty() && bare(name) == wanted))
        .or_else(|| only(&|name| !wanted.is_empty() && bare(name).eq_ignore_ascii_case(&wanted)))
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

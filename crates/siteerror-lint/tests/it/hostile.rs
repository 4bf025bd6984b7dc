//! Whatever comes, there is an answer.

use proptest::collection::vec;
use proptest::prelude::*;
use siteerror_lint::{read, rules};

proptest! {
    #[test]
    fn any_bytes_can_be_read_and_judged(bytes in vec(any::<u8>(), 0..512), request in vec(any::<u8>(), 0..64)) {
        let _ = read(&bytes, &request, None).lint();
    }

    /// Examples of the pages with some bytes changed: close to what rules look for.
    #[test]
    fn changed_examples_can_be_read_and_judged(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), with in vec(any::<u8>(), 0..6)) {
        let rules = rules();
        let Some(step) = rules[which.index(rules.len())].bad.first() else { return Ok(()) };
        let mut bytes = step.response.to_vec();
        let at = at.index(bytes.len());
        bytes.splice(at..(at + 1).min(bytes.len()), with);
        let found = read(&bytes, step.request, Some("https://www.example.com/")).lint();
        for finding in found {
            if let Some(place) = finding.place.bytes {
                prop_assert!(place.start <= place.end && place.end <= bytes.len() as u64 + 2, "{}: {place:?}", finding.rule.id);
            }
        }
    }
}

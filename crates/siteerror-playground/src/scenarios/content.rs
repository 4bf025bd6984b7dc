pub(crate) static SCENARIOS: &[crate::scenario::Scenario] = &[];

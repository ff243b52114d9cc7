//! What an AE knows of a customer, as plain data: the record's answers.

/// A person at the customer.
#[derive(Debug, Clone, Copy)]
pub struct Contact {
    pub name: &'static str,
    pub title: &'static str,
    /// Names of [`throughline_domain::record::StakeholderRole`]s.
    pub parts: &'static [&'static str],
    pub influence: &'static str,
    pub stance: &'static str,
    pub goals: &'static str,
    pub said: &'static str,
}

/// A promise as the AE remembers it.
#[derive(Debug, Clone, Copy)]
pub struct Promised {
    pub what: &'static str,
    pub kind: &'static str,
    pub strength: &'static str,
    pub in_contract: bool,
    pub standard: bool,
    /// Days from now.
    pub due_in: Option<i64>,
}

/// Everything for one record; an empty text or list leaves its ask open.
#[derive(Debug, Clone, Copy)]
pub struct Brief {
    pub triggers: &'static [&'static str],
    pub criteria: &'static [(&'static str, &'static str)],
    pub use_case: &'static str,
    pub timeline: &'static str,
    pub people: &'static [Contact],
    /// Asks of lists that are empty, declared so.
    pub none: &'static [&'static str],
    pub promises: &'static [Promised],
    pub risks: &'static [(&'static str, &'static str, &'static str)],
    pub integrations: &'static [(&'static str, &'static str)],
    pub data: &'static [(&'static str, &'static str, &'static str)],
    /// Further text answers: ask and text.
    pub texts: &'static [(&'static str, &'static str)],
    /// Further answers in the customer's words: ask and words.
    pub words: &'static [(&'static str, &'static str)],
    /// Further choices: ask and options.
    pub choices: &'static [(&'static str, &'static [&'static str])],
    /// Further yes or no.
    pub yes_no: &'static [(&'static str, bool)],
}

impl Brief {
    /// Nothing known.
    pub const BLANK: Brief = Brief {
        triggers: &[],
        criteria: &[],
        use_case: "",
        timeline: "",
        people: &[],
        none: &[],
        promises: &[],
        risks: &[],
        integrations: &[],
        data: &[],
        texts: &[],
        words: &[],
        choices: &[],
        yes_no: &[],
    };
}

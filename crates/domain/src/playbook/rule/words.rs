//! What a rule can speak about: the fields of a deal and of a promise, the functions, and their types.

use std::fmt;

/// What a rule can speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// Any number.
    Double,
    /// True or false.
    Bool,
    /// A list.
    List,
    /// Named values.
    Map,
    /// Not known before it runs.
    Any,
}

impl Type {
    pub(super) fn is_number(self) -> bool {
        matches!(self, Type::Int | Type::Double)
    }
    pub(super) fn fits(self, other: Type) -> bool {
        self == other || self == Type::Any || other == Type::Any || (self.is_number() && other.is_number())
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Text => "text",
            Type::Int => "a whole number",
            Type::Double => "a number",
            Type::Bool => "true or false",
            Type::List => "a list",
            Type::Map => "a group of fields",
            Type::Any => "anything",
        })
    }
}

/// Fields of `deal` in rules: name, type, meaning. The one list; documentation and checks read it.
pub const DEAL_FIELDS: &[(&str, Type, &str)] = &[
    ("source", Type::Text, "the CRM the deal comes from"),
    ("name", Type::Text, "the deal's name"),
    ("account", Type::Text, "the customer's name"),
    ("stage", Type::Text, "the CRM's stage, as it writes it"),
    ("type", Type::Text, "new business, renewal, expansion… as the CRM writes it"),
    ("segment", Type::Text, "size class of the customer"),
    ("lead_source", Type::Text, "where the deal came from"),
    ("partner", Type::Text, "the partner who sold along"),
    ("plan", Type::Text, "plan or tier bought"),
    ("competitor", Type::Text, "who else was evaluated"),
    ("currency", Type::Text, "currency of the amount"),
    ("amount", Type::Double, "the amount in major units"),
    ("arr", Type::Double, "annual recurring revenue in major units; the amount where the CRM gives none"),
    ("term_months", Type::Int, "contract term"),
    ("discount_percent", Type::Int, "discount given"),
    ("probability", Type::Int, "probability of winning, in percent"),
    ("days_to_signature", Type::Int, "calendar days until the expected signature; negative when past"),
    ("won", Type::Bool, "closed-won"),
    ("lost", Type::Bool, "closed-lost or deleted"),
    ("se_involved", Type::Bool, "a solutions engineer was involved"),
    ("existing_account", Type::Bool, "the customer had bought before"),
    ("extra", Type::Map, "every other column of the source, by its own name"),
];

/// Fields of `promise` in routing rules.
pub const PROMISE_FIELDS: &[(&str, Type, &str)] = &[
    ("kind", Type::Text, "what sort of promise"),
    ("strength", Type::Text, "promised, implied or soft"),
    ("in_contract", Type::Bool, "stands in the contract; false when nobody said"),
    ("standard", Type::Bool, "within what is always sold; false when nobody said"),
    ("amount", Type::Double, "what it is worth, in major units; 0 when nobody said"),
    ("owed_by", Type::Text, "who owes it: us, customer or partner"),
];

/// Functions a rule may call: name, what it is called on, what it takes, what it gives.
pub(super) const FUNCTIONS: &[(&str, Option<Type>, &[Type], Type)] = &[
    ("size", None, &[Type::Any], Type::Int),
    ("contains", Some(Type::Text), &[Type::Text], Type::Bool),
    ("startsWith", Some(Type::Text), &[Type::Text], Type::Bool),
    ("endsWith", Some(Type::Text), &[Type::Text], Type::Bool),
    ("lowerAscii", Some(Type::Text), &[], Type::Text),
    ("int", None, &[Type::Any], Type::Int),
    ("double", None, &[Type::Any], Type::Double),
    ("string", None, &[Type::Any], Type::Text),
];

/// What a rule may speak about where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// `deal` and `variant`.
    Deal,
    /// `deal`, `variant` and `promise`.
    Promise,
}

/// Edit distance, to guess what was meant.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let cost = if a == b { corner } else { 1 + corner.min(row[j]).min(row[j + 1]) };
            corner = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[right.len()]
}

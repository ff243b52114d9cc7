//! Single answers, and where anything in the record comes from.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::Key, money::Money, people::Actor, personal::Personal, playbook::AskKind};

/// An answer with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// Where it came from.
    pub provenance: Provenance,
    /// When it was recorded.
    pub at: Timestamp,
}

/// Somebody said that a list is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoneDeclared {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why they are sure.
    pub note: Option<Personal>,
}

/// Where something in the record came from (R1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Provenance {
    /// A field of the CRM.
    Crm {
        /// Its name.
        field: String,
    },
    /// Somebody's hand.
    Hand {
        /// Whose.
        by: Actor,
    },
    /// Taken over from the account's last handoff (R0.7).
    CarriedOver,
}

/// An answer to a single ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Free text.
    Text {
        /// The text.
        text: Personal,
    },
    /// The customer's own words.
    Words {
        /// As said.
        said: Personal,
        /// Where.
        #[serde(default)]
        evidence: Evidence,
    },
    /// Chosen options.
    Choice {
        /// Their names.
        chosen: Vec<Key>,
    },
    /// A date.
    Date {
        /// The date.
        on: Date,
    },
    /// An amount.
    Money {
        /// The amount.
        amount: Money,
    },
    /// A number.
    Number {
        /// The number.
        number: f64,
    },
    /// Yes or no.
    YesNo {
        /// Yes.
        yes: bool,
    },
    /// A person at the customer.
    Person {
        /// Their name.
        name: Personal,
        /// How to reach them.
        #[serde(default)]
        contact: Option<Personal>,
    },
}

impl Answer {
    /// Which kind of ask it answers.
    pub fn kind(&self) -> AskKind {
        match self {
            Answer::Text { .. } => AskKind::Text,
            Answer::Words { .. } => AskKind::Words,
            Answer::Choice { .. } => AskKind::Choice,
            Answer::Date { .. } => AskKind::Date,
            Answer::Money { .. } => AskKind::Money,
            Answer::Number { .. } => AskKind::Number,
            Answer::YesNo { .. } => AskKind::YesNo,
            Answer::Person { .. } => AskKind::Person,
        }
    }
}

/// Where something was said or written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What sort of source.
    #[serde(default)]
    pub source: Option<Source>,
    /// Which one: a call's title, a mail's subject, a link.
    #[serde(default)]
    pub reference: Option<Personal>,
    /// Who said it.
    #[serde(default)]
    pub speaker: Option<Personal>,
    /// When.
    #[serde(default)]
    pub on: Option<Date>,
    /// The passage, word for word.
    #[serde(default)]
    pub quote: Option<Personal>,
}

impl Evidence {
    /// Evidence says at least what sort of source, and who spoke or which source it was.
    pub fn is_given(&self) -> bool {
        self.source.is_some() && (self.speaker.is_some() || self.reference.is_some())
    }
}

/// What sort of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A recorded or remembered call.
    Call,
    /// A meeting in person.
    Meeting,
    /// A mail.
    Mail,
    /// A chat message.
    Chat,
    /// A note in the CRM.
    Note,
    /// A document such as a proposal.
    Document,
    /// The customer's own entry in the portal. Written by the process alone: nobody can claim it.
    Portal,
}

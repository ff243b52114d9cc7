//! Finding things by the beginnings of words in their names, in the same way whatever keeps them.
//!
//! A name's words are kept beside it, so that a question reads the words that begin as it asks and not every name there
//! is. What stands first is the word, then the newest deal. However many words begin so, a question walks at most
//! [`WALKED`] of them: then its page may be short, and yet another may follow. Absent on purpose: matches within words
//! and misspellings (lists search within words), and texts of the record, which are erased on demand.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use throughline_domain::OrgId;
use uuid::Uuid;

use crate::{
    commit::StoreError,
    directory::{Account, Person},
    query::{Page, Reach, folded},
    views::HandoffRow,
};

/// How many characters of a word are kept and asked for.
pub const WORD: usize = 40;
/// The most words of a question; what stands after them is not asked for.
pub const ASKED: usize = 8;
/// The most kept words a question walks, and the most parts of people whose names it looks through.
pub const WALKED: u32 = 2_000;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sought {
    /// Deals with a handoff, by account and deal.
    Handoffs,
    /// Customers, by name.
    Accounts,
    /// People of the organisation, by name and address.
    People,
}

impl Sought {
    /// Everything there is to find.
    pub const ALL: [Self; 3] = [Self::Handoffs, Self::Accounts, Self::People];

    /// How tables name it.
    pub fn number(self) -> i16 {
        match self {
            Self::Handoffs => 1,
            Self::Accounts => 2,
            Self::People => 3,
        }
    }
}

/// Something found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A handoff as lists show it.
    Handoff(Box<HandoffRow>),
    /// A customer.
    Account(Account),
    /// Somebody.
    Person(Box<Person>),
}

impl Found {
    /// The thing's id.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Handoff(row) => row.id.0,
            Self::Account(account) => account.id.0,
            Self::Person(person) => person.id.0,
        }
    }
}

/// What is sought, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindQuery {
    /// What.
    pub sought: Sought,
    /// The beginnings of words, all of which must be there; nothing is found by none.
    pub asked: Asked,
    /// Whose handoffs the asker may see, and so which accounts; people are everybody's to see.
    pub reach: Reach,
    /// After this place; none: from the start.
    pub after: Option<FindPlace>,
    /// At most this many, 1 to [`PAGE`](crate::PAGE).
    pub limit: u32,
}

/// Where something found stands: by the first of its words that begins as asked, then the newest deal, then its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FindPlace {
    /// The word it was found by.
    pub word: String,
    /// When it was opened, later ones smaller; 0 for what is not opened.
    pub rank: i64,
    /// Which.
    pub id: Uuid,
}

/// A question's words. The longest leads: fewest names have a word that begins so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    words: Vec<String>,
}

impl Asked {
    /// The words of a text.
    pub fn of(text: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        for word in split(text) {
            if !words.contains(&word) && words.len() < ASKED {
                words.push(word);
            }
        }
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        Self { words }
    }

    /// Whether there is nothing to ask for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The word everything found is in order by, and the others; none: nothing is asked.
    pub fn parts(&self) -> Option<(&str, &[String])> {
        let (first, others) = self.words.split_first()?;
        Some((first, others))
    }

    /// The word something is found by, of all its words.
    pub fn matches<'a>(&self, words: &'a BTreeSet<String>) -> Option<&'a str> {
        let (first, others) = self.parts()?;
        let begins = |asked: &str| words.iter().find(|word| word.starts_with(asked));
        others.iter().all(|asked| begins(asked).is_some()).then(|| begins(first).map(String::as_str))?
    }
}

/// What every word that begins so is smaller than.
pub fn beyond(word: &str) -> String {
    format!("{word}{}", char::MAX)
}

/// The words of names, as they are kept.
pub fn words(names: &[&str]) -> BTreeSet<String> {
    names.iter().flat_map(|name| split(name)).collect()
}

/// Letters and digits of any script hold together, whatever else parts.
fn split(text: &str) -> impl Iterator<Item = String> {
    let text = folded(text);
    let words: Vec<String> = text
        .split(|letter: char| !(letter.is_alphanumeric() || is_mark(letter)))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(WORD).collect())
        .collect();
    words.into_iter()
}

/// Marks that stand on the letter before them, in scripts and spellings that write them apart.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{200c}' | '\u{200d}')
}

/// When something was opened, as places count it.
pub fn rank(opened_at: jiff::Timestamp) -> i64 {
    -opened_at.as_millisecond()
}

/// Finding things.
#[async_trait]
pub trait Finding: Send + Sync {
    /// A page of what is sought, in order of [`FindPlace`]. A page may be short although `next` names another: the walk
    /// ended before the page was full.
    async fn find(&self, org: OrgId, query: &FindQuery) -> Result<Page<Found, FindPlace>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_folded_words() {
        let kept = words(&["Straße & Söhne GmbH–Nord", "ΟΔΟΣ 7/2026", "maya@example.com", "हिन्दी"]);
        let expected =
            ["2026", "7", "com", "example", "gmbh", "maya", "nord", "straße", "söhne", "οδοσ", "हिन्दी"];
        assert_eq!(kept, expected.map(str::to_owned).into());
        assert_eq!(words(&["--- \u{1f} \0"]), BTreeSet::new());
        assert_eq!(words(&["x".repeat(90).as_str()]), ["x".repeat(WORD)].into());
    }

    #[test]
    fn a_question_is_led_by_its_longest_word() {
        assert_eq!(Asked::of(" ac ACME, ac").words, ["acme", "ac"]);
        assert!(Asked::of(" – ").is_empty());
        assert_eq!(Asked::of("a b c d e f g h i j").words.len(), ASKED);
    }

    #[test]
    fn all_of_a_question_must_be_there() {
        let kept = words(&["Acme Aerospace", "Renewal 2026"]);
        assert_eq!(Asked::of("a").matches(&kept), Some("acme"));
        assert_eq!(Asked::of("20 aero").matches(&kept), Some("aerospace"));
        assert_eq!(Asked::of("acme zebra").matches(&kept), None);
        assert_eq!(Asked::of("cme").matches(&kept), None);
        assert_eq!(Asked::of("").matches(&kept), None);
    }

    #[test]
    fn what_begins_so_is_below_what_lies_beyond() {
        for (begins, word) in [("a", "a"), ("a", "azz"), ("ö", "ö𐍈𐍈"), ("acme", "acmeé")] {
            assert!(begins <= word && *word < *beyond(begins));
        }
        assert!("b" > beyond("a").as_str());
    }
}

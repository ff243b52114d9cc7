//! What a list says while there is nothing in it at all: what will be here, why, and the one thing that fills it.
//!
//! Only in an organisation without deals; where there are some, an empty list speaks for itself. Absent on purpose: the
//! choice of what is to be done first; that is on the page for setting up.

use throughline_domain::access::Action;

use crate::{
    i18n::{Key, Text},
    key,
};

/// The one thing to do first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    SetUp,
    OpenByHand,
    /// Somebody else's.
    Wait,
}

/// What stands above a list of an organisation without deals.
#[derive(Debug, Clone)]
pub struct First {
    /// What the list is of, as a picture.
    pub icon: &'static str,
    /// That there is nothing.
    pub title: String,
    /// What will be here, and why.
    pub text: String,
    /// What is to be done, or who does it.
    pub then: String,
    /// Where it is done.
    pub act: Option<(String, &'static str)>,
    /// Where a sample can be looked at, when there is one.
    pub sample: Option<String>,
}

/// Which lists teach, by their address.
const LISTS: [(&str, &str, Key, Key); 5] = [
    ("/queue", "inbox", key!("first-queue"), key!("first-queue-text")),
    ("/week", "calendar-clock", key!("first-week"), key!("first-week-text")),
    ("/deals", "handshake", key!("first-deals"), key!("first-deals-text")),
    ("/board", "handshake", key!("first-board"), key!("first-board-text")),
    ("/deal-desk", "scale", key!("first-desk"), key!("first-desk-text")),
];

impl First {
    /// Whether the list at an address teaches.
    pub fn at(path: &str) -> bool {
        LISTS.iter().any(|(list, ..)| *list == path)
    }

    /// What the list at an address says to somebody with these rights; none where it does not teach.
    pub fn of(t: &Text, path: &str, may: impl Fn(Action) -> bool, sample: bool) -> Option<First> {
        let (_, icon, title, text) = LISTS.into_iter().find(|(list, ..)| *list == path)?;
        let act = match () {
            () if may(Action::ManageSettings) => Act::SetUp,
            () if may(Action::Open) => Act::OpenByHand,
            () => Act::Wait,
        };
        let (then, act) = match act {
            Act::SetUp => (key!("first-set-up-text"), Some((key!("first-set-up"), "/settings/start"))),
            Act::OpenByHand => (key!("first-open-text"), Some((key!("deal-open-title"), "/deals/open"))),
            Act::Wait => (key!("first-wait-text"), None),
        };
        Some(First {
            icon,
            title: t.get(title).into_owned(),
            text: t.get(text).into_owned(),
            then: t.get(then).into_owned(),
            act: act.map(|(label, href)| (t.get(label).into_owned(), href)),
            sample: sample.then(|| t.get(key!("sample-look")).into_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn each_reader_is_given_the_one_thing_they_may_do() {
        let t = Text::new(Locale::En, TimeZone::UTC);
        let act = |may: &[Action]| {
            let first = First::of(&t, "/deals", |action| may.contains(&action), false);
            first.and_then(|first| first.act).map(|(_, href)| href)
        };
        assert_eq!(act(&[Action::ManageSettings, Action::Open]), Some("/settings/start"));
        assert_eq!(act(&[Action::Open]), Some("/deals/open"));
        assert_eq!(act(&[Action::Read]), None);
        assert!(First::of(&t, "/people", |_| true, false).is_none());
    }
}

//! Every kind of problem with a title and what to do about it, for people. What programs are told is with the kinds
//! themselves.

use crate::{i18n::Key, key};

/// Where a problem's page leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the start page.
    Home,
    /// To the same address once more.
    Again,
    /// To sign in and back.
    SignIn,
}

/// What people are told of a kind of problem.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What it is.
    pub title: Key,
    /// What to do about it.
    pub advice: Key,
    /// Where its page leads.
    pub way: Way,
}

/// What people are told of a kind of problem; of an unknown one, that something went wrong on our side.
pub fn kind(name: &str) -> Kind {
    let broken = (Way::Again, key!("problem-broken"), key!("problem-broken-do"));
    let (way, title, advice) = known(name).unwrap_or(broken);
    Kind { title, advice, way }
}

fn known(name: &str) -> Option<(Way, Key, Key)> {
    use Way::{Again, Home, SignIn};
    Some(match name {
        "not-signed-in" => (SignIn, key!("problem-not-signed-in"), key!("problem-not-signed-in-do")),
        "bad-signature" => (Home, key!("problem-bad-signature"), key!("problem-bad-signature-do")),
        "forbidden" => (Home, key!("problem-forbidden"), key!("problem-forbidden-do")),
        "cross-site" => (Home, key!("problem-cross-site"), key!("problem-cross-site-do")),
        "not-found" => (Home, key!("problem-not-found"), key!("problem-not-found-do")),
        "link-used-up" => (Home, key!("problem-link-used-up"), key!("problem-link-used-up-do")),
        "method-not-allowed" => {
            (Home, key!("problem-method-not-allowed"), key!("problem-method-not-allowed-do"))
        }
        "out-of-turn" => (Home, key!("problem-out-of-turn"), key!("problem-out-of-turn-do")),
        "conflict" => (Again, key!("problem-conflict"), key!("problem-conflict-do")),
        "needs-reopening" => (Home, key!("problem-needs-reopening"), key!("problem-needs-reopening-do")),
        "stale" => (Again, key!("problem-stale"), key!("problem-stale-do")),
        "too-large" => (Home, key!("problem-too-large"), key!("problem-too-large-do")),
        "unsupported-media-type" => {
            (Home, key!("problem-unsupported-media-type"), key!("problem-unsupported-media-type-do"))
        }
        "gate-shut" => (Home, key!("problem-gate-shut"), key!("problem-gate-shut-do")),
        "invalid" => (Home, key!("problem-invalid"), key!("problem-invalid-do")),
        "not-yours" => (Home, key!("problem-not-yours"), key!("problem-not-yours-do")),
        "waiver-authority" => (Home, key!("problem-waiver-authority"), key!("problem-waiver-authority-do")),
        "in-progress" => (Again, key!("problem-in-progress"), key!("problem-in-progress-do")),
        "key-reused" => (Home, key!("problem-key-reused"), key!("problem-key-reused-do")),
        "precondition-required" => {
            (Home, key!("problem-precondition-required"), key!("problem-precondition-required-do"))
        }
        "too-many" => (Again, key!("problem-too-many"), key!("problem-too-many-do")),
        "broken" => (Again, key!("problem-broken"), key!("problem-broken-do")),
        "unavailable" => (Again, key!("problem-unavailable"), key!("problem-unavailable-do")),
        "took-too-long" => (Again, key!("problem-took-too-long"), key!("problem-took-too-long-do")),
        "slow-body" => (Home, key!("problem-slow-body"), key!("problem-slow-body-do")),
        "bad-request" => (Home, key!("problem-bad-request"), key!("problem-bad-request-do")),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::tz::TimeZone;
    use throughline_http::problem::KINDS;

    use super::*;
    use crate::i18n::{Locale, Text};

    #[test]
    fn every_kind_of_problem_has_a_title_and_advice_of_its_own() {
        let t = Text::new(Locale::En, TimeZone::UTC);
        let mut said = BTreeSet::new();
        for (name, ..) in KINDS {
            let Some((_, title, advice)) = known(name) else { panic!("nothing tells people of {name}") };
            for text in [title, advice] {
                assert_ne!(t.get(text), text.0, "{name} has no text");
                assert!(said.insert(t.get(text)), "{name} says what another one says");
            }
        }
        assert!(known("no-such-kind").is_none());
    }
}

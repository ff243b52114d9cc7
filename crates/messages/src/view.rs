//! What a template sees. Every value a template can name stands here; what a message has no use for is not there to be
//! named, so that a wrong name is found when the template is saved and not when it is sent.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Serialize;
use throughline_domain::Role;

use crate::{brief::Brief, came::CameByMail, handover::Handover};

/// The values of one message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// The company that uses the product.
    pub company: String,
    /// Who reads it.
    pub reader: String,
    /// The handoff, where there is one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// What this message is about.
    #[serde(flatten)]
    pub about: About,
}

/// A handoff, as a template sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    /// The customer.
    pub account: String,
    /// The deal.
    pub deal: String,
    /// The AE, or who stands for them.
    pub seller: String,
    /// The CSM.
    pub csm: Option<String>,
    /// Who is answerable.
    pub answerable: String,
    /// What is known.
    pub brief: Brief,
}

/// The values a message has beside the handoff's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum About {
    /// Why the record came back, and how often it has.
    Return { reason: Option<String>, times: u32 },
    /// A gate that refused, and how many things it misses.
    Refusal { gate: &'static str, gaps: u32 },
    /// A change of AE or CSM.
    Handover { handover: Handover },
    /// What the customer did in the portal, as what follows `the customer`.
    Act { act: &'static str },
    /// A gate.
    Gate { gate: &'static str },
    /// A decision on a promise, and whether it stands as it was made.
    Verdict { verdict: &'static str, stands: bool },
    /// The newest open question.
    Question { question: Option<String> },
    /// Whether a waiver was granted.
    Waiver { granted: bool },
    /// Why a deal takes no handoff.
    Route { reason: String },
    /// A draft to be sent by a person.
    Draft { draft: Draft },
    /// Something that is due.
    Matter { matter: Matter },
    /// Whom the introduction greets, who is in copy, and what the first of them said.
    Introduction { executive: Option<String>, champion: Option<String>, words: Option<String> },
    /// What was agreed in a call.
    Agreed { agreed: Agreed },
    /// A meeting.
    Meeting { meeting: Meeting },
    /// One message in its mail; `answer`: an answer to the mail is taken as one to the message.
    Letter { subject: String, text: String, link: Option<String>, settings: Option<String>, answer: bool },
    /// One message, to whoever stands in for whom it is meant for.
    Stead { subject: String, text: String, absent: String, until: String },
    /// The way into the portal.
    Portal { link: String },
    /// What came of a proposal, and where it is read.
    Answered { link: String, accepted: bool },
    /// A code to be typed in.
    Code { code: String },
    /// A code to sign a plan with: whose plan it is, and since when it is under way.
    Signature { code: String, account: String, since: String },
    /// A mail that came in.
    CameByMail { mail: CameByMail },
    /// Several messages in one mail.
    Digest { digest: Digest },
    /// Nothing more.
    Nothing {},
}

/// A text for somebody to make their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Something that is due: a step, a promise, a question, a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matter {
    /// What it is called, such as `Internal handoff call`.
    pub title: String,
    /// Whose it is, by name.
    pub owner: String,
    /// When it is due, in the reader's zone: `Tue 24 Nov 2026, 17:00 CET`.
    pub due: String,
    /// It was due before now.
    pub late: bool,
    /// When its owner was reminded, in the reader's zone.
    pub reminded: Option<String>,
    /// What it waits for or on, in a clause; none: nothing but its owner.
    pub waits_on: Option<String>,
    /// As what the reader is told: `owner`, `manager`, `role` or `stand_in`.
    pub told_as: &'static str,
    /// Whose manager or stand-in they are, or which role they hold; none for the owner.
    pub told_of: Option<String>,
}

impl Matter {
    /// Something due at an instant, as told at another.
    pub fn new(
        title: &str,
        owner: &str,
        due_at: Timestamp,
        now: Timestamp,
        zone: &TimeZone,
        told: ToldAs,
    ) -> Self {
        let (told_as, told_of) = match told {
            ToldAs::Owner => ("owner", None),
            ToldAs::ManagerOf(name) => ("manager", Some(name)),
            ToldAs::Role(role) => ("role", Some(role.title().to_owned())),
            ToldAs::StandInFor(name) => ("stand_in", Some(name)),
        };
        Self {
            title: title.to_owned(),
            owner: owner.to_owned(),
            due: moment(due_at, zone),
            late: due_at < now,
            reminded: None,
            waits_on: None,
            told_as,
            told_of,
        }
    }

    /// Says when its owner was reminded.
    pub fn reminded_at(mut self, at: Timestamp, zone: &TimeZone) -> Self {
        self.reminded = Some(moment(at, zone));
        self
    }

    /// Says what it waits on.
    pub fn waiting_on(mut self, what: impl Into<String>) -> Self {
        self.waits_on = Some(what.into());
        self
    }
}

/// As what somebody is told of something due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldAs {
    /// It is theirs.
    Owner,
    /// They manage whose it is.
    ManagerOf(String),
    /// They hold a role that is told.
    Role(Role),
    /// They stand in for whose it is.
    StandInFor(String),
}

/// What was agreed in a call, for its summary (R3.14).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Agreed {
    /// What the call was, such as `kickoff`.
    pub call: String,
    /// The main goal, in the customer's words.
    pub goal: Option<String>,
    /// Who matters most.
    pub people: Vec<String>,
    /// What comes next.
    pub next_steps: Vec<String>,
    /// Milestones, the first first.
    pub milestones: Vec<Milestone>,
    /// What is still open: nothing is lost.
    pub open: Vec<String>,
}

/// A milestone of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// What is reached.
    pub title: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// By when: `24 Nov 2026`.
    pub due: Option<String>,
}

/// A meeting, as a template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// What it is called.
    pub title: String,
    /// When it begins, in the reader's zone.
    pub start: String,
    /// How long it takes.
    pub minutes: i64,
    /// Who takes part.
    pub people: Vec<String>,
    /// What it is about, point by point.
    pub agenda: Vec<String>,
    /// Where to find it.
    pub link: Option<String>,
    /// An earlier invitation is changed by this one.
    pub changed: bool,
    /// It takes place, and the reader is not expected any more.
    pub without_you: bool,
}

/// Several messages to one person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Digest {
    /// How many there are.
    pub count: usize,
    /// By account, in the order in which each account came first.
    pub groups: Vec<DigestGroup>,
    /// How many more wait in the product: a mail has an end.
    pub more: usize,
    /// Where all of them are.
    pub link: Option<String>,
    /// Where to change how one is told.
    pub settings: Option<String>,
}

/// The messages about one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DigestGroup {
    /// The account; none: what is about no account.
    pub account: Option<String>,
    /// The messages.
    pub letters: Vec<DigestLetter>,
}

/// One message among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DigestLetter {
    /// The account it is about.
    pub account: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Where it leads.
    pub link: Option<String>,
}

impl Digest {
    /// Most messages of one mail.
    pub const MOST: usize = 60;

    /// Groups messages by account. Their order stays, within an account and among accounts.
    pub fn of(letters: impl IntoIterator<Item = DigestLetter>) -> Self {
        let mut digest = Self::default();
        for letter in letters {
            digest.count += 1;
            if digest.count > Self::MOST {
                digest.more += 1;
                continue;
            }
            match digest.groups.iter_mut().find(|group| group.account == letter.account) {
                Some(group) => group.letters.push(letter),
                None => {
                    digest
                        .groups
                        .push(DigestGroup { account: letter.account.clone(), letters: vec![letter] });
                }
            }
        }
        // What is about no account comes last.
        digest.groups.sort_by_key(|group| group.account.is_none());
        digest
    }
}

/// An instant as people read it, in their zone: `Tue 24 Nov 2026, 17:00 CET`.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let at: Zoned = at.to_zoned(zone.clone());
    at.strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(account: Option<&str>, subject: &str) -> DigestLetter {
        DigestLetter { account: account.map(str::to_owned), subject: subject.to_owned(), link: None }
    }

    #[test]
    fn a_digest_groups_by_account_in_the_order_things_came_and_what_has_none_comes_last() {
        let letters =
            [letter(None, "x"), letter(Some("B"), "1"), letter(Some("A"), "2"), letter(Some("B"), "3")];
        let digest = Digest::of(letters);
        let seen: Vec<_> = digest
            .groups
            .iter()
            .map(|group| {
                let subjects: Vec<_> = group.letters.iter().map(|letter| letter.subject.as_str()).collect();
                (group.account.as_deref(), subjects)
            })
            .collect();
        assert_eq!(seen, [(Some("B"), vec!["1", "3"]), (Some("A"), vec!["2"]), (None, vec!["x"])]);
        assert_eq!((digest.count, digest.more), (4, 0));
    }

    #[test]
    fn a_digest_has_an_end_and_says_how_much_is_behind_it() {
        let digest = Digest::of((0..100).map(|n| letter(Some("A"), &n.to_string())));
        assert_eq!((digest.count, digest.more, digest.groups[0].letters.len()), (100, 40, Digest::MOST));
    }

    #[test]
    fn a_time_is_told_in_the_readers_zone() {
        let at: Timestamp = "2026-11-24T16:00:00Z".parse().unwrap();
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let matter =
            Matter::new("Internal handoff call", "Dana", at, at, &berlin, ToldAs::Role(Role::RevOps));
        assert_eq!(matter.due, "Tue 24 Nov 2026, 17:00 CET");
        assert!(!matter.late, "due now is not late yet");
        assert_eq!((matter.told_as, matter.told_of.as_deref()), ("role", Some("RevOps")));
    }
}

//! Answers by mail that are awaited: to which letter or parcel, from whom, for what, until when, and at which address.
//!
//! The address's secret is made when the mail is handed over, and only its hash is kept; a mail that is handed over
//! again has another. Each of them leads to the same awaited answer, which counts once: using it is part of the commit
//! it leads to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, OrgId, PersonId, QuestionId, handoff::Handoff};
use throughline_messages::{Address, Mailbox, ReplyToken};
use throughline_store::{AwaitedRow, Change, MailChange, Person, ports::ApplyError};
use uuid::Uuid;

use crate::{App, AppError, Caller, secrets};

/// How long an answer is awaited.
const AWAITED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many letters an address's secret has: 160 bits.
const LETTERS: usize = 32;

/// What an answer by mail is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Asked {
    /// It answers a question (R3.11).
    Question {
        /// Which.
        question: QuestionId,
        /// Whom it was put to.
        person: PersonId,
    },
    /// It confirms the plan (R3.9).
    Plan {
        /// The imprint of the plan that was sent: another plan is not confirmed by it.
        plan: String,
        /// Who was asked, by name.
        name: String,
    },
}

impl App {
    /// Lets an answer be awaited, where answers by mail are taken: to be made in the transaction with what is answered.
    pub(crate) fn awaits(
        &self,
        id: Uuid,
        handoff: HandoffId,
        from: &str,
        asked: &Asked,
    ) -> Result<Option<Change>, AppError> {
        if self.answers.is_none() {
            return Ok(None);
        }
        let what = serde_json::to_string(asked).map_err(AppError::broken)?;
        let until = self.now().saturating_add(AWAITED).unwrap_or(Timestamp::MAX);
        let row = AwaitedRow { id, handoff, from: from.to_owned(), until, what };
        Ok(Some(Change::Mail(MailChange::Await(row))))
    }

    /// The question a letter to somebody brings, where its answer may come by mail.
    pub(crate) fn awaits_answer(
        &self,
        letter: Uuid,
        id: HandoffId,
        handoff: &Handoff,
        to: &Person,
    ) -> Result<Option<Change>, AppError> {
        let open = handoff.questions.iter().filter(|(_, asked)| asked.answer.is_none());
        let (Some((question, _)), Some(from)) = (open.max_by_key(|(_, asked)| asked.at), &to.email) else {
            return Ok(None);
        };
        self.awaits(letter, id, from, &Asked::Question { question: *question, person: to.id })
    }

    /// A fresh address for the answer to a letter or parcel that is being handed over; none where none is awaited.
    pub(crate) async fn answer_address(&self, org: OrgId, id: Uuid) -> Result<Option<Mailbox>, AppError> {
        let Some(ours) = &self.answers else { return Ok(None) };
        let awaited = self.store.awaited(org, id).await?;
        if awaited.is_none_or(|awaited| awaited.until <= self.now()) {
            return Ok(None);
        }
        let token = token()?;
        let address = ours.with(&token).map_err(AppError::broken)?;
        let change = Change::Mail(MailChange::Address { awaited: id, secret: hashed(&token) });
        let audit =
            self.audit(&Caller::system(org), "await-answer", &id.to_string(), serde_json::Value::Null);
        match self.store.apply(org, vec![change], audit).await {
            Ok(()) => Ok(Some(Mailbox::from(address))),
            // It was forgotten meanwhile.
            Err(ApplyError::Conflict(_)) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }
}

/// What is kept of an address's secret.
pub(super) fn hashed(token: &ReplyToken) -> String {
    secrets::hash(token.secret())
}

/// A new secret: letters and digits that survive any mail server, and that nobody mistakes for one another.
fn token() -> Result<ReplyToken, AppError> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random: [u8; LETTERS] = rand::random();
    let text: String = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    text.parse().map_err(AppError::broken)
}

/// Whether a mail comes from whom it is awaited from, as far as it says. Many people write their own address in another
/// case now and then.
pub(super) fn is_from(claims: Option<&Address>, awaited: &str) -> bool {
    claims.is_some_and(|address| address.as_str().eq_ignore_ascii_case(awaited))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_stands_in_an_address_and_comes_once() {
        let ours =
            throughline_messages::ReplyAddress::new(&"reply@handoffs.example".parse().unwrap()).unwrap();
        let all: std::collections::BTreeSet<String> =
            (0..1_000).map(|_| token().unwrap().secret().to_owned()).collect();
        assert_eq!(all.len(), 1_000);
        let one: ReplyToken = all.first().unwrap().parse().unwrap();
        assert_eq!(one.secret().len(), LETTERS);
        let address = ours.with(&one).unwrap();
        assert_eq!(ours.find([address.as_str().to_uppercase()]), throughline_messages::TokenFound::One(one));
    }

    #[test]
    fn a_mail_is_from_whom_it_is_awaited_from_in_any_case_and_from_nobody_like_them() {
        let from = |text: &str| is_from(Some(&text.parse().unwrap()), "ines@customer.example");
        assert!(from("ines@customer.example") && from("Ines@Customer.Example"));
        assert!(!from("ines@customer.example.evil.example") && !from("eve@customer.example"));
        assert!(!is_from(None, "ines@customer.example"));
    }
}

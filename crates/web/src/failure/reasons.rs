//! Fixed sentences of the domain and of forms, in the reader's words.
//!
//! A refusal carries its reason as a sentence. Where that is one of a fixed set, the catalogues have it; a sentence made
//! with data, such as a fault in a rule or a place in a file, is passed on as it is. A test reads the domain's sources
//! and finds a reason that is missing here.

use std::borrow::Cow;

use crate::{
    i18n::{Key, Text},
    key,
};

/// A reason in the reader's words; as it is where it is none of the fixed ones.
pub fn reason<'a>(t: &Text, text: &'a str) -> Cow<'a, str> {
    match known(text) {
        Some(key) => t.get(key),
        None => Cow::Borrowed(text),
    }
}

fn known(text: &str) -> Option<Key> {
    Some(match text {
        "the goal has changed since it was read; read it again" => key!("reason-goal-changed"),
        "what is agreed to has changed since it was read; read it again and sign that" => {
            key!("reason-consent-changed")
        }
        "what it would change was changed since; decline it and say so" => key!("reason-proposal-overtaken"),
        "say which words were read" => key!("reason-goal-unread"),
        "they are let in no more; say that they are let in again" => key!("reason-let-in-no-more"),
        "they are let in already; change their name or their right instead" => key!("reason-let-in-already"),
        "the person was changed meanwhile; look again" => key!("reason-person-changed"),
        "an empty plan cannot be confirmed; add a milestone" => key!("reason-empty-plan-confirm"),
        "an empty plan cannot be signed; propose a milestone" => key!("reason-empty-plan-sign"),
        "book a date with the customer first" => key!("reason-book-date"),
        "customer success owns it already; re-assign it instead" => key!("reason-owned"),
        "it has been offered; take the offer back first" => key!("reason-offered"),
        "it is open already; change what you need" => key!("reason-open-already"),
        "it must be offered to you first" => key!("reason-offer-first"),
        "it never ran here" => key!("reason-never-ran"),
        "it no longer runs" => key!("reason-no-longer-runs"),
        "it was denied; ask anew" => key!("reason-denied"),
        "it was granted already" => key!("reason-granted"),
        "its moment has not come" => key!("reason-moment-not-come"),
        "its time has come; report whether it was held" => key!("reason-report-held"),
        "no CSM has accepted yet; offer it to whom you want" => key!("reason-no-csm"),
        "no time is planned for it" => key!("reason-no-time"),
        "nothing came back that waits for an answer" => key!("reason-nothing-back"),
        "nothing it covers is missing any more" => key!("reason-nothing-missing"),
        "only an offered record can be sent back" => key!("reason-only-offered"),
        "ownership has moved or it no longer runs" => key!("reason-moved-or-over"),
        "ownership has moved; change it, and the CSM acknowledges" => key!("reason-moved"),
        "part of what it covers can no longer happen by now; ask anew, apart" => {
            key!("reason-part-late")
        }
        "that report was corrected; a newer one stands" => key!("reason-corrected"),
        "the customer has been told; record how it ends instead" => key!("reason-customer-told"),
        "the deal is lost or deleted in the CRM" => key!("reason-deal-lost"),
        "the deal was routed to no process; re-route it first" => key!("reason-no-process"),
        "the milestone it would change is gone; decline it and say so" => {
            key!("reason-milestone-gone")
        }
        "the plan has changed since it was read; read it again and sign that" => {
            key!("reason-plan-changed")
        }
        "the plan is not open yet" => key!("reason-plan-shut"),
        "the promise does not stand; record the talk with the customer first" => {
            key!("reason-promise-fell")
        }
        "the promise stands; there is nothing to correct with the customer" => {
            key!("reason-promise-stands")
        }
        "the proposal is answered; change the plan instead" => key!("reason-proposal-answered"),
        "there is no open offer" => key!("reason-no-offer"),
        "this is marked after the warm introduction" => key!("reason-after-intro"),
        "this promise passes by rule; nobody has to decide it" => key!("reason-by-rule"),
        "a waiver is granted by somebody else than who asked for it" => key!("reason-waiver-other"),
        "correct your own report instead" => key!("reason-own-report"),
        "nobody named you to follow here" => key!("reason-not-named"),
        "only the customer signs; record a confirmation instead" => key!("reason-customer-signs"),
        "proposals are the customer's; set the milestone instead" => {
            key!("reason-customer-proposes")
        }
        "sales or RevOps choose who sells" => key!("reason-sales-choose"),
        "the promise was routed to another team" => key!("reason-other-team"),
        "the receiving side confirms what sales reports" => key!("reason-receiver-confirms"),
        "the receiving team marks the scorecard, never sales" => key!("reason-receiver-marks"),
        "the receiving team notes early signs, never sales" => key!("reason-receiver-notes"),
        "the record was offered to somebody else" => key!("reason-offered-elsewhere"),
        "this is not for the customer to do" => key!("reason-not-customer"),
        "this milestone is not on the customer's side; comment on it" => {
            key!("reason-not-their-side")
        }
        "must be filled in" => key!("reason-fill-in"),
        "must not be blank" => key!("reason-not-blank"),
        "cannot be chosen here" => key!("reason-not-offered"),
        "is a date such as 2026-11-22" => key!("reason-date"),
        "is a date and time such as 2026-11-22 14:30" => key!("reason-moment"),
        "is yes or no" => key!("reason-yes-no"),
        "names nobody here" => key!("reason-nobody"),
        "must be somebody who can sign in" => key!("reason-signs-in"),
        "must be somebody else" => key!("reason-somebody-else"),
        "is from 0 to 100" => key!("reason-to-hundred"),
        "must be another time than the one they begin at" => key!("reason-other-time"),
        "is no mail address" => key!("reason-mail-address"),
        "contains a control character" => key!("reason-control-character"),
        "no such team" => key!("reason-no-team"),
        "is written in lower-case letters, digits, - and _" => key!("reason-lower-case"),
        "is a secret; give the whpk_ half of a key" => key!("reason-secret-half"),
        "give at least one role" => key!("reason-one-role"),
        "give at least one role, or deactivate them" => key!("reason-one-role-or-end"),
        "give at least three characters" => key!("reason-three-letters"),
        "is accountable in this role already" => key!("reason-accountable-already"),
        "nobody deactivates themselves" => key!("reason-not-oneself"),
        "they own the process; choose another process owner first" => key!("reason-owns-process"),
        "the mail has left already" => key!("reason-mail-left"),
        "the handoff is over" => key!("reason-handoff-over"),
        "the plan is confirmed already" => key!("reason-plan-confirmed"),
        "the sample is there already" => key!("reason-sample-there"),
        "texts of what was signed were erased" => key!("reason-signed-erased"),
        "is a number such as 12.5" => key!("reason-number"),
        "is a list: add an entry instead" => key!("reason-list"),
        "say at least one part they play" => key!("reason-one-part"),
        "must be chosen" => key!("reason-choose"),
        "is no handoff" => key!("reason-no-handoff"),
        "is a4 or letter" => key!("reason-paper"),
        "nothing leaves a sample" => key!("reason-sample"),
        _ => return None,
    })
}

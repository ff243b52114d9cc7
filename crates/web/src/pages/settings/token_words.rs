//! What a token may do, in words.

use throughline_domain::access::Action;

use crate::{i18n::Key, key};

/// What somebody may do, as a person says it.
pub fn action_key(action: Action) -> Key {
    match action {
        Action::Read => key!("token-may-read"),
        Action::ReadScores => key!("token-may-read-scores"),
        Action::Open => key!("token-may-open"),
        Action::SendDeals => key!("token-may-send-deals"),
        Action::Reroute => key!("token-may-reroute"),
        Action::SetSeat => key!("token-may-set-seat"),
        Action::Fill => key!("token-may-fill"),
        Action::Reopen => key!("token-may-reopen"),
        Action::AcknowledgeAmendments => key!("token-may-acknowledge-amendments"),
        Action::DecidePromise => key!("token-may-decide-promise"),
        Action::CorrectPromise => key!("token-may-correct-promise"),
        Action::SettlePromise => key!("token-may-settle-promise"),
        Action::ConfirmCriterion => key!("token-may-confirm-criterion"),
        Action::Nominate => key!("token-may-nominate"),
        Action::Offer => key!("token-may-offer"),
        Action::AnswerOffer => key!("token-may-answer-offer"),
        Action::AnswerReturn => key!("token-may-answer-return"),
        Action::Mark => key!("token-may-mark"),
        Action::Ask => key!("token-may-ask"),
        Action::AnswerQuestion => key!("token-may-answer-question"),
        Action::PreviewGate => key!("token-may-preview-gate"),
        Action::AttemptGate => key!("token-may-attempt-gate"),
        Action::AskWaiver => key!("token-may-ask-waiver"),
        Action::DecideWaiver => key!("token-may-decide-waiver"),
        Action::ReportStep => key!("token-may-report-step"),
        Action::ConfirmStep => key!("token-may-confirm-step"),
        Action::TakeOver => key!("token-may-take-over"),
        Action::Reassign => key!("token-may-reassign"),
        Action::Plan => key!("token-may-plan"),
        Action::ConfirmKickoff => key!("token-may-confirm-kickoff"),
        Action::Rate => key!("token-may-rate"),
        Action::Finish => key!("token-may-finish"),
        Action::ReadPeople => key!("token-may-read-people"),
        Action::ManagePeople => key!("token-may-manage-people"),
        Action::ReadPlaybooks => key!("token-may-read-playbooks"),
        Action::ManagePlaybooks => key!("token-may-manage-playbooks"),
        Action::ManageSettings => key!("token-may-manage-settings"),
        Action::ManageTokens => key!("token-may-manage-tokens"),
        Action::Audit => key!("token-may-audit"),
        Action::ReadMessages => key!("token-may-read-messages"),
        Action::BringMail => key!("token-may-bring-mail"),
        Action::ShareViews => key!("token-may-share-views"),
    }
}

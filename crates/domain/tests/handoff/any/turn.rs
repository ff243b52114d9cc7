//! Whose turn it is, and when.

use throughline_domain::{PersonId, Role};
use throughline_testkit::{Play, people::*};

use super::{Draft, Verb, Wait};

/// Sets the stage for a draft: who and when.
pub fn sets(play: &mut Play, draft: &Draft) {
    let seconds = match draft.wait {
        Wait::None => 0,
        Wait::Minutes(n) => n * 60,
        Wait::Hours(n) => n * 3_600,
        Wait::Days(n) => n * 86_400,
    };
    let now = play.now().checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
    play.at_instant(now);
    let who = fitting(play, draft);
    let mut roles = roles_of(who);
    roles.extend(draft.extra_role);
    match draft.dice {
        0..=3 => play.as_system(),
        8..=11 => play.as_customer(),
        _ if customers(draft) => play.as_customer(),
        4..=7 => play.as_token(&[Role::RevOps, Role::Csm, Role::CsLeader]),
        _ => play.as_with(who, &roles),
    };
}

/// Most of the time the one whose turn it is; else anybody.
fn fitting(play: &Play, draft: &Draft) -> PersonId {
    if draft.one_in(4) {
        return draft.who;
    }
    let csm = play.handoff().csm().unwrap_or(MAYA);
    match draft.verb {
        Verb::Mark
        | Verb::Accept
        | Verb::SendBack
        | Verb::ConfirmStep
        | Verb::Rate
        | Verb::OpenPlan
        | Verb::ConfirmPlan
        | Verb::AnswerProposal
        | Verb::ConfirmKickoff => match (&play.handoff().successor, draft.coin) {
            (Some(next), true) => next.to,
            _ => csm,
        },
        Verb::DecidePromise => {
            if draft.coin {
                DEE
            } else {
                PIA
            }
        }
        Verb::GrantWaiver => {
            if draft.coin {
                LEE
            } else {
                MONA
            }
        }
        // Who may grant one asks for one, too.
        Verb::AskWaiver if draft.one_in(3) => LEE,
        Verb::Offer | Verb::Nominate | Verb::TakeOver | Verb::Reassign => LEE,
        // Whoever is named to follow answers.
        Verb::TakeOn | Verb::Decline => {
            let handoff = play.handoff();
            let named = [&handoff.next_seller, &handoff.successor];
            named.into_iter().flatten().next().map_or(EMIL, |named| named.to)
        }
        Verb::ReportStep => {
            if draft.coin {
                csm
            } else {
                play.handoff().seller()
            }
        }
        _ => play.handoff().seller(),
    }
}

/// What is the customer's to do is mostly done by them.
fn customers(draft: &Draft) -> bool {
    let theirs = matches!(draft.verb, Verb::ProposeMilestone | Verb::SignPlan);
    let shared = matches!(draft.verb, Verb::OwnMilestone | Verb::CompleteMilestone | Verb::CommentPlan);
    (theirs && !draft.one_in(7)) || (shared && draft.coin)
}

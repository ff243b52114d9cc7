//! What people do: a list of moves that bring a handoff on, gone through one by one whatever has become of it by then,
//! and between them what nobody planned.

use std::collections::BTreeSet;

use throughline_domain::{
    Actor, PersonId,
    calendar::Calendars,
    gate::Mode,
    handoff::{Command, Handoff, Stage, WaiverState, command::*},
    playbook::Gate,
    record::{DecisionVerdict, PromiseState},
};
use throughline_testkit::{
    Play, Team, answer_for,
    people::{DANA, DEE, LEE, MAYA, MONA, NOAH, RAVI},
    text,
};

use crate::{dice::Dice, watch::Watch};

/// The next things somebody would do to bring it to its end.
pub fn planned(
    handoff: &Handoff,
    calendars: &Calendars,
    mode: Mode,
    now: jiff::Timestamp,
    most: usize,
) -> Vec<(Actor, Command)> {
    let Some(playbook) = Watch::playbook(handoff) else { return Vec::new() };
    if !handoff.life.is_live() {
        return Vec::new();
    }
    let mut play = Play::new(playbook, calendars.clone(), mode, now);
    play.state = Some(handoff.clone());
    // It stops when its moves run out, or where the team does not know what to do.
    let _ = Team::new(most).finish(&mut play);
    play.moves
}

/// Something nobody planned; refused more often than not.
pub fn unplanned(dice: &Dice, handoff: &Handoff, number: usize) -> Option<(PersonId, Command)> {
    let playbook = Watch::playbook(handoff)?;
    let said = || text(&format!("For reason {number}"));
    let csm = handoff.csm().unwrap_or(MAYA);
    let seller = handoff.seller();
    let asks: Vec<_> = playbook.asks().collect();
    let gate = *dice.one_of(&Gate::ALL)?;
    Some(match dice.roll(18) {
        0 => (csm, AskQuestion { text: said() }.into()),
        1 => {
            let open = handoff.questions.iter().find(|(_, asked)| asked.answer.is_none())?;
            (seller, AnswerQuestion { question: *open.0, text: said() }.into())
        }
        2 => (LEE, WithdrawOffer { reason: said() }.into()),
        3 => {
            let code = dice.one_of(&playbook.offer.refusal_codes)?.id.clone();
            (csm, SendBack { code, reason: said() }.into())
        }
        4 if dice.one_in(4) => (LEE, TakeOver { by: NOAH, reason: said() }.into()),
        5 => (LEE, Reassign { to: [NOAH, MAYA][dice.roll(2)], reason: said() }.into()),
        6 => (handoff.successor.as_ref().map_or(csm, |next| next.to), Accept {}.into()),
        7 => {
            let ask = dice.one_of(&asks)?.id.value.clone();
            (csm, Reopen { asks: BTreeSet::from([ask]), reason: said() }.into())
        }
        8 => (RAVI, AttemptGate { gate }.into()),
        9 => {
            let missed =
                throughline_domain::handoff::Covers::Ask { ask: dice.one_of(&asks)?.id.value.clone() };
            (DANA, AskWaiver { gate, covers: BTreeSet::from([missed]), reason: said() }.into())
        }
        10 => {
            let asked = handoff.waivers.values().find(|waiver| waiver.state == WaiverState::Asked)?;
            let expires_at =
                Some(handoff.opened_at + jiff::SignedDuration::from_hours(24 * dice.within(10, 60)));
            ([LEE, MONA][dice.roll(2)], GrantWaiver { waiver: asked.id, expires_at }.into())
        }
        11 => (LEE, Nominate { csm: [NOAH, MAYA][dice.roll(2)] }.into()),
        12 => (csm, AcknowledgeAmendments {}.into()),
        13 => (csm, Finish {}.into()),
        14 => {
            let ask = dice.one_of(&asks)?;
            let answer = answer_for(ask, &format!("Answer {number}"));
            let reason = Some(said());
            (seller, GiveAnswer { ask: ask.id.value.clone(), answer, reason }.into())
        }
        15 => {
            let waits = |state| state == PromiseState::AwaitingDecision;
            let item = handoff.record.promises().find(|(_, promise)| waits(promise.life.state()))?.0.id;
            (DEE, DecidePromise { item, verdict: DecisionVerdict::Declined, reason: said() }.into())
        }
        16 => match handoff.stage {
            Stage::Offered { to, .. } => (to, Accept {}.into()),
            _ => (LEE, Offer { to: MAYA }.into()),
        },
        _ => (csm, OpenPlan {}.into()),
    })
}

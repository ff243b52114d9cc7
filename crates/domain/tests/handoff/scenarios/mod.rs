//! The rules, each as a scenario whose name is the rule. Where a rule has a number, the scenario has it to the minute.

mod begin_and_end;
mod days_off;
mod handover;
mod meetings;
mod modes;
mod offers;
mod portal;
mod promises;
mod readings;
mod record;
mod reminders;
mod reopening;
mod reports;
mod review;
mod signs;
mod teams;
mod transfer;
mod verdicts;
mod waivers;

use std::collections::BTreeSet;

use throughline_domain::{
    ItemId, Key, WaiverId,
    handoff::{Covers, command::*},
    playbook::Gate,
    record::{Body, List, Promise},
};
use throughline_testkit::{Play, body_for, default_playbook, evidence, four_domains, given, people::*, text};

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn step(name: &str) -> Covers {
    Covers::Step { step: key(name) }
}

fn ask(name: &str) -> Covers {
    Covers::Ask { ask: key(name) }
}

/// The default playbook on Monday 2026-03-02; to be signed on Friday 2026-03-27.
fn by_default() -> Play {
    given(default_playbook()).opened()
}

fn by_four_domains() -> Play {
    given(four_domains()).opened()
}

/// Assigned to Maya on Wednesday 2026-03-18.
fn assigned() -> Play {
    let mut play = by_default();
    play.at("2026-03-18 10:00").assigned();
    play
}

/// Won on Friday 2026-03-27 at 15:00, introduced on Monday the 30th at nine: owned by Maya.
fn owned() -> Play {
    let mut play = assigned();
    play.at("2026-03-27 15:00").won().at("2026-03-30 09:00").introduced();
    play
}

/// Owned, the kickoff held on Monday 2026-04-20 from 9:00 to 9:50 after everything before it was done.
fn kicked_off() -> Play {
    let mut play = owned();
    play.at("2026-03-30 11:00").reports(MAYA, "first_contact").booked("2026-04-20 09:00");
    play.at("2026-04-14 10:00").called();
    play.at("2026-04-15 10:00").as_(MAYA).does(ConfirmKickoff {});
    play.at("2026-04-20 09:50").reports_at(MAYA, "kickoff", "2026-04-20 09:00");
    play
}

/// A promise the deal desk must decide.
fn promised(play: &mut Play, what: &str) -> ItemId {
    let Body::Promise(promise) = body_for(List::Promises, what) else { unreachable!() };
    let body = Body::Promise(Promise { in_contract: Some(false), ..promise });
    play.as_(DANA).does(AddItem { body, evidence: evidence(), reason: Some(text("It came up")) });
    *play.handoff().record.items.keys().last().unwrap()
}

fn waiver_of(play: &Play) -> WaiverId {
    *play.handoff().waivers.keys().last().unwrap()
}

fn asked(gate: Gate, covers: impl IntoIterator<Item = Covers>) -> AskWaiver {
    AskWaiver { gate, covers: covers.into_iter().collect::<BTreeSet<_>>(), reason: text("They need a date") }
}

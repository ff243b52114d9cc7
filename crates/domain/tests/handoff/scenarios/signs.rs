//! Early signs (R6.8).

use throughline_domain::handoff::{EarlySign, Refusal, SignSeen, command::*};
use throughline_testkit::{Play, people::*, text};

use super::*;

fn standing(play: &Play, sign: EarlySign) -> usize {
    let stands = |seen: &&SignSeen| seen.sign == sign && seen.taken_back.is_none();
    play.handoff().signs.iter().filter(stands).count()
}

#[test]
fn a_sign_counts_each_time_it_is_seen_and_a_button_pressed_twice_counts_once() {
    let mut play = owned();
    let quiet = || NoteSign { sign: EarlySign::ChampionQuiet, note: None };
    play.at("2026-04-01 10:00").as_(MAYA).does(quiet());
    play.repeats(quiet());
    play.does(NoteSign { sign: EarlySign::ChampionQuiet, note: Some(text("No answer for a week")) });
    play.at("2026-04-01 10:02").does(quiet());
    assert_eq!(standing(&play, EarlySign::ChampionQuiet), 3);
    assert_eq!(play.handoff().signs.iter().map(|seen| seen.number).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn a_sign_that_was_none_is_taken_back_and_stays_to_be_seen() {
    let mut play = owned();
    play.as_(MAYA).does(NoteSign { sign: EarlySign::Surprise, note: None });
    play.refused(TakeBackSign { number: 1, reason: None });
    play.does(TakeBackSign { number: 0, reason: Some(text("It stood in the record")) });
    play.repeats(TakeBackSign { number: 0, reason: None });
    assert_eq!(standing(&play, EarlySign::Surprise), 0);
    assert_eq!(play.handoff().signs.len(), 1);
    play.does(NoteSign { sign: EarlySign::Surprise, note: None });
    assert_eq!(standing(&play, EarlySign::Surprise), 1, "seen again at once, it counts again");
}

#[test]
fn sales_and_programs_note_no_signs() {
    let mut play = owned();
    let surprise = || NoteSign { sign: EarlySign::Surprise, note: None };
    assert!(matches!(play.as_(DANA).refused(surprise()), Refusal::NotYours(_)));
    assert!(matches!(play.as_system().refused(surprise()), Refusal::NotYours(_)));
    play.as_(MAYA).does(surprise());
    assert!(matches!(play.as_(DANA).refused(TakeBackSign { number: 0, reason: None }), Refusal::NotYours(_)));
}

#[test]
fn whether_a_sign_is_good_is_plain_from_it() {
    assert_eq!(EarlySign::ALL.iter().filter(|sign| sign.is_good()).count(), 5);
}

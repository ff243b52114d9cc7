//! Early signs are noticed by the receiving team and can be taken back (R6.8, R0.11).

use super::*;

/// Most signs one handoff keeps.
const MOST_SIGNS: usize = 500;

impl Desk<'_> {
    pub(super) fn note_sign(&self, body: NoteSign) -> Decided {
        let NoteSign { sign, note } = body;
        self.running()?;
        self.by_a_person("a sign is noticed by a person, never by a program")?;
        if !self.receives() {
            return Err(Refusal::NotYours("the receiving team notes early signs, never sales"));
        }
        let seen = &self.handoff.signs;
        if seen.len() >= MOST_SIGNS {
            return Err(invalid("sign", format!("is one too many: {MOST_SIGNS} were noted here")));
        }
        // A button pressed twice is one sign.
        let minute = jiff::SignedDuration::from_mins(1);
        let twice = seen.last().is_some_and(|last| {
            (last.sign, &last.note, last.by) == (sign, &note, self.context.actor)
                && last.taken_back.is_none()
                && self.context.now.duration_since(last.at) < minute
        });
        if twice {
            return Ok(Outcome::AlreadySo);
        }
        let number = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        happened(vec![Fact::SignSeen { number, sign, note }])
    }

    pub(super) fn take_back_sign(&self, body: TakeBackSign) -> Decided {
        let TakeBackSign { number, reason } = body;
        self.running()?;
        if !self.receives() {
            return Err(Refusal::NotYours("the receiving team notes early signs, never sales"));
        }
        let seen = self.handoff.signs.iter().find(|seen| seen.number == number);
        let seen = seen.ok_or_else(|| unknown("sign", number))?;
        if seen.taken_back.is_some() {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::SignTakenBack { number, reason }])
    }
}

//! What each playbook counts, held to its limit: one less, exactly, one more.
//!
//! A file per playbook holds tables written by hand from its document and from the demands its comments name; none is
//! read from the playbook. Four things are done with them:
//!
//! - `clock`: each clock is read the minute before, at and after it turns, across a weekend, a day off and the night the
//!   clocks change; and of each it is heard who is told at which minute, and nobody at any other.
//! - `record`: each thing the record asks is taken out of a complete one, alone, and so is each thing an entry must say.
//! - `gates`: each thing a gate demands is left out of a whole handoff, alone; every gate is then asked.
//! - `counts`: scores, touchpoints, days of a waiver and whose it is to grant, returns, minutes.
//!
//! Absent on purpose: how the way goes when all is well; the stories beside this folder tell that.

mod clock;
mod counts;
mod gates;
mod record;
mod starts;

mod account_truth;
mod default;
mod default_by_size;
mod enterprise_protocol;
mod four_domains;
mod full_context;
mod governed_gate;

/// How much of a table is held: of every so many cases the first.
#[derive(Clone, Copy)]
struct Share(usize);

/// What is held each day.
const EVERYDAY: Share = Share(crate::ONE_OF);

impl Share {
    fn takes(self, nth: usize) -> bool {
        nth.is_multiple_of(self.0)
    }

    fn is_whole(self) -> bool {
        self.0 == 1
    }
}

/// A local time so many minutes later; earlier, if fewer than none.
fn shifted(local_time: &str, minutes: i64) -> String {
    let time: jiff::civil::DateTime = local_time.replace(' ', "T").parse().unwrap();
    let time = time.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

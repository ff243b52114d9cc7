//! Clocks, read to the minute and heard to the minute.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Share, shifted,
    starts::{Start, fills, happens},
};
use crate::story::*;

/// One clock of a playbook.
pub struct Clock {
    /// Its step.
    pub step: &'static str,
    /// The number, in words, and where it comes from.
    pub number: &'static str,
    /// How a handoff comes to where it runs.
    pub starts: Start,
    /// Where it turns: plainly first, then across days that do not count.
    pub runs: &'static [Run],
    /// Who is told in the first of these when nobody does anything: when, as what, whom.
    pub told: &'static [Call],
}

/// When somebody is told, as what, and who that is.
pub type Call = (&'static str, &'static str, Who);

/// One time a clock runs.
pub struct Run {
    since: &'static str,
    opens: Option<&'static str>,
    due: &'static str,
}

/// Runs at once, until it is due.
pub const fn run(since: &'static str, due: &'static str) -> Run {
    Run { since, opens: None, due }
}

/// Opens, and is due.
pub const fn window(since: &'static str, opens: &'static str, due: &'static str) -> Run {
    Run { since, opens: Some(opens), due }
}

/// Reads each clock the minute before, at and after each of its turns, open and done; for less than the whole only
/// where it turns plainly, and open.
#[track_caller]
pub fn turn_on_the_minute(share: Share, playbook: &str, clocks: &[Clock]) {
    let company = Company::with(playbook);
    let mut wrong = Vec::new();
    for clock in clocks {
        for (nth, run) in clock.runs.iter().enumerate().take(if share.is_whole() { usize::MAX } else { 1 }) {
            let id = format!("{} {nth}", clock.step);
            let mut hold = |what: &str, at: &str, wanted: &str, read: String| {
                if read != wanted {
                    wrong.push(format!(
                        "{playbook}, {} ({}) since {}: {what} {at} it reads {read}, not {wanted}",
                        clock.step, clock.number, run.since
                    ));
                }
            };
            let case = clock.starts.brings(&company, &id, run.since);
            hold("due", run.due, &company.instant(run.due).to_string(), due(&case, clock.step));
            for (at, wanted) in run.open(clock.step) {
                company.at(&at);
                hold("open", &at, wanted, reading(&case, clock.step));
            }
            if nth > 0 || !share.is_whole() || ["availability", PROMISE].contains(&clock.step) {
                continue;
            }
            for (at, wanted) in run.done(clock.step) {
                let case = clock.starts.brings(&company, &format!("{id} done {at}"), run.since);
                is_done(&case, clock.step, &at);
                hold("done", &at, wanted, case.reading(clock.step));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What stands for a step where a promise waits for its decision.
pub const PROMISE: &str = "promise";

fn on_the_desk(case: &Case<'_>) -> Value {
    let rows = case.company.by(DORA).get("/api/v1/commitments?limit=200").expect(200)["rows"].clone();
    let row = rows.as_array().unwrap().iter().find(|row| row["handoff"].to_string().contains(&case.id));
    row.unwrap_or_else(|| panic!("{rows:#}")).clone()
}

fn reading(case: &Case<'_>, step: &str) -> String {
    if step != PROMISE {
        return case.reading(step);
    }
    on_the_desk(case)["reading"].as_str().unwrap().to_owned()
}

fn due(case: &Case<'_>, step: &str) -> String {
    if step != PROMISE {
        return case.due(step).to_string();
    }
    on_the_desk(case)["decide_by"].as_str().unwrap().to_owned()
}

impl Run {
    fn open(&self, step: &str) -> Vec<(String, &'static str)> {
        // A period is nobody's task: it is over when its time is.
        let (at, after) = if step == "availability" { ("met", "met") } else { ("running", "overdue") };
        let opens = self
            .opens
            .iter()
            .flat_map(|opens| [(shifted(opens, -1), "waiting"), ((*opens).to_owned(), "running")]);
        let due = [(-1, "running"), (0, at), (1, after)];
        opens.chain(due.map(|(minutes, reading)| (shifted(self.due, minutes), reading))).collect()
    }

    fn done(&self, step: &str) -> Vec<(String, &'static str)> {
        // A score is asked for once its time has come, and refused before.
        let before = if step.starts_with("rate_") { "waiting" } else { "early" };
        let opens =
            self.opens.iter().flat_map(|opens| [(shifted(opens, -1), before), ((*opens).to_owned(), "met")]);
        opens.chain([(self.due.to_owned(), "met"), (shifted(self.due, 1), "late")]).collect()
    }
}

/// Does what a step is about, at a local time.
#[track_caller]
fn is_done(case: &Case<'_>, step: &str, at: &str) {
    let company = case.company;
    if company.instant(at) > company.now() {
        company.at(at);
    }
    match step {
        "nomination" => {
            case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
        }
        "record" => fills(case),
        "review" => case.reviews(MAYA),
        "offer_answer" => {
            case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
        }
        "return_answer" => {
            case.does(AVA, "answer-return", json!({ "text": "It is there now." }));
        }
        "plan_confirmed" => {
            case.does(MAYA, "open-plan", json!({}));
            let at = company.instant(at);
            case.does(MAYA, "confirm-plan", json!({ "form": "mail", "at": at, "evidence": evidence() }));
        }
        "kickoff_booked" => {
            let booked = json!({ "booked_for": company.instant("2026-07-01 10:00") });
            case.reports(MAYA, step, at, booked);
        }
        "rate_kickoff" | "rate_day60" | "rate_handoff" => {
            let rating = step.trim_start_matches("rate_");
            let tried = case.tries(MAYA, "rate", json!({ "rating": rating, "score": 5 }));
            assert!(tried.status == 200 || case.reading(step) == "waiting", "{tried}");
        }
        _ => happens(case, step, at),
    }
}

/// Lets nobody do anything about a clock, and hears who is told of it: at each minute the table names, and at the
/// minute before each, exactly whom it names.
#[track_caller]
pub fn are_heard_by_whom_they_mean(share: Share, playbook: &str, clocks: &[Clock]) {
    let company = Company::with(playbook);
    let clocks: Vec<&Clock> =
        clocks.iter().enumerate().filter(|(nth, _)| share.takes(*nth)).map(|(_, clock)| clock).collect();
    let ids: Vec<String> = clocks.iter().map(|clock| format!("{} heard", clock.step)).collect();
    let mut moments: BTreeSet<String> = BTreeSet::new();
    for clock in clocks.iter().filter(|clock| !clock.told.is_empty()) {
        moments.insert(clock.starts.at(clock.runs[0].since));
        moments.extend(clock.told.iter().flat_map(|(at, ..)| [shifted(at, -1), (*at).to_owned()]));
    }
    let mut cases: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for moment in &moments {
        company.at(moment);
        for (clock, id) in clocks.iter().zip(&ids) {
            if !clock.told.is_empty() && clock.starts.at(clock.runs[0].since) == *moment {
                let case = clock.starts.brings(&company, id, clock.runs[0].since);
                cases.insert(case.id, clock.step);
            }
        }
        company.post_goes_out();
        let heard = heard_now(&company, &cases);
        let calls = clocks.iter().flat_map(|clock| clock.told.iter().map(|call| (clock.step, call)));
        let wanted: BTreeSet<Heard> = calls
            .filter(|(_, (at, ..))| at == moment)
            .map(|(step, (_, what, who))| (step.to_owned(), (*what).to_owned(), who.name.to_owned()))
            .collect();
        if heard != wanted {
            let more: Vec<_> = heard.difference(&wanted).collect();
            let less: Vec<_> = wanted.difference(&heard).collect();
            wrong.push(format!(
                "{playbook}, {moment}: told and not meant {more:?}, meant and not told {less:?}"
            ));
        }
    }
    // Whoever was to hear has heard, and nobody hears it twice.
    for _ in 0..3 {
        company.minutes_pass(24 * 60).post_goes_out();
        let again = heard_now(&company, &cases);
        if !again.is_empty() {
            wrong.push(format!("{playbook}, afterwards: {again:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of which step, as what, who.
type Heard = (String, String, String);

/// Who is told at this very moment of the clocks that are listened to, each on its own handoff.
fn heard_now(company: &Company, cases: &BTreeMap<String, &str>) -> BTreeSet<Heard> {
    let now = json!(company.now().to_string());
    let page = company.by(RITA).get("/api/v1/week/told?limit=100").expect(200);
    let rows = page["rows"].as_array().unwrap();
    assert!(rows.len() < 100 || rows[99]["at"] != now, "more is told at once than is looked at");
    let of_now = rows.iter().filter(|row| row["at"] == now);
    let listened = of_now.filter(|row| {
        let step = step_of(row);
        cases.get(row["handoff"]["id"].as_str().unwrap()) == Some(&step)
    });
    listened.flat_map(told_in).collect()
}

fn step_of(row: &Value) -> &str {
    row["matter"]["step"].as_str().or(row["matter"]["matter"].as_str()).unwrap_or_default()
}

fn told_in(row: &Value) -> Vec<Heard> {
    let rung = &row["rung"];
    let what = rung["role"].as_str().or(rung["whom"].as_str()).unwrap_or("reminder");
    let step = step_of(row);
    let letters = row["letters"].as_array().unwrap().iter();
    letters.map(|letter| (step.into(), what.into(), letter["to"]["name"].as_str().unwrap().into())).collect()
}

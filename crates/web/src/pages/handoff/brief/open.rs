//! What is open, who owes it and where; and, while a CSM is only nominated, what stays closed to them (R0.3).

use std::collections::BTreeSet;

use throughline_app::{gates::GapAnswer, read::HandoffView};
use throughline_domain::{
    Role,
    access::Action,
    gate::{Problem, Verdict},
    handoff::{Covers, Stage},
    playbook::Gate,
};

use crate::{
    i18n::{Key, Text},
    key,
    pages::{
        handoff::frame::{self, gap, person},
        words,
    },
    ui::{Gap, Person},
    visit::Visit,
};

/// Everything that waits for somebody, each thing once.
pub fn open(t: &Text, view: &HandoffView) -> Vec<Gap> {
    listed(t, view, |_| true)
}

/// The same for a sheet that shows the record's own holes where they are: those in one line.
pub fn open_besides(t: &Text, view: &HandoffView) -> Vec<Gap> {
    let handoff = &view.loaded.handoff;
    let is_hole = |one: &GapAnswer| {
        matches!(one.gap.about, Covers::Ask { .. })
            && matches!(one.gap.problem, Problem::Missing | Problem::NothingListed { .. })
    };
    let missing = view.gaps.iter().filter(|one| is_hole(one)).count();
    let holes = (missing > 0).then(|| Gap {
        what: t.with(key!("brief-glance-missing"), ("n", missing)).into_owned(),
        why: t.get(key!("brief-holes")).into_owned(),
        owes: person(view, handoff.seller()).as_a(frame::role(t, Role::Ae)),
        href: format!("/handoffs/{}", handoff.id),
    });
    holes.into_iter().chain(listed(t, view, |one| !is_hole(one))).collect()
}

fn listed(t: &Text, view: &HandoffView, takes: impl Fn(&GapAnswer) -> bool) -> Vec<Gap> {
    let mut seen: BTreeSet<&Covers> = BTreeSet::new();
    let waits = |one: &&GapAnswer| {
        matches!(
            one.gap.about,
            Covers::Commitment { .. } | Covers::Correction { .. } | Covers::Return | Covers::Reopened
        )
    };
    let gates = view.gates.iter().flat_map(|answer| &answer.gaps).filter(waits);
    let owed = view.gaps.iter().chain(gates).chain(&view.follow_ups);
    let owed = owed.filter(|one| takes(one) && seen.insert(&one.gap.about));
    let mut all: Vec<Gap> = owed.map(|one| gap(t, one)).collect();
    all.extend(questions(t, view));
    all
}

/// Questions nobody answered yet: the AE owes the answer (R3.11).
fn questions(t: &Text, view: &HandoffView) -> Vec<Gap> {
    let handoff = &view.loaded.handoff;
    let asked = handoff.questions.iter().filter(|(_, asked)| asked.answer.is_none());
    asked
        .map(|(id, asked)| Gap {
            what: asked.text.to_string(),
            why: t
                .with(
                    key!("brief-asked-by"),
                    (("name", frame::who(t, view, asked.by)), ("ago", t.relative(asked.at, view.now))),
                )
                .into(),
            owes: person(view, handoff.seller()).as_a(frame::role(t, Role::Ae)),
            href: format!("/handoffs/{}/questions#question-{id}", handoff.id),
        })
        .collect()
}

/// Something that is closed until a CSM has accepted.
pub struct Closed {
    /// What.
    pub what: String,
    /// Which gate keeps it shut, and how much it misses.
    pub says: String,
    /// What is missing, and who owes it.
    pub gaps: Vec<Gap>,
}

/// Who reads it while it is only on its way to them, and what that means.
pub struct Before {
    /// Who is nominated or asked; nobody yet.
    pub csm: Option<Person>,
    /// What whoever reads this has to know of it.
    pub title: String,
    /// The record has been offered to the reader, who is to answer.
    pub answers: bool,
    /// Nobody is nominated, and the reader may do so.
    pub nominates: bool,
    /// What stays closed.
    pub closed: Vec<Closed>,
}

/// What is closed while nobody has accepted; none afterwards, and none where nothing is to be accepted.
pub fn before(visit: &Visit, view: &HandoffView) -> Option<Before> {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    if !handoff.life.is_live() || matches!(handoff.stage, Stage::Assigned { .. } | Stage::Owned { .. }) {
        return None;
    }
    let closed: Vec<Closed> =
        [(Gate::CsAccess, key!("brief-closed-plan")), (Gate::Kickoff, key!("brief-closed-kickoff"))]
            .into_iter()
            .filter_map(|(gate, what)| closed_by(t, view, gate, what))
            .collect();
    let offered = !matches!(handoff.stage, Stage::Preparing);
    let mine = handoff.csm().is_some() && handoff.csm() == visit.caller.person();
    let csm = handoff.csm().map(|csm| {
        let note = if offered { key!("duty-csm-offered") } else { key!("duty-csm-nominated") };
        person(view, csm).as_a(t.get(note))
    });
    let title = match (mine, offered) {
        (true, true) => key!("brief-before-offered"),
        (true, false) => key!("brief-before-nominated"),
        (false, _) if csm.is_none() => key!("brief-before-nobody"),
        (false, _) => key!("brief-before"),
    };
    let nominates = csm.is_none() && !offered && view.rights.contains(&Action::Nominate);
    (!closed.is_empty()).then(|| Before {
        csm: csm.filter(|_| !mine),
        nominates,
        title: t.get(title).into_owned(),
        answers: mine && offered,
        closed,
    })
}

fn closed_by(t: &Text, view: &HandoffView, gate: Gate, what: Key) -> Option<Closed> {
    let answer = view.gate(gate).filter(|answer| answer.verdict == Verdict::Refused)?;
    let args = (("gate", words::word(t, gate)), ("n", answer.gaps.len()));
    Some(Closed {
        what: t.get(what).into_owned(),
        says: t.with(key!("record-gate-shut"), args).into_owned(),
        gaps: answer.gaps.iter().map(|one| gap(t, one)).collect(),
    })
}

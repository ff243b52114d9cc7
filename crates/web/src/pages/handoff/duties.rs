//! Shared ownership in words, on every view of a handoff (R7.5): sales answers for accuracy until the transition, CS
//! for continuity after it, both for the changeover.

use throughline_app::read::HandoffView;
use throughline_domain::{
    PersonId, Role,
    handoff::{Life, Stage},
};

use super::frame::{person, role};
use crate::{
    i18n::{Key, Text},
    key,
    pages::playbooks,
    ui::Person,
};

/// Who answers for what.
pub struct Duties {
    /// When ownership moves.
    pub moves: String,
    /// Accuracy, continuity, the changeover.
    pub all: Vec<Duty>,
}

/// One thing somebody answers for.
pub struct Duty {
    /// What, and until when.
    pub what: String,
    /// Everybody who does.
    pub who: Vec<Person>,
    /// Who of them answers to the customer now does so by this.
    pub now: bool,
}

impl Duties {
    /// Of a handoff; none where nobody owes anything.
    pub fn of(t: &Text, view: &HandoffView) -> Option<Self> {
        let handoff = &view.loaded.handoff;
        let playbook = view.loaded.playbook.as_ref()?;
        if matches!(handoff.life, Life::History | Life::OutOfScope) {
            return None;
        }
        let sales = seller(t, view);
        let cs = csm(t, view, handoff.csm());
        let moved = handoff.stage.is_owned();
        let duty = |what: Key, who, now| Duty { what: t.get(what).into_owned(), who, now };
        let on = playbooks::words::transfer(t, playbook.transfer_on);
        Some(Self {
            moves: t.with(key!("duty-moves"), ("when", on)).into_owned(),
            all: vec![
                duty(key!("duty-accuracy"), vec![sales.clone()], !moved),
                duty(key!("duty-continuity"), vec![cs.clone()], moved),
                duty(key!("duty-changeover"), vec![sales, cs], false),
            ],
        })
    }
}

/// The AE, or who answers for one who cannot sign in.
fn seller(t: &Text, view: &HandoffView) -> Person {
    let handoff = &view.loaded.handoff;
    let note = match handoff.absent(Role::Ae) {
        Some(absent) => t.with(key!("duty-stands-in"), ("name", view.name(absent))).into_owned(),
        None => role(t, Role::Ae),
    };
    person(view, handoff.seller()).as_a(note)
}

fn csm(t: &Text, view: &HandoffView, csm: Option<PersonId>) -> Person {
    let Some(csm) = csm else {
        return Person::nobody(t.get(key!("handoff-nobody-yet"))).as_a(role(t, Role::Csm));
    };
    let note = match view.loaded.handoff.stage {
        Stage::Preparing => t.get(key!("duty-csm-nominated")).into_owned(),
        Stage::Offered { .. } => t.get(key!("duty-csm-offered")).into_owned(),
        Stage::Assigned { .. } | Stage::Owned { .. } => role(t, Role::Csm),
    };
    person(view, csm).as_a(note)
}

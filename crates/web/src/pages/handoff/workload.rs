//! What each CSM has on their hands, beside the choice of one (R2.10).

use throughline_app::{
    AppError,
    read::HandoffView,
    workload::{Room, Workload},
};
use throughline_domain::access::Action;

use crate::{
    i18n::Text,
    key,
    pages::people::absence,
    ui::{Choice, Person, Shown, Tone},
    visit::Visit,
};

/// A candidate with what they hold.
pub struct WorkRow {
    /// Who; with until when they are away, and who stands in.
    pub person: Person,
    /// They are the one chosen now.
    pub chosen: bool,
    pub away: bool,
    pub nominated: u32,
    pub offered: u32,
    pub before_kickoff: u32,
    pub in_plan: u32,
    pub late: u32,
    /// A sum for each currency.
    pub arr: String,
    pub room: RoomMark,
    /// Their handoffs in the list.
    pub href: String,
}

/// How much somebody holds beside the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomMark(Room);

impl Shown for RoomMark {
    fn tone(&self) -> Tone {
        match self.0 {
            Room::Much => Tone::Good,
            Room::Some => Tone::Calm,
            Room::Little => Tone::Warn,
        }
    }

    fn icon(&self) -> &'static str {
        match self.0 {
            Room::Much => "circle-dashed",
            Room::Some => "circle-dot",
            Room::Little => "circle-alert",
        }
    }

    fn key(&self) -> crate::i18n::Key {
        match self.0 {
            Room::Much => key!("workload-much"),
            Room::Some => key!("workload-some"),
            Room::Little => key!("workload-little"),
        }
    }
}

/// The candidates for whoever nominates or offers: to choose from, and what each holds, in one order.
pub async fn candidates(visit: &Visit, view: &HandoffView) -> Result<(Vec<Choice>, Vec<WorkRow>), AppError> {
    let chosen = view.loaded.handoff.csm();
    let found = visit.web.app.workloads(&visit.caller).await?;
    let choices = found.iter().map(|one| choice(visit, view, one.all(), &one.person)).collect();
    Ok((choices, found.into_iter().map(|one| row(visit, view, one, chosen)).collect()))
}

fn row(
    visit: &Visit,
    view: &HandoffView,
    one: Workload,
    chosen: Option<throughline_domain::PersonId>,
) -> WorkRow {
    let t = &visit.t;
    let arr: Vec<String> = one.arr.iter().map(|sum| t.money(*sum)).collect();
    let id = one.person.id;
    WorkRow {
        person: named(t, visit, view, &one),
        chosen: chosen == Some(id),
        away: one.away_now.is_some(),
        nominated: one.nominated,
        offered: one.offered,
        before_kickoff: one.before_kickoff,
        in_plan: one.in_plan,
        late: one.late,
        arr: if arr.is_empty() { "–".to_owned() } else { arr.join(" · ") },
        room: RoomMark(one.room),
        href: format!("/deals?csm={id}"),
    }
}

fn named(t: &Text, visit: &Visit, view: &HandoffView, one: &Workload) -> Person {
    let person = Person::named(one.person.name.clone());
    match (absence::beside(visit, &view.loaded.org, &one.person), &one.stood_in_by) {
        (Some(away), Some(stand_in)) => {
            let args = (("away", away), ("name", stand_in.name.as_str()));
            person.as_a(t.with(key!("workload-stands-in"), args))
        }
        (Some(away), None) => person.as_a(away),
        (None, _) => person,
    }
}

/// The CSMs with how many open handoffs each has, who holds least first where that may be known.
pub async fn csm_choices(visit: &Visit, view: &HandoffView) -> Result<Vec<Choice>, AppError> {
    let may = |action| visit.caller.may(action).is_ok();
    if may(Action::Nominate) || may(Action::Reassign) {
        return Ok(candidates(visit, view).await?.0);
    }
    let found = visit.web.app.csms(&visit.caller).await?;
    Ok(found.iter().map(|(person, open)| choice(visit, view, *open, person)).collect())
}

fn choice(visit: &Visit, view: &HandoffView, open: u32, csm: &throughline_store::Person) -> Choice {
    let args = (("name", absence::named(visit, &view.loaded.org, csm)), ("n", open));
    let label = visit.t.with(key!("steps-csm-open"), args);
    Choice::new(csm.id.to_string(), label).chosen(view.loaded.handoff.csm() == Some(csm.id))
}

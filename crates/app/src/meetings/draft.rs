//! Mails that a person sends themselves, written down for them: the warm introduction, and what was agreed in a call
//! (R3.5, R3.14). A summary goes with the call and never stands for it, so it is offered once the call was told of.

use throughline_domain::{
    HandoffId,
    access::Action,
    handoff::{Handoff, meeting},
    playbook::{Playbook, Step, StepKind},
    record::{Body, Stakeholder, StakeholderRole},
};
use throughline_messages::{Address, Agreed, Kind, MeetingKind, Milestone, Told};

use super::guests::address_in;
use crate::{App, AppError, Caller, handle::Loaded};

/// Most lines of a part of a summary.
const LINES: usize = 10;

/// Which draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftKind {
    /// The warm introduction.
    Introduction,
    /// The summary after a bridge call or a kickoff.
    Recap(MeetingKind),
}

/// A mail to be edited and sent by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// To whom, as far as the record knows an address.
    pub to: Vec<Address>,
}

impl App {
    /// A draft from the record as it stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the process has no such call.
    pub async fn draft(&self, caller: &Caller, id: HandoffId, kind: DraftKind) -> Result<Draft, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        let (subject, text, call) = match kind {
            DraftKind::Introduction => {
                let (subject, text) = self.introduction_draft(caller, id).await?;
                (subject, text, MeetingKind::BridgeCall)
            }
            DraftKind::Recap(call) => {
                let (subject, text) = self.recap(&loaded, call).await?;
                (subject, text, call)
            }
        };
        let step = loaded.playbook.as_ref().and_then(|playbook| playbook.step_of(call.step()));
        let people = step.map(|step| meeting::their_side(&loaded.handoff, step)).unwrap_or_default();
        let needed = people.into_iter().filter(|(_, optional)| !optional);
        let to = needed.filter_map(|(person, _)| address_in(person.contact.as_ref()?.as_str())).collect();
        Ok(Draft { subject, text, to })
    }

    async fn recap(&self, loaded: &Loaded, call: MeetingKind) -> Result<(String, String), AppError> {
        if !matches!(call, MeetingKind::BridgeCall | MeetingKind::Kickoff) {
            return Err(AppError::NotFound("draft"));
        }
        let playbook = loaded.playbook.as_deref().ok_or(AppError::NotFound("draft"))?;
        let step = playbook.step_of(call.step()).ok_or(AppError::NotFound("draft"))?;
        let names = self.names(loaded).await?;
        let told = Told {
            company: &loaded.org.name,
            reader: &names.answerable,
            handoff: &loaded.handoff,
            names: &names,
            matter: None,
            handover: None,
        };
        let view = told.agreed(agreed(loaded, playbook, step, call));
        let (written, _) = self.templates(loaded.org.id).await?.write(Kind::Recap, &view, self.now())?;
        Ok((written.subject.as_str().to_owned(), written.text.trim_end().to_owned()))
    }
}

/// Whether a step was told of in a form that people took part in, so that there is something to sum up.
pub fn was_held(handoff: &Handoff, step: &Step) -> bool {
    let reports = handoff.step(&step.id.value).into_iter().flat_map(|state| state.undisputed());
    let in_writing = |form: &throughline_domain::Key| form.as_str() == "mail";
    match step.kind {
        StepKind::Kickoff => reports.count() > 0,
        StepKind::WarmIntro => {
            reports.into_iter().any(|report| !report.form.as_ref().is_some_and(in_writing))
        }
        _ => false,
    }
}

/// What was agreed, as far as the record and the plan hold it. Only what is the customer's own: their goal, their people,
/// the plan, what they are to do.
fn agreed(loaded: &Loaded, playbook: &Playbook, step: &Step, call: MeetingKind) -> Agreed {
    let handoff = &loaded.handoff;
    let zone = loaded.org.calendar.zone().time_zone();
    let goal = handoff.record.items.values().find_map(|item| match &item.body {
        Body::Criterion(criterion) => Some(criterion.words.to_string()),
        _ => None,
    });
    let plan = handoff.plan.as_ref();
    let milestones = plan.into_iter().flat_map(throughline_domain::handoff::Plan::by_due);
    let milestones = milestones.take(LINES).map(|(_, one)| Milestone {
        title: one.title.to_string(),
        owner: one.owner.as_ref().map(ToString::to_string),
        due: one.due_on.map(|due| due.strftime("%-d %b %Y").to_string()),
    });
    let booked = meeting::booked(handoff, playbook).filter(|_| call == MeetingKind::BridgeCall);
    let kickoff = booked.map(|at| {
        let title = playbook.step_of(StepKind::Kickoff).map_or("Kickoff", |step| step.title.as_str());
        format!("{title}: {}", at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z"))
    });
    let still_owed = playbook
        .plan
        .prerequisites
        .iter()
        .filter(|one| plan.is_some_and(|plan| !plan.prerequisites.contains_key(&one.id)));
    Agreed {
        call: match call {
            MeetingKind::Kickoff => step.title.to_lowercase(),
            _ => "call".to_owned(),
        },
        goal,
        people: names_of(handoff),
        next_steps: kickoff.into_iter().chain(still_owed.map(|one| one.label.clone())).take(LINES).collect(),
        milestones: milestones.collect(),
        open: unticked(handoff, step),
    }
}

/// Those who decide and those who carry it; who doubts is nobody's to read in a mail.
fn names_of(handoff: &Handoff) -> Vec<String> {
    use StakeholderRole::{Champion, EconomicBuyer, ExecutiveSponsor};
    let matters = |person: &&Stakeholder| {
        person.parts.iter().any(|part| matches!(part, Champion | EconomicBuyer | ExecutiveSponsor))
    };
    let people = handoff.record.items.values().filter_map(|item| match &item.body {
        Body::Stakeholder(person) => Some(person),
        _ => None,
    });
    people.filter(matters).take(LINES).map(|person| person.name.to_string()).collect()
}

/// What was to be ticked off and was not, in the newest report: it is still open.
fn unticked(handoff: &Handoff, step: &Step) -> Vec<String> {
    let newest = handoff.step(&step.id.value).and_then(|state| state.undisputed().last());
    let Some(report) = newest else { return Vec::new() };
    let open = step.outcomes.iter().filter(|one| !report.outcomes.contains(&one.id));
    open.take(LINES).map(|one| one.label.clone()).collect()
}

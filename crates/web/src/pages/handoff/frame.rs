//! What stands above every view of a handoff: whose it is, where it stands, the track with its gates, the tabs.

use throughline_app::{gates::GapAnswer, read::HandoffView};
use throughline_domain::{
    Actor, HandoffId, PersonId, Role,
    clock::{self, Anchor},
    handoff::Life,
    playbook::Moment,
    record::PromiseState,
};

use super::{duties::Duties, track};
use crate::{
    chrome::role_key,
    i18n::{Key, Text},
    key,
    pages::words,
    ui::{self, Crumb, Gap, Meter, Person, Tab, Tone, Track},
    visit::Visit,
};

/// The views of a handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What is known.
    Record,
    /// What to know before the kickoff, on a page.
    Brief,
    /// The ledger of promises.
    Promises,
    /// Offer, scorecard, acceptance, ratings.
    Review,
    /// The sequence and its clocks.
    Steps,
    /// Every gate and its history.
    Gates,
    /// The mutual success plan.
    Plan,
    /// Questions to the AE.
    Questions,
    /// Who is on it, and handing it over.
    People,
    /// What happened.
    Timeline,
}

impl View {
    const ALL: [Self; 10] = [
        Self::Record,
        Self::Brief,
        Self::Promises,
        Self::Review,
        Self::Steps,
        Self::Gates,
        Self::Plan,
        Self::Questions,
        Self::People,
        Self::Timeline,
    ];

    fn key(self) -> Key {
        match self {
            Self::Record => key!("handoff-tab-record"),
            Self::Brief => key!("handoff-tab-brief"),
            Self::Promises => key!("handoff-tab-promises"),
            Self::Review => key!("handoff-tab-review"),
            Self::Steps => key!("handoff-tab-steps"),
            Self::Gates => key!("handoff-tab-gates"),
            Self::Plan => key!("handoff-tab-plan"),
            Self::Questions => key!("handoff-tab-questions"),
            Self::People => key!("handoff-tab-people"),
            Self::Timeline => key!("handoff-tab-timeline"),
        }
    }

    /// Its address.
    pub fn href(self, id: HandoffId) -> String {
        let part = match self {
            Self::Record => "",
            Self::Brief => "/brief",
            Self::Promises => "/promises",
            Self::Review => "/review",
            Self::Steps => "/steps",
            Self::Gates => "/gates",
            Self::Plan => "/plan",
            Self::Questions => "/questions",
            Self::People => "/people",
            Self::Timeline => "/timeline",
        };
        format!("/handoffs/{id}{part}")
    }
}

/// Something everybody who opens the handoff should know first.
pub struct Remark {
    /// Its weight.
    pub tone: Tone,
    /// In a few words.
    pub title: String,
    /// In a sentence.
    pub text: String,
    /// Where to do something about it.
    pub link: Option<(String, String)>,
}

/// One of the facts in a line below the title.
pub struct Fact {
    /// What it is about, as a picture.
    pub icon: &'static str,
    /// In words.
    pub text: String,
    /// Where there is more of it.
    pub href: Option<String>,
}

impl Fact {
    fn new(icon: &'static str, text: impl Into<String>) -> Self {
        Self { icon, text: text.into(), href: None }
    }
}

/// Everything above the tabs.
pub struct Frame {
    /// Words.
    pub t: Text,
    /// Which handoff.
    pub id: HandoffId,
    /// Its address.
    pub base: String,
    /// Its version, for forms that carry it.
    pub version: u64,
    /// Pages above.
    pub crumbs: Vec<Crumb>,
    /// The customer.
    pub account: String,
    /// The deal.
    pub deal: String,
    /// Where it stands.
    pub stage: ui::Stage,
    /// The view, for the title.
    pub view: String,
    /// Facts in a line.
    pub facts: Vec<Fact>,
    /// Who is answerable to the customer now.
    pub answerable: Person,
    /// The way and how far it is; empty where there is none.
    pub track: Vec<Track>,
    /// Who answers for what; none where nobody owes anything.
    pub duties: Option<Duties>,
    /// The views.
    pub tabs: Vec<Tab>,
    /// What to know first.
    pub remarks: Vec<Remark>,
}

impl Frame {
    /// For one view of a handoff.
    pub fn new(visit: &Visit, view: &HandoffView, here: View) -> Self {
        let t = visit.t.clone();
        let handoff = &view.loaded.handoff;
        let deal = &handoff.deal;
        let mut facts = vec![Fact::new("building", deal.account.as_str())];
        if let Some(arr) = deal.arr {
            facts.push(Fact::new("scale", t.with(key!("handoff-arr"), ("amount", t.money(arr)))));
        } else if let Some(amount) = deal.amount {
            facts.push(Fact::new("scale", t.money(amount)));
        }
        facts.extend(signature(&t, view).map(|text| Fact::new("calendar-clock", text)));
        if let Some(csm) = handoff.csm() {
            facts.push(Fact::new("user-check", t.with(key!("handoff-csm"), ("name", view.name(csm)))));
        }
        facts.extend(playbook(&t, view));
        Self {
            id: handoff.id,
            base: format!("/handoffs/{}", handoff.id),
            version: view.loaded.version,
            crumbs: vec![Crumb::new(t.get(key!("nav-deals")), "/deals")],
            account: deal.account.clone(),
            deal: deal.name.clone(),
            stage: words::stage(&handoff.life, &handoff.stage),
            view: t.get(here.key()).into_owned(),
            facts,
            answerable: person(view, handoff.answerable()).as_a(t.get(key!("handoff-answerable"))),
            track: track::track(&t, view),
            duties: Duties::of(&t, view),
            tabs: tabs(&t, view, here),
            remarks: remarks(&t, view),
            t,
        }
    }
}

/// A person of the view, by name.
pub fn person(view: &HandoffView, id: PersonId) -> Person {
    Person::named(view.name(id))
}

/// Who did something, by name.
pub fn who(t: &Text, view: &HandoffView, actor: Actor) -> String {
    if let Some(customer) = actor.customer() {
        let known = view.customers.get(&customer);
        return known.cloned().unwrap_or_else(|| t.get(key!("settings-audit-customer")).into_owned());
    }
    let Some(id) = actor.person() else { return t.get(key!("answer-by-program")).into_owned() };
    match actor.in_stead_of() {
        Some(of) => {
            t.with(key!("people-acts-for"), (("name", view.name(id)), ("of", view.name(of)))).into_owned()
        }
        None => view.name(id).to_owned(),
    }
}

/// A role's name.
pub fn role(t: &Text, role: Role) -> String {
    t.get(role_key(role)).into_owned()
}

/// A gap as pages show it.
pub fn gap(t: &Text, gap: &GapAnswer) -> Gap {
    let mut why = words::problem(t, &gap.gap.problem);
    if let Some(reason) = words::why(t, &gap.gap.why) {
        why = t.with(key!("handoff-gap-why"), (("problem", why), ("reason", reason))).into();
    }
    let nobody = || Person::nobody(t.get(key!("handoff-nobody-yet")));
    Gap {
        what: gap.gap.title.clone(),
        why,
        owes: gap.owner_name.as_ref().map_or_else(nobody, Person::named).as_a(role(t, gap.gap.owed_by)),
        href: gap.url.clone(),
    }
}

/// How far the record is.
pub fn meter(view: &HandoffView) -> Meter {
    let required = view.asks.values().filter(|ask| ask.required.is_some());
    let (done, all) =
        required.fold((0, 0), |(done, all), ask| (done + u64::from(ask.problems.is_empty()), all + 1));
    let next = view.gaps.first().map(|gap| (gap.gap.title.clone(), gap.url.clone()));
    Meter { done, all, next }
}

/// Which process it takes, in which version, and where that is laid out.
fn playbook(t: &Text, view: &HandoffView) -> Option<Fact> {
    let of = view.loaded.handoff.route.playbook.as_ref()?;
    let title = view.loaded.playbook.as_ref().map_or(of.name.as_str(), |playbook| playbook.title.as_str());
    let text = t.with(key!("handoff-playbook"), (("title", title), ("version", of.version)));
    let href = format!("/playbooks/{}?version={}", of.name, of.version);
    Some(Fact { href: Some(href), ..Fact::new("book-open-check", text) })
}

fn signature(t: &Text, view: &HandoffView) -> Option<String> {
    let handoff = &view.loaded.handoff;
    let calendar = &view.loaded.org.calendar;
    let playbook = view.loaded.playbook.as_ref()?;
    if let Some(closed) = clock::closed(handoff, calendar).and_then(|anchor| anchor.start(calendar).ok()) {
        return Some(t.with(key!("handoff-closed"), ("date", t.date(calendar.local_date(closed)))).into());
    }
    let on = match clock::moment(handoff, playbook, &view.loaded.calendars, view.now, Moment::Signature)? {
        Anchor::At(at) => calendar.local_date(at),
        Anchor::On(date) => date,
    };
    let key =
        if handoff.deal.signed_at.is_some() { key!("handoff-signed") } else { key!("handoff-signature") };
    Some(t.with(key, ("date", t.date(on))).into())
}

fn tabs(t: &Text, view: &HandoffView, here: View) -> Vec<Tab> {
    let handoff = &view.loaded.handoff;
    let count = |tab: View| -> usize {
        match tab {
            View::Record => view.gaps.len(),
            View::Promises => {
                let waits =
                    |state| matches!(state, PromiseState::AwaitingDecision | PromiseState::ToBeCorrected);
                handoff.record.promises().filter(|(_, promise)| waits(promise.life.state())).count()
            }
            View::Steps => view.readings.iter().filter(|one| one.reading == clock::Reading::Overdue).count(),
            View::Questions => handoff.questions.values().filter(|asked| asked.answer.is_none()).count(),
            View::Gates => handoff
                .waivers
                .values()
                .filter(|waiver| waiver.state == throughline_domain::handoff::WaiverState::Asked)
                .count(),
            View::People => [&handoff.next_seller, &handoff.successor].into_iter().flatten().count(),
            View::Plan => handoff.plan.as_ref().map_or(0, |plan| plan.open_proposals().count()),
            View::Brief | View::Review | View::Timeline => 0,
        }
    };
    View::ALL
        .into_iter()
        .map(|tab| Tab {
            label: t.get(tab.key()).into_owned(),
            href: tab.href(handoff.id),
            current: tab == here,
            count: Some(count(tab) as u64).filter(|count| *count > 0),
        })
        .collect()
}

fn remarks(t: &Text, view: &HandoffView) -> Vec<Remark> {
    let handoff = &view.loaded.handoff;
    let say =
        |tone, title: Key, text: String| Remark { tone, title: t.get(title).into_owned(), text, link: None };
    let mut remarks = Vec::new();
    match &handoff.life {
        Life::Withdrawn { reason, .. } => {
            remarks.push(say(Tone::Info, key!("handoff-withdrawn"), reason.clone()))
        }
        Life::Cancelled { reason, .. } => {
            remarks.push(say(Tone::Bad, key!("handoff-cancelled"), reason.clone()))
        }
        Life::History => {
            remarks.push(say(
                Tone::Info,
                key!("handoff-history"),
                t.get(key!("handoff-history-text")).into_owned(),
            ));
        }
        Life::OutOfScope => {
            remarks.push(say(Tone::Info, key!("handoff-out-of-scope"), handoff.route.because.clone()));
        }
        Life::Live | Life::Done { .. } => {}
    }
    for (gate, history) in &handoff.gates {
        let Some(bypassed) = &history.bypassed else { continue };
        let title = if bypassed.would_have_been_refused {
            key!("handoff-would-refuse")
        } else {
            key!("handoff-bypassed")
        };
        let args = (
            ("gate", words::word(t, *gate)),
            ("date", t.date(t.local_date(bypassed.at))),
            ("found", bypassed.found.as_str()),
        );
        remarks.push(Remark {
            tone: Tone::Warn,
            title: t.with(title, ("gate", words::word(t, *gate))).into(),
            text: t.with(key!("handoff-bypassed-text"), args).into(),
            link: None,
        });
    }
    if let Some(seat) = handoff.seats.get(&Role::Ae).filter(|seat| seat.unmapped) {
        let args = (("name", view.name(seat.person)), ("stand_in", view.name(handoff.process_owner)));
        remarks.push(Remark {
            tone: Tone::Info,
            title: t.get(key!("handoff-unmapped")).into_owned(),
            text: t.with(key!("handoff-unmapped-text"), args).into(),
            link: Some((
                t.get(key!("handoff-unmapped-link")).into_owned(),
                format!("/people/{}", seat.person),
            )),
        });
    }
    remarks
}

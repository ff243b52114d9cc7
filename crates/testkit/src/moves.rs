//! The usual way of a handoff, a move at a time, each by whoever usually makes it, at the present.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use throughline_domain::{
    Key, PersonId,
    clock::{Anchor, moment},
    deal::{Deal, Standing},
    gate::{self, Gap},
    handoff::{Covers, KnownBy, Mark, PlanForm, command::*},
    playbook::{Gate, MarkedWhen, Moment, StepKind},
    record::List,
};

use crate::{
    answers::{answer_for, evidence, good_item, text},
    instant,
    people::{DANA, LEE, MAYA},
    play::Play,
};

impl Play {
    /// Answers one ask well, as whoever acts.
    pub fn fills(&mut self, ask: &str) -> &mut Self {
        let key = key(ask);
        let found = self.playbook.ask(&key).unwrap_or_else(|| panic!("there is no ask {ask}")).clone();
        let reason = Some(text("We learned more"));
        match List::of(found.kind) {
            Some(_) => {
                let body = good_item(&found, &format!("For {ask}"));
                self.does(AddItem { body, evidence: evidence(), reason })
            }
            None => {
                let answer = answer_for(&found, &format!("For {ask}, as of {}", self.now()));
                self.does(GiveAnswer { ask: key, answer, reason })
            }
        }
    }

    /// Dana fills everything that is required.
    pub fn record_filled(&mut self) -> &mut Self {
        self.as_(DANA);
        while let Some(ask) = self.open_asks().first().cloned() {
            self.fills(ask.as_str());
        }
        self
    }

    /// Required asks without a good answer.
    pub fn open_asks(&self) -> Vec<Key> {
        let about = |gap: Gap| match gap.about {
            Covers::Ask { ask } => Some(ask),
            _ => None,
        };
        let gaps = gate::record_gaps(self.handoff(), &self.playbook, &self.calendars, self.now());
        gaps.into_iter().filter_map(about).collect()
    }

    /// Lee offers the record to Maya.
    pub fn offered(&mut self) -> &mut Self {
        self.as_(LEE).does(Offer { to: MAYA })
    }

    /// Maya marks everything reviewed before acceptance as clear.
    pub fn reviewed(&mut self) -> &mut Self {
        self.as_(MAYA);
        for category in self.review_categories() {
            self.does(MarkCategory { category, mark: Mark::Clear, note: None });
        }
        self
    }

    /// What is marked before acceptance.
    pub fn review_categories(&self) -> Vec<Key> {
        let all = self.playbook.scorecard.categories.iter();
        all.filter(|one| one.when == MarkedWhen::Review).map(|one| one.id.value.clone()).collect()
    }

    /// Maya marks one category.
    pub fn marks(&mut self, category: &str, mark: Mark) -> &mut Self {
        let note = (mark != Mark::Clear).then(|| text("The timeline is only implied"));
        self.as_(MAYA).does(MarkCategory { category: key(category), mark, note })
    }

    /// Maya accepts.
    pub fn accepted(&mut self) -> &mut Self {
        self.as_(MAYA).does(Accept {})
    }

    /// Record filled, offered, reviewed, accepted.
    pub fn assigned(&mut self) -> &mut Self {
        self.record_filled().offered().reviewed().accepted()
    }

    /// A report of a step, in its first form, attested, at the present.
    pub fn report_of(&self, step: &str) -> ReportStep {
        let found = self.playbook.step(&key(step)).unwrap_or_else(|| panic!("there is no step {step}"));
        ReportStep {
            step: key(step),
            happened_at: self.now(),
            ended_at: None,
            booked_for: None,
            form: found.forms.first().map(|form| form.form.value.clone()),
            known_by: KnownBy::Attested,
            outcomes: BTreeSet::new(),
            note: None,
        }
    }

    /// Somebody reports a step as happening now.
    pub fn reports(&mut self, who: PersonId, step: &str) -> &mut Self {
        let report = self.report_of(step);
        self.as_(who).does(report)
    }

    /// Somebody reports a step as having happened then.
    pub fn reports_at(&mut self, who: PersonId, step: &str, when: &str) -> &mut Self {
        let report = ReportStep { happened_at: instant(when), ..self.report_of(step) };
        self.as_(who).does(report)
    }

    /// Maya confirms a report.
    pub fn confirms(&mut self, step: &str, number: u32) -> &mut Self {
        self.as_(MAYA).does(ConfirmStep { step: key(step), number })
    }

    /// Dana introduces, in each form this deal wants, and Maya confirms.
    pub fn introduced(&mut self) -> &mut Self {
        self.reports(DANA, "warm_intro");
        let bridge = self.misses_form("warm_intro");
        if let Some(form) = bridge {
            let report = ReportStep { form: Some(form), ..self.report_of("warm_intro") };
            self.as_(DANA).does(report);
        }
        let count = self.handoff().steps[&key("warm_intro")].reports.len();
        for number in 0..count {
            let number = u32::try_from(number).expect("few reports");
            if self.handoff().steps[&key("warm_intro")].reports[number as usize].counts_since.is_none() {
                self.confirms("warm_intro", number);
            }
        }
        self
    }

    fn misses_form(&self, step: &str) -> Option<Key> {
        let found = self.playbook.step(&key(step))?;
        let wanted = self.judged(Gate::Kickoff).gaps.into_iter().find_map(|gap| match gap.problem {
            gate::Problem::NotInForm { form } if gap.about == (Covers::Step { step: key(step) }) => {
                Some(form)
            }
            _ => None,
        })?;
        found.forms.iter().find(|form| form.title == wanted).map(|form| form.form.value.clone())
    }

    /// Maya books the kickoff.
    pub fn booked(&mut self, when: &str) -> &mut Self {
        let report = ReportStep { booked_for: Some(instant(when)), ..self.report_of("kickoff_booked") };
        self.as_(MAYA).does(report)
    }

    /// Whoever acts plans a meeting.
    pub fn plans(&mut self, step: &str, when: &str) -> &mut Self {
        self.does(PlanMeeting { step: key(step), starts_at: instant(when), minutes: None, place: None })
    }

    /// Maya reports the internal call held.
    pub fn called(&mut self) -> &mut Self {
        self.reports(MAYA, "internal_call")
    }

    /// Maya opens the plan, and the customer confirms it by mail.
    pub fn planned(&mut self) -> &mut Self {
        self.as_(MAYA);
        if self.handoff().plan.is_none() {
            self.does(OpenPlan {});
        }
        let at = self.now();
        self.does(ConfirmPlan { form: PlanForm::Mail, at, evidence: evidence() })
    }

    /// Maya rates.
    pub fn rated(&mut self, rating: &str, score: u8) -> &mut Self {
        let found =
            self.playbook.rating(&key(rating)).unwrap_or_else(|| panic!("there is no rating {rating}"));
        let reason = (score <= found.low).then(|| found.reasons[0].id.clone());
        self.as_(MAYA).does(Rate { rating: key(rating), score, reason, comment: None })
    }

    /// The CRM tells news: the deal as it was last told, changed, as of now.
    pub fn hears(&mut self, change: impl FnOnce(&mut Deal)) -> &mut Self {
        let mut deal = Deal { source_time: self.now(), ..self.handoff().deal.clone() };
        change(&mut deal);
        self.as_system().does(TakeNews { deal, seller: None, csm: None })
    }

    /// The CRM tells that the deal is won now.
    pub fn won(&mut self) -> &mut Self {
        let now = self.now();
        self.hears(|deal| {
            deal.standing = Standing::Won;
            deal.closed_at = Some(now);
        })
    }

    /// Somebody asks for a waiver, and somebody else grants it.
    pub fn waived(&mut self, gate: Gate, covers: Covers, until: Option<&str>) -> &mut Self {
        let reason = text("The customer needs a date this week");
        self.as_(DANA).does(AskWaiver { gate, covers: BTreeSet::from([covers]), reason });
        let waiver = *self.handoff().waivers.keys().last().expect("a waiver was asked for");
        let by =
            self.playbook.gate(gate).and_then(|rule| rule.waived_by.first().copied()).expect("someone may");
        let grant = GrantWaiver { waiver, expires_at: until.map(instant) };
        self.as_(crate::people::holder_of(by)).does(grant)
    }

    /// The day a moment falls on, or the instant in Berlin.
    pub fn moment(&self, of: Moment) -> Option<String> {
        let found = moment(self.handoff(), &self.playbook, &self.calendars, self.now(), of)?;
        Some(match found {
            Anchor::On(date) => date.to_string(),
            Anchor::At(at) => {
                at.in_tz(self.calendars.house().zone().name()).expect("a zone").strftime("%F %R").to_string()
            }
        })
    }

    /// The present date.
    pub fn today(&self) -> Date {
        self.calendars.house().local_date(self.now())
    }

    /// So long after the present.
    pub fn later(&self, hours: i64) -> Timestamp {
        self.now().checked_add(jiff::SignedDuration::from_hours(hours)).expect("a time there is")
    }

    /// The first step of a kind, by its name in this playbook.
    pub fn step_named(&self, kind: StepKind) -> Option<String> {
        self.playbook.step_of(kind).map(|step| step.id.value.to_string())
    }
}

fn key(text: &str) -> Key {
    text.parse().unwrap_or_else(|why| panic!("{why}"))
}

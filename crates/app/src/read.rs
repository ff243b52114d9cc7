//! Reading: one handoff with everything a page or the API shows of it, lists, the timeline.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use throughline_domain::{
    AccountId, Actor, HandoffId, Key, PersonId, PortalPersonId, Role,
    access::Action,
    clock::{self, StepReading},
    gate::{self, AskState},
    handoff::Recorded,
    playbook::Gate,
};
use throughline_store::{
    HandoffFilter, HandoffQuery, HandoffRow, Letter, Page, Person, PromiseQuery, PromiseRow, Reach, Sort,
};

use crate::{
    App, AppError, Caller,
    gates::{GapAnswer, GateAnswer},
    handle::Loaded,
};

/// One handoff, ready to be shown.
pub struct HandoffView {
    /// The state, its playbook and version.
    pub loaded: Loaded,
    /// How each ask of the playbook stands.
    pub asks: BTreeMap<Key, AskState>,
    /// What the record misses.
    pub gaps: Vec<GapAnswer>,
    /// What is owed although no gate asks for it (R6.7, R0.11).
    pub follow_ups: Vec<GapAnswer>,
    /// Every gate of the playbook, judged.
    pub gates: Vec<GateAnswer>,
    /// Every clock, read.
    pub readings: Vec<StepReading>,
    /// Everybody named in it.
    pub people: BTreeMap<PersonId, Person>,
    /// Who of the customer was let into the portal, by name: what they did bears their id.
    pub customers: BTreeMap<PortalPersonId, String>,
    /// What the asker may do here.
    pub rights: BTreeSet<Action>,
    /// When it was read.
    pub now: Timestamp,
}

impl HandoffView {
    /// A person's name.
    pub fn name(&self, id: PersonId) -> &str {
        self.people.get(&id).map_or("somebody", |person| person.name.as_str())
    }

    /// The judged gate, when the playbook has it.
    pub fn gate(&self, gate: Gate) -> Option<&GateAnswer> {
        self.gates.iter().find(|answer| answer.gate == gate)
    }

    /// The reading of a step.
    pub fn reading(&self, step: &Key) -> Option<&StepReading> {
        self.readings.iter().find(|reading| reading.step == *step)
    }
}

/// A fact on the timeline.
pub struct TimelineEntry {
    /// The fact.
    pub recorded: Recorded,
    /// Its hash: what an auditor compares.
    pub hash: String,
}

impl App {
    /// One handoff for a reader.
    pub async fn view(&self, caller: &Caller, id: HandoffId) -> Result<HandoffView, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        self.view_of(caller, loaded).await
    }

    /// The view of a handoff already loaded (after a command, without reading it again).
    pub async fn view_of(&self, caller: &Caller, loaded: Loaded) -> Result<HandoffView, AppError> {
        let now = self.now();
        let calendars = &loaded.calendars;
        let mut gates = Vec::new();
        let mut gaps = Vec::new();
        let mut follow_ups = Vec::new();
        let mut asks = BTreeMap::new();
        let mut readings = Vec::new();
        if let Some(playbook) = &loaded.playbook {
            for ask in gate::asks(&loaded.handoff, playbook, calendars, now) {
                asks.insert(ask.0.id.value.clone(), ask.1);
            }
            if loaded.handoff.life.takes_reports() {
                for gap in gate::record_gaps(&loaded.handoff, playbook, calendars, now) {
                    gaps.push(self.gap_answer(caller, Some(id_of(&loaded)), gap).await?);
                }
            }
            for gap in gate::follow_ups(&loaded.handoff, playbook, calendars, now) {
                follow_ups.push(self.gap_answer(caller, Some(id_of(&loaded)), gap).await?);
            }
            readings = clock::readings(&loaded.handoff, playbook, calendars, now);
            for gate in Gate::ALL {
                if playbook.gate(gate).is_some() {
                    gates.push(self.judged(caller, &loaded, gate).await?);
                }
            }
        }
        let people = self.people_of(&loaded, &gates, &readings).await?;
        let customers = self.customers_of(&loaded).await?;
        let rights = caller.rights(&loaded.handoff);
        Ok(HandoffView { loaded, asks, gaps, follow_ups, gates, readings, people, customers, rights, now })
    }

    /// Nobody of the customer does anything before somebody looks after them.
    async fn customers_of(&self, loaded: &Loaded) -> Result<BTreeMap<PortalPersonId, String>, AppError> {
        if loaded.handoff.stage.assigned_at().is_none() {
            return Ok(BTreeMap::new());
        }
        let let_in = self.store.portal_people(loaded.org.id, loaded.handoff.account).await?;
        Ok(let_in.into_iter().map(|one| (one.id, one.name)).collect())
    }

    async fn people_of(
        &self,
        loaded: &Loaded,
        gates: &[GateAnswer],
        readings: &[StepReading],
    ) -> Result<BTreeMap<PersonId, Person>, AppError> {
        let handoff = &loaded.handoff;
        let mut ids = throughline_domain::access::parts(handoff);
        ids.insert(handoff.process_owner);
        ids.extend(gates.iter().flat_map(|gate| &gate.gaps).filter_map(|gap| gap.gap.person));
        ids.extend(handoff.questions.values().filter_map(|asked| asked.by.person()));
        ids.extend(handoff.questions.values().filter_map(|asked| asked.answer.as_ref()?.by.person()));
        ids.extend(handoff.plan.iter().flat_map(|plan| &plan.comments).filter_map(|one| one.by.person()));
        ids.extend(handoff.marks.values().filter_map(|marked| marked.by.person()));
        ids.extend(handoff.waivers.values().filter_map(|waiver| waiver.asked_by.person()));
        ids.extend(handoff.offers.iter().map(|offer| offer.to));
        // Product and the deal desk decide promises without a part in the handoff.
        ids.extend(handoff.record.promises().flat_map(|(_, promise)| {
            let life = &promise.life;
            let by = [
                life.decision.as_ref().map(|made| made.by),
                life.corrected.as_ref().map(|told| told.by),
                life.settled.as_ref().map(|ended| ended.by),
            ];
            by.into_iter().flatten().filter_map(Actor::person)
        }));
        // A step may be owed, or have been reported, by somebody who has no part any more.
        ids.extend(readings.iter().filter_map(|reading| reading.person));
        let reports = readings.iter().filter_map(|reading| handoff.step(&reading.step));
        ids.extend(reports.flat_map(|step| &step.reports).filter_map(|report| report.by.person()));
        self.named(loaded.org.id, ids).await
    }

    /// People by id; who is not there is left out.
    pub async fn named(
        &self,
        org: throughline_domain::OrgId,
        ids: impl IntoIterator<Item = PersonId>,
    ) -> Result<BTreeMap<PersonId, Person>, AppError> {
        let ids: Vec<_> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut people = BTreeMap::new();
        for some in ids.chunks(throughline_store::STRETCH as usize) {
            let found = self.store.people_of(org, &some.iter().copied().collect()).await?;
            people.extend(found.into_iter().map(|person| (person.id, person)));
        }
        Ok(people)
    }

    /// The newest stretch of a handoff's journal, newest first.
    pub async fn timeline(
        &self,
        caller: &Caller,
        id: HandoffId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TimelineEntry>, AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &loaded.handoff)?;
        let texts = self.store.texts(caller.org, id).await?;
        let rows = self.store.timeline(caller.org, id, before, limit.clamp(1, 200)).await?;
        rows.into_iter()
            .map(|row| {
                let recorded = row
                    .open(&|text| texts.get(&text).map(|(_, text)| text.clone()))
                    .map_err(AppError::broken)?;
                Ok(TimelineEntry { recorded, hash: row.hash })
            })
            .collect()
    }

    /// A page of handoffs within the asker's reach.
    pub async fn handoffs(
        &self,
        caller: &Caller,
        filter: HandoffFilter,
        sort: Sort,
        after: Option<throughline_store::Cursor>,
        limit: u32,
    ) -> Result<Page<HandoffRow>, AppError> {
        let reach = caller.reach(Action::Read)?;
        let query = HandoffQuery { reach, filter, sort, after, limit: limit.clamp(1, 200) };
        Ok(self.store.list(caller.org, &query).await?)
    }

    /// How many handoffs a filter finds within the asker's reach, up to `most`.
    pub async fn count_handoffs(
        &self,
        caller: &Caller,
        filter: &HandoffFilter,
        most: u32,
    ) -> Result<u32, AppError> {
        let reach = caller.reach(Action::Read)?;
        Ok(self.store.count(caller.org, &reach, filter, most).await?)
    }

    /// The handoffs of one account within the asker's reach.
    pub async fn account_handoffs(
        &self,
        caller: &Caller,
        account: AccountId,
    ) -> Result<Vec<HandoffRow>, AppError> {
        let reach = caller.reach(Action::Read)?;
        let rows = self.store.of_account(caller.org, account).await?;
        Ok(match reach {
            Reach::Organisation => rows,
            Reach::People(people) => rows
                .into_iter()
                .filter(|row| {
                    people.contains(&row.ae)
                        || row.csm.is_some_and(|csm| people.contains(&csm))
                        || people.contains(&row.answerable)
                })
                .collect(),
        })
    }

    /// Promises waiting for a decision of the asker's roles, or of all for who owns the process.
    pub async fn commitments(
        &self,
        caller: &Caller,
        state: BTreeSet<String>,
        after: Option<(i64, throughline_domain::ItemId)>,
        limit: u32,
    ) -> Result<Page<PromiseRow, (i64, throughline_domain::ItemId)>, AppError> {
        caller.may(Action::DecidePromise)?;
        let roles = caller.roles();
        let routed_to = if roles.contains(&Role::RevOps) { BTreeSet::new() } else { roles };
        let query = PromiseQuery { routed_to, state, after, limit: limit.clamp(1, 200) };
        Ok(self.store.promises(caller.org, &query).await?)
    }

    /// People who may receive an account, with how many live handoffs each has (R2.10).
    pub async fn csms(&self, caller: &Caller) -> Result<Vec<(Person, u32)>, AppError> {
        caller.may(Action::ReadPeople)?;
        let mut found = Vec::new();
        for person in self.store.role_people(caller.org, Role::Csm).await? {
            if !person.status.signs_in() {
                continue;
            }
            let filter = HandoffFilter {
                csm: Some(person.id),
                life: BTreeSet::from(["live".to_owned()]),
                ..HandoffFilter::default()
            };
            let open = self.store.count(caller.org, &Reach::Organisation, &filter, 999).await?;
            found.push((person, open));
        }
        Ok(found)
    }

    /// A page of people by name.
    pub async fn list_people(
        &self,
        caller: &Caller,
        text: Option<&str>,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Page<Person, (String, PersonId)>, AppError> {
        caller.may(Action::ReadPeople)?;
        Ok(self.store.people(caller.org, text, after, limit.clamp(1, 200)).await?)
    }

    /// All teams.
    pub async fn list_teams(&self, caller: &Caller) -> Result<Vec<throughline_store::Team>, AppError> {
        caller.may(Action::ReadPeople)?;
        Ok(self.store.teams(caller.org).await?)
    }

    /// Letters to the asker, or to everybody for who may read all messages.
    pub async fn letters(
        &self,
        caller: &Caller,
        everybody: bool,
        before: Option<uuid::Uuid>,
        limit: u32,
    ) -> Result<Vec<Letter>, AppError> {
        let to = if everybody {
            caller.may(Action::ReadMessages)?;
            None
        } else {
            Some(caller.person().ok_or(AppError::NotFound("person"))?)
        };
        Ok(self.store.letters(caller.org, to, before, limit.clamp(1, 200)).await?)
    }
}

fn id_of(loaded: &Loaded) -> HandoffId {
    loaded.handoff.id
}

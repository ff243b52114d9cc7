//! The stage: a clock to set, people to act, and the product's own commands for everything that happens.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use throughline_app::{App, Caller, HandleOptions, deals::DealOptions};
use throughline_domain::{
    HandoffId, ItemId, PersonId, Personal, Role,
    deal::{Deal, DealKey, Standing},
    handoff::{Command, Handoff, KnownBy, Mark, command},
    money::Currency,
    record::{Answer, Body, Evidence},
};

use crate::{
    PlayError,
    brief::{Brief, Contact, Promised},
    cast::{Cast, email_of},
    clock::StagedClock,
    script::Script,
};

/// The source of its deals: the stand-in CRM.
pub const SOURCE: &str = "crm";
/// How often clocks are looked at while the stage's time goes by.
const LOOK_EACH: SignedDuration = SignedDuration::from_hours(1);

/// Where the story is played.
pub struct Stage<'a> {
    /// The application, under the stage's clock.
    pub app: &'a App,
    /// When things happen.
    pub script: Script,
    /// Who is there.
    pub cast: Cast,
    clock: &'a Arc<StagedClock>,
    /// Whether clocks strike and mail is made on the way. It is done for everybody who has data there, so only where
    /// the company is alone.
    alone: bool,
}

/// A deal as the stand-in CRM has it.
#[derive(Debug, Clone, Copy)]
pub struct Sold {
    pub id: &'static str,
    pub name: &'static str,
    pub account: &'static str,
    pub stage: &'static str,
    /// A year, in euros.
    pub arr: i64,
    pub probability: u8,
    pub owner: &'static str,
    pub plan: &'static str,
    pub deal_type: &'static str,
    pub competitor: Option<&'static str>,
}

impl<'a> Stage<'a> {
    /// A stage where the company is alone: clocks strike, and mail is made when it would have been.
    pub fn alone(app: &'a App, clock: &'a Arc<StagedClock>, script: Script, cast: Cast) -> Self {
        Self { app, script, cast, clock, alone: true }
    }

    /// A stage among others, who are left alone: people act, and nothing is told.
    pub fn among_others(app: &'a App, clock: &'a Arc<StagedClock>, script: Script, cast: Cast) -> Self {
        Self { app, script, cast, clock, alone: false }
    }

    /// It is now this time. What is to be told from before, and what clocks say on the way, is told first.
    pub async fn at(&self, when: Timestamp) -> Result<(), PlayError> {
        self.deliver().await?;
        let mut now = self.app.now();
        while self.alone && now + LOOK_EACH < when {
            now += LOOK_EACH;
            self.clock.set(Some(now));
            let mut told = false;
            while self.app.sweep_clocks().await?.taken > 0 {
                told = true;
            }
            if told {
                self.deliver().await?;
            } else {
                self.mail().await?;
            }
        }
        self.clock.set(Some(when));
        Ok(())
    }

    /// A reading of a deal, as the CRM tells it at the stage's time.
    pub fn reading(&self, sold: Sold, standing: Standing, close_on: jiff::civil::Date) -> Deal {
        let money = |major: i64| {
            "EUR"
                .parse::<Currency>()
                .ok()
                .map(|currency| throughline_domain::Money { minor: major * 100, currency })
        };
        let won = standing == Standing::Won;
        let now = self.app.now();
        Deal {
            key: DealKey { source: SOURCE.to_owned(), external_id: sold.id.to_owned() },
            source_time: now,
            name: sold.name.to_owned(),
            account: sold.account.to_owned(),
            account_external_id: None,
            stage: sold.stage.to_owned(),
            standing,
            amount: money(sold.arr),
            arr: money(sold.arr),
            term_months: Some(12),
            discount_percent: Some(5),
            probability: Some(if won { 100 } else { sold.probability }),
            close_on: Some(close_on),
            signed_at: won.then_some(now),
            closed_at: won.then_some(now),
            deal_type: Some(sold.deal_type.to_owned()),
            segment: Some("Mid-market".to_owned()),
            lead_source: Some("Trade fair".to_owned()),
            partner: None,
            plan: Some(sold.plan.to_owned()),
            renews_on: Some(jiff::ToSpan::year(1)).map(|year| close_on.saturating_add(year)),
            competitor: sold.competitor.map(str::to_owned),
            se_involved: Some(false),
            existing_account: None,
            owner: throughline_app::deals::crm_person(None, Some(sold.owner), Some(&email_of(sold.owner))),
            csm: None,
            extra: Default::default(),
        }
    }

    /// Tells a reading; the handoff it belongs to, when it has one.
    pub async fn tell(&self, deal: Deal) -> Result<Option<HandoffId>, PlayError> {
        let us = Caller::system(self.cast.org);
        Ok(Box::pin(self.app.put_deal(&us, deal, DealOptions::default())).await?.handoff)
    }

    /// Opens a deal that must open.
    pub async fn open(&self, deal: Deal) -> Result<HandoffId, PlayError> {
        let key = deal.key.clone();
        self.tell(deal).await?.ok_or_else(|| PlayError::script(format!("the deal {key} opened no record")))
    }

    /// Somebody does something. A gate that shuts is part of the play.
    pub async fn act(
        &self,
        who: &Caller,
        id: HandoffId,
        what: impl Into<Command>,
    ) -> Result<Handoff, PlayError> {
        let command = what.into();
        let verb = command.verb();
        let handled = Box::pin(self.app.handle(who, id, command, HandleOptions::default())).await;
        handled
            .map(|handled| handled.loaded.handoff)
            .map_err(|why| PlayError::script(format!("nobody could {verb}: {why}")))
    }

    /// Somebody does something that no gate may keep them from.
    pub async fn pass(
        &self,
        who: &Caller,
        id: HandoffId,
        what: impl Into<Command>,
    ) -> Result<Handoff, PlayError> {
        let command = what.into();
        let verb = command.verb();
        let handled = Box::pin(self.app.handle(who, id, command, HandleOptions::default())).await?;
        let loaded =
            handled.passed().map_err(|why| PlayError::script(format!("nobody could {verb}: {why}")))?;
        Ok(loaded.handoff)
    }

    /// What waits in the outbox is made now.
    pub async fn deliver(&self) -> Result<(), PlayError> {
        if self.alone {
            while self.app.sweep_outbox().await?.taken > 0 {}
            self.mail().await?;
        }
        Ok(())
    }

    /// What is to be mailed by now is.
    async fn mail(&self) -> Result<(), PlayError> {
        while self.app.sweep_post().await?.taken > 0 {}
        while self.app.sweep_parcels().await?.taken > 0 {}
        Ok(())
    }

    /// The AE writes down what a brief says.
    pub async fn fill(&self, who: &Caller, id: HandoffId, brief: &Brief) -> Result<(), PlayError> {
        if !brief.triggers.is_empty() {
            self.answer(who, id, "buying_trigger", json!({ "type": "choice", "chosen": brief.triggers }))
                .await?;
            self.answer(who, id, "trigger_holds", json!({ "type": "yes_no", "yes": true })).await?;
        }
        let speaker = brief.people.first().map_or("their team", |person| person.name);
        for (words, measure) in brief.criteria {
            let body = json!({ "list": "criterion", "words": words, "measure": measure });
            self.add(who, id, body, speaker).await?;
        }
        for (ask, said) in [("first_use_case", brief.use_case), ("expected_timeline", brief.timeline)]
            .iter()
            .chain(brief.words)
        {
            if !said.is_empty() {
                let evidence = json!({ "source": "call", "speaker": speaker, "reference": "Discovery call" });
                self.answer(who, id, ask, json!({ "type": "words", "said": said, "evidence": evidence }))
                    .await?;
            }
        }
        for person in brief.people {
            self.add(who, id, stakeholder(person), person.name).await?;
        }
        for promise in brief.promises {
            self.add(who, id, self.promise(promise), speaker).await?;
        }
        for (what, kind, owner) in brief.risks {
            self.add(
                who,
                id,
                json!({ "list": "risk", "what": what, "kind": kind, "severity": "medium", "owner": owner }),
                speaker,
            )
            .await?;
        }
        for (tool, what) in brief.integrations {
            self.add(
                who,
                id,
                json!({ "list": "integration", "tool": tool, "what": what, "needed_first": true }),
                speaker,
            )
            .await?;
        }
        for (what, from, format) in brief.data {
            self.add(
                who,
                id,
                json!({ "list": "data_move", "what": what, "from": from, "format": format }),
                speaker,
            )
            .await?;
        }
        for ask in brief.none {
            let command = command::DeclareNone { ask: key(ask)?, note: None };
            self.pass(who, id, command).await?;
        }
        for (ask, text) in brief.texts {
            self.answer(who, id, ask, json!({ "type": "text", "text": text })).await?;
        }
        for (ask, chosen) in brief.choices {
            self.answer(who, id, ask, json!({ "type": "choice", "chosen": chosen })).await?;
        }
        for (ask, yes) in brief.yes_no {
            self.answer(who, id, ask, json!({ "type": "yes_no", "yes": yes })).await?;
        }
        Ok(())
    }

    /// One answer.
    pub async fn answer(
        &self,
        who: &Caller,
        id: HandoffId,
        ask: &str,
        answer: serde_json::Value,
    ) -> Result<(), PlayError> {
        let answer: Answer = read(answer)?;
        self.pass(who, id, command::GiveAnswer { ask: key(ask)?, answer, reason: None }).await?;
        Ok(())
    }

    /// One item, with the call in which `speaker` said so.
    pub async fn add(
        &self,
        who: &Caller,
        id: HandoffId,
        body: serde_json::Value,
        speaker: &str,
    ) -> Result<(), PlayError> {
        let body: Body = read(body)?;
        let command = command::AddItem { body, evidence: heard("Discovery call", speaker)?, reason: None };
        self.pass(who, id, command).await?;
        Ok(())
    }

    /// A promise's body, its date counted from today.
    pub fn promise(&self, promise: &Promised) -> serde_json::Value {
        json!({
            "list": "promise", "what": promise.what, "kind": promise.kind, "strength": promise.strength,
            "owed_by": "us", "in_contract": promise.in_contract, "standard": promise.standard,
            "due_on": promise.due_in.map(|days| self.script.ahead(days)),
        })
    }

    /// The first promise that waits for a decision of this role.
    pub async fn waiting(&self, id: HandoffId, role: Role) -> Result<ItemId, PlayError> {
        let handoff = self.app.load(self.cast.org, id).await?.handoff;
        let mut promises = handoff.record.promises();
        let found = promises.find(|(_, promise)| {
            promise.life.decision.is_none()
                && promise.life.routed.as_ref().is_some_and(|routed| routed.to == role)
        });
        found.map(|(item, _)| item.id).ok_or_else(|| PlayError::script("the promise was not routed"))
    }

    /// The CSM finds everything clear.
    pub async fn review(&self, who: &Caller, id: HandoffId) -> Result<(), PlayError> {
        for category in ["customer_intent", "stakeholder_map", "scope_expectations", "implementation_risk"] {
            let mark = command::MarkCategory { category: key(category)?, mark: Mark::Clear, note: None };
            self.pass(who, id, mark).await?;
        }
        Ok(())
    }

    /// Something happened at the stage's time.
    pub async fn report(
        &self,
        who: &Caller,
        id: HandoffId,
        step: &str,
        form: Option<&str>,
        known_by: KnownBy,
    ) -> Result<(), PlayError> {
        self.pass(who, id, self.happened(step, form, known_by)?).await?;
        Ok(())
    }

    /// The report of it.
    pub fn happened(
        &self,
        step: &str,
        form: Option<&str>,
        known_by: KnownBy,
    ) -> Result<command::ReportStep, PlayError> {
        Ok(command::ReportStep {
            step: key(step)?,
            happened_at: self.app.now(),
            ended_at: None,
            booked_for: None,
            form: form.map(key).transpose()?,
            known_by,
            outcomes: Default::default(),
            note: None,
        })
    }
}

fn stakeholder(person: &Contact) -> serde_json::Value {
    let mail = person.name.to_lowercase().replace(' ', ".");
    json!({
        "list": "stakeholder", "name": person.name, "parts": person.parts, "title": person.title,
        "contact": format!("{mail}@customer.example"), "influence": person.influence, "stance": person.stance,
        "goals": person.goals, "said": person.said, "drove": person.parts.contains(&"champion"),
        "signed": person.parts.contains(&"economic_buyer"),
    })
}

/// Evidence of something heard.
pub fn heard(reference: &str, speaker: &str) -> Result<Evidence, PlayError> {
    read(json!({ "source": "call", "reference": reference, "speaker": speaker }))
}

/// Text of the play.
pub fn say(text: &str) -> Result<Personal, PlayError> {
    Personal::parse(text).map_err(|why| PlayError::script(format!("somebody says `{text}`: {why}")))
}

/// A name of the playbook.
pub fn key(name: &str) -> Result<throughline_domain::Key, PlayError> {
    name.parse().map_err(|why: throughline_domain::ids::NotAKey| PlayError::script(why.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, PlayError> {
    serde_json::from_value(value).map_err(|why| PlayError::script(format!("the script is wrong: {why}")))
}

/// Whoever a caller is.
pub fn id_of(caller: &Caller) -> Result<PersonId, PlayError> {
    caller.person().ok_or_else(|| PlayError::script("the cast are people"))
}

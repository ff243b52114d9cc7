use std::sync::Arc;

use throughline_app::{App, Caller, HandleOptions, ManualClock, orgs::calendar_in, sample::Sample};
use throughline_domain::{
    Role,
    deal::DealKey,
    handoff::{Command, Covers, command},
    playbook::Gate,
    record::{DecisionVerdict, PromiseOutcome},
};
use throughline_store::memory::MemoryStore;

use super::*;
use crate::stage::{heard, key, say};

const NOW: &str = "2026-11-23T10:00:00Z";

/// An organisation with its sample.
async fn sample() -> (App, Sample) {
    let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
    let app = App::new(Arc::new(MemoryStore::new()), clock);
    let org = app.create_org("acme", "Acme", calendar_in("Europe/Berlin").unwrap()).await.unwrap();
    let sample = crate::give(&app, &Caller::system(org.id)).await.unwrap();
    (app, sample)
}

async fn as_whom(app: &App, sample: &Sample, name: &str) -> Caller {
    let person = sample.people.iter().find(|person| person.name == name).unwrap();
    app.caller(sample.id, person.id).await.unwrap()
}

async fn stands(app: &App, caller: &Caller) -> (Part, Vec<(Task, bool)>) {
    let walk = walk(app, caller).await.unwrap().unwrap();
    (walk.part, walk.steps.iter().map(|step| (step.task, step.done)).collect())
}

#[test]
fn every_walk_has_four_to_six_steps_and_every_task_a_name_of_its_own() {
    for part in Part::ALL {
        assert!(!part.ways().is_empty());
        for way in part.ways() {
            assert!((4..=6).contains(&way.len()), "{part:?}");
        }
    }
    let names: BTreeSet<_> = Task::ALL.into_iter().map(Task::name).collect();
    assert_eq!(names.len(), Task::ALL.len());
    for task in Task::ALL {
        assert_eq!(Task::named(task.name()), Some(task));
        let walked = Part::ALL.into_iter().flat_map(Part::ways).flat_map(|way| way.iter());
        assert!(walked.into_iter().any(|(_, one)| *one == task), "{task:?} is in no walk");
    }
}

#[test]
fn somebody_of_several_roles_walks_as_the_one_that_works_on_deals() {
    assert_eq!(Part::of([Role::Admin, Role::RevOps]), Some(Part::ProcessOwner));
    assert_eq!(Part::of([Role::RevOps, Role::Ae]), Some(Part::Ae));
    assert_eq!(Part::of([Role::Finance, Role::Auditor]), None);
}

#[tokio::test]
async fn each_walk_of_the_sample_begins_with_something_left_to_do() {
    let (app, sample) = sample().await;
    let first = |steps: &[(Task, bool)]| steps.iter().filter(|(_, done)| *done).count();
    for (name, part, done) in [
        ("Amara Osei", Part::Ae, 0),
        ("Luca Moretti", Part::Csm, 1),
        ("Mei Tanaka", Part::Csm, 0),
        ("Dana Whitfield", Part::DealDesk, 0),
        ("Elena Varga", Part::ProcessOwner, 0),
        ("Ruth Adeyemi", Part::CsLeader, 0),
        ("Sofia Lindqvist", Part::AeManager, 0),
        ("Tom Reyes", Part::Se, 0),
        ("Piotr Nowak", Part::Product, 0),
        ("Grace Okafor", Part::SalesLeader, 0),
    ] {
        let (walked, steps) = stands(&app, &as_whom(&app, &sample, name).await).await;
        assert_eq!((walked, first(&steps)), (part, done), "{name}: {steps:?}");
    }
    // Nothing is prepared for who has no part in these deals.
    assert_eq!(walk(&app, &as_whom(&app, &sample, "Jonas Brandt").await).await.unwrap(), None);
}

/// The handoff of a deal of the sample.
async fn handoff_of(app: &App, sample: &Sample, deal: Deal) -> HandoffId {
    let key = DealKey { source: crate::SOURCE.into(), external_id: deal.into() };
    app.store().deal(sample.id, &key).await.unwrap().unwrap().handoff.unwrap()
}

async fn acts(app: &App, who: &Caller, id: HandoffId, command: impl Into<Command>) {
    let handled = app.handle(who, id, command, HandleOptions::default()).await.unwrap();
    handled.passed().unwrap();
}

fn done(steps: &[(Task, bool)]) -> Vec<bool> {
    steps.iter().map(|(_, done)| *done).collect()
}

#[tokio::test]
async fn a_step_is_done_when_the_handoff_says_so_and_the_csm_walks_on() {
    let (app, sample) = sample().await;
    let amara = as_whom(&app, &sample, "Amara Osei").await;
    let mei = as_whom(&app, &sample, "Mei Tanaka").await;
    let id = handoff_of(&app, &sample, HALDEN).await;
    let act = async |who: &Caller, command: Command| acts(&app, who, id, command).await;
    let body = serde_json::json!({
        "list": "stakeholder", "name": "Anders Ruud", "parts": ["executive_sponsor"], "title": "CFO",
        "contact": "anders@halden.example", "influence": "high", "stance": "neutral",
        "goals": "Fewer empty kilometres", "said": "Show me one depot.",
    });
    let body = serde_json::from_value(body).unwrap();
    let evidence = heard("Discovery call", "Anders Ruud").unwrap();
    act(&amara, command::AddItem { body, evidence, reason: None }.into()).await;
    assert_eq!(stands(&app, &amara).await.1[0], (Task::NameSponsor, true));
    act(&amara, command::DeclareNone { ask: key("risks").unwrap(), note: None }.into()).await;
    let answer = serde_json::json!({ "type": "text", "text": "We plan in an hour what took half a shift." });
    let answer = serde_json::from_value(answer).unwrap();
    act(&amara, command::GiveAnswer { ask: key("why_us").unwrap(), answer, reason: None }.into()).await;
    assert_eq!(done(&stands(&app, &amara).await.1), [true, true, true, false, false]);
    act(&amara, command::AttemptGate { gate: Gate::Handoff }.into()).await;
    act(&amara, command::Offer { to: mei.person().unwrap() }.into()).await;
    assert!(stands(&app, &amara).await.1.iter().all(|(_, done)| *done));

    assert_eq!(stands(&app, &mei).await.1[0], (Task::BeOffered, true));
    act(&mei, command::AskQuestion { text: say("Who plans at night?").unwrap() }.into()).await;
    let (_, steps) = stands(&app, &mei).await;
    assert_eq!(steps[2], (Task::AskAe, true));
    assert_eq!(steps[3], (Task::Accept, false));
}

#[tokio::test]
async fn the_se_walks_through_the_technical_side_and_answers_for_the_ae() {
    let (app, sample) = sample().await;
    let tom = as_whom(&app, &sample, "Tom Reyes").await;
    let id = handoff_of(&app, &sample, BRIGHTWATER).await;
    for ask in ["integrations", "data_moves", "risks"] {
        acts(&app, &tom, id, command::DeclareNone { ask: key(ask).unwrap(), note: None }).await;
    }
    assert_eq!(done(&stands(&app, &tom).await.1), [true, true, false, true, false]);
    let answer = serde_json::json!({ "type": "choice", "chosen": ["sso"] });
    let answer = serde_json::from_value(answer).unwrap();
    acts(&app, &tom, id, command::GiveAnswer { ask: key("constraints").unwrap(), answer, reason: None })
        .await;
    let asked = app.load(sample.id, id).await.unwrap().handoff.questions;
    for question in asked.into_keys() {
        let text = say("The badges they have will do.").unwrap();
        acts(&app, &tom, id, command::AnswerQuestion { question, text }).await;
    }
    assert_eq!(done(&stands(&app, &tom).await.1), [true; 5]);
}

#[tokio::test]
async fn product_walks_through_what_the_product_will_do_and_not_what_the_deal_desk_decides() {
    let (app, sample) = sample().await;
    let piotr = as_whom(&app, &sample, "Piotr Nowak").await;
    let dana = as_whom(&app, &sample, "Dana Whitfield").await;
    let umber = handoff_of(&app, &sample, UMBER).await;
    let decide = async |who: &Caller, id: HandoffId, verdict: DecisionVerdict| {
        let handoff = app.load(sample.id, id).await.unwrap().handoff;
        let (item, _) = handoff
            .record
            .promises()
            .find(|(_, promise)| {
                let routed = promise.life.routed.as_ref();
                promise.life.decision.is_none()
                    && routed.is_some_and(|routed| who.roles().contains(&routed.to))
            })
            .unwrap();
        let reason = say("As said in the call.").unwrap();
        acts(&app, who, id, command::DecidePromise { item: item.id, verdict, reason }).await;
    };
    for verdict in [DecisionVerdict::Approved, DecisionVerdict::Countered, DecisionVerdict::Declined] {
        decide(&dana, umber, verdict).await;
    }
    assert_eq!(done(&stands(&app, &piotr).await.1), [false; 4], "that was the deal desk's");
    assert_eq!(done(&stands(&app, &dana).await.1), [true; 4]);
    decide(&piotr, umber, DecisionVerdict::Approved).await;
    decide(&piotr, umber, DecisionVerdict::Countered).await;
    decide(&piotr, handoff_of(&app, &sample, SOLVANE).await, DecisionVerdict::Declined).await;
    assert_eq!(done(&stands(&app, &piotr).await.1), [true, true, true, false]);
    let quillon = handoff_of(&app, &sample, QUILLON).await;
    let (item, on) = {
        let loaded = app.load(sample.id, quillon).await.unwrap();
        let item = loaded.handoff.record.promises().next().unwrap().0.id;
        (item, loaded.org.calendar.local_date(app.now()))
    };
    let settle = command::SettlePromise { item, outcome: PromiseOutcome::Kept, on, note: None };
    acts(&app, &piotr, quillon, settle).await;
    assert_eq!(done(&stands(&app, &piotr).await.1), [true; 4]);
}

#[tokio::test]
async fn the_sales_leader_walks_through_what_sales_asks_of_them() {
    let (app, sample) = sample().await;
    let grace = as_whom(&app, &sample, "Grace Okafor").await;
    let amara = as_whom(&app, &sample, "Amara Osei").await;
    let tom = as_whom(&app, &sample, "Tom Reyes").await;
    let solvane = handoff_of(&app, &sample, SOLVANE).await;
    let waiver = *app.load(sample.id, solvane).await.unwrap().handoff.waivers.keys().next().unwrap();
    let reason = say("Then it waits for January.").unwrap();
    acts(&app, &grace, solvane, command::DenyWaiver { waiver, reason }).await;
    let person = tom.person().unwrap();
    let contributors = Default::default();
    acts(&app, &grace, solvane, command::SetSeat { role: Role::Se, person, contributors, reason: None })
        .await;
    assert_eq!(done(&stands(&app, &grace).await.1), [true, true, false, false]);
    let asks = command::AskWaiver {
        gate: Gate::Handoff,
        covers: [Covers::Ask { ask: key("expected_timeline").unwrap() }].into(),
        reason: say("The audit's date is not set.").unwrap(),
    };
    acts(&app, &grace, handoff_of(&app, &sample, BRIGHTWATER).await, asks).await;
    let nordhavn = handoff_of(&app, &sample, NORDHAVN).await;
    let reason = say("Jonas is away from Friday.").unwrap();
    acts(&app, &grace, nordhavn, command::HandOver { to: amara.person().unwrap(), reason }).await;
    assert_eq!(done(&stands(&app, &grace).await.1), [true; 4]);
    acts(&app, &amara, nordhavn, command::TakeOn {}).await;
    assert_eq!(done(&stands(&app, &grace).await.1), [true; 4], "accepted, it stays done");
}

#[test]
fn a_step_left_out_is_passed_over() {
    let step = |task, done| Step { task, account: "Halden".to_owned(), place: String::new(), done };
    let steps =
        vec![step(Task::NameSponsor, true), step(Task::NoteRisks, false), step(Task::SayWhyUs, false)];
    let walk = Walk { part: Part::Ae, steps };
    assert_eq!(walk.done(), 1);
    assert_eq!(walk.next(|_| false).map(|(at, step)| (at, step.task)), Some((1, Task::NoteRisks)));
    assert_eq!(walk.next(|task| task == Task::NoteRisks).map(|(at, _)| at), Some(2));
    assert_eq!(walk.next(|_| true), None);
}

//! Every verb at every stage: what comes of it, in a word.

use std::collections::BTreeSet;

use throughline_domain::{
    ItemId, Key, MilestoneId, PersonId, ProposalId, QuestionId, WaiverId,
    access::{CustomerRight, customer_right},
    deal::{Deal, Standing},
    gate::Mode,
    handoff::{
        Command, Covers, EarlySign, Life, Mark, Milestone, Outcome, Plan, PlanForm, Proof, Refusal,
        RouteTaken, Seat, command::*,
    },
    playbook::Gate,
    record::*,
};
use throughline_testkit::{Play, Team, body_for, default_playbook, evidence, given, people::*, text};
use uuid::Uuid;

use super::as_table;

const STAGES: [&str; 9] = [
    "preparing",
    "offered",
    "assigned",
    "owned",
    "done",
    "withdrawn",
    "cancelled",
    "history",
    "out_of_scope",
];

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

/// A handoff at a stage, with something for every verb to work on as far as the stage has it.
fn at(stage: &str) -> Play {
    let start = given(default_playbook()).mode(Mode::BlockOwnership);
    let mut play = match stage {
        "history" => return start.deal(|deal| deal.standing = Standing::Won).life(Life::History).opened(),
        "out_of_scope" => {
            return start
                .deal(|deal| {
                    deal.existing_account = Some(true);
                    deal.deal_type = Some("Renewal".to_owned());
                })
                .csm_of_record(MAYA)
                .opened();
        }
        _ => start.opened(),
    };
    furnished(&mut play);
    match stage {
        "preparing" => {}
        "withdrawn" => drop(play.hears(|deal| deal.standing = Standing::Lost)),
        _ => {
            play.at("2026-03-18 10:00").record_filled().offered();
            if stage != "offered" {
                play.at("2026-03-19 10:00").reviewed().accepted();
            }
            if matches!(stage, "owned" | "done" | "cancelled") {
                play.at("2026-03-27 15:00").won().at("2026-03-30 09:00").introduced();
                play.as_(DANA).does(answer("everyday_use", "Ten people, every morning"));
            }
        }
    }
    match stage {
        "done" => {
            play.at("2026-04-20 09:50")
                .planned()
                .reports_at(MAYA, "kickoff", "2026-04-20 09:00")
                .rated("kickoff", 4);
            Team::new(20).finish(&mut play).unwrap();
        }
        "cancelled" => drop(play.hears(|deal| deal.standing = Standing::Open)),
        _ => {}
    }
    play
}

fn furnished(play: &mut Play) {
    play.as_(LEE).does(Nominate { csm: MAYA });
    play.as_(DANA).does(answer("expansion", "The Berlin office next year"));
    play.does(promise("Priority support for a year"));
    let promised = item(play, "Priority");
    play.as_(DEE).does(DecidePromise {
        item: promised,
        verdict: DecisionVerdict::Declined,
        reason: text("Not sold"),
    });
    play.as_(DANA).does(AddItem {
        body: body_for(List::Risks, "Too few hands in May"),
        evidence: evidence(),
        reason: None,
    });
    play.does(AddItem {
        body: body_for(List::Criteria, "Close the month in three days"),
        evidence: evidence(),
        reason: None,
    });
    play.reports(DANA, "internal_call");
    let covers = BTreeSet::from([Covers::Step { step: key("first_contact") }]);
    play.as_(DANA).does(AskWaiver { gate: Gate::Kickoff, covers, reason: text("They wrote to us") });
    play.as_(MAYA).does(AskQuestion { text: text("Who is Jon?") });
    play.as_(MAYA).does(NoteSign { sign: EarlySign::OwnerClear, note: None });
    play.booked("2026-04-20 09:00");
    play.as_(DANA).plans("internal_call", "2026-05-20 09:00");
}

fn answer(ask: &str, words: &str) -> GiveAnswer {
    GiveAnswer {
        ask: key(ask),
        answer: Answer::Text { text: text(words) },
        reason: Some(text("Learned more")),
    }
}

/// A promise the deal desk must decide.
fn promise(what: &str) -> AddItem {
    let Body::Promise(promise) = body_for(List::Promises, what) else { unreachable!() };
    let body = Body::Promise(Promise { in_contract: Some(false), ..promise });
    AddItem { body, evidence: evidence(), reason: Some(text("It came up")) }
}

fn item(play: &Play, words: &str) -> ItemId {
    let said = |item: &&Item| serde_json::to_string(&item.body).unwrap().contains(words);
    play.handoff().record.items.values().find(said).map_or(ItemId(Uuid::nil()), |item| item.id)
}

/// The most natural use of each verb, by whoever would make it.
fn natural(play: &Play, verb: &str) -> (PersonId, Command) {
    let handoff = play.handoff();
    let because = || text("Because");
    let now = play.now();
    let step = || key("internal_call");
    let waiver = handoff.waivers.keys().next().copied().unwrap_or(WaiverId(Uuid::nil()));
    let milestone = handoff.plan.iter().flat_map(|plan| plan.milestones.keys().copied()).next();
    let covers = BTreeSet::from([Covers::Step { step: key("warm_intro") }]);
    match verb {
        "open" => (
            RAVI,
            Open {
                id: handoff.id,
                account: handoff.account,
                deal: handoff.deal.clone(),
                route: handoff.route.clone(),
                life: Life::Live,
                seller: Seat { person: DANA, unmapped: false, contributors: BTreeSet::new() },
                process_owner: RAVI,
                csm_of_record: None,
                carried: Vec::new(),
            }
            .into(),
        ),
        "reroute" => {
            let of = throughline_domain::playbook::PlaybookRef { name: "default".to_owned(), version: 1 };
            let route =
                RouteTaken { playbook: Some(of), variant: Some(key("light")), ..handoff.route.clone() };
            (RAVI, Reroute { route, reason: because() }.into())
        }
        "take-news" => {
            let deal = Deal {
                source_time: play.later(1),
                plan: Some("Business".to_owned()),
                ..handoff.deal.clone()
            };
            (RAVI, TakeNews { deal, seller: None, csm: None }.into())
        }
        "set-seat" => (
            DANA,
            SetSeat {
                role: throughline_domain::Role::Implementation,
                person: IAN,
                contributors: BTreeSet::new(),
                reason: None,
            }
            .into(),
        ),
        "answer" => (DANA, answer("expansion", "Berlin and Madrid").into()),
        "clear" => (DANA, Clear { ask: key("expansion"), reason: Some(because()) }.into()),
        "declare-none" => (DANA, DeclareNone { ask: key("influencers"), note: Some(because()) }.into()),
        "add-item" => (
            DANA,
            AddItem {
                body: body_for(List::Risks, "A freeze in August"),
                evidence: evidence(),
                reason: Some(because()),
            }
            .into(),
        ),
        "change-item" => {
            let body = body_for(List::Risks, "Too few hands until June");
            (
                DANA,
                ChangeItem {
                    item: item(play, "Too few"),
                    body,
                    evidence: evidence(),
                    reason: Some(because()),
                }
                .into(),
            )
        }
        "remove-item" => (DANA, RemoveItem { item: item(play, "Too few"), reason: Some(because()) }.into()),
        "reopen" => (DANA, Reopen { asks: BTreeSet::from([key("promises")]), reason: because() }.into()),
        "acknowledge-amendments" => (MAYA, AcknowledgeAmendments {}.into()),
        "decide-promise" => (
            DEE,
            DecidePromise {
                item: item(play, "Priority"),
                verdict: DecisionVerdict::Approved,
                reason: because(),
            }
            .into(),
        ),
        "correct-promise" => {
            (DANA, CorrectPromise { item: item(play, "Priority"), evidence: evidence() }.into())
        }
        "settle-promise" => (
            MAYA,
            SettlePromise {
                item: item(play, "Priority"),
                outcome: PromiseOutcome::Released,
                on: play.today(),
                note: None,
            }
            .into(),
        ),
        "confirm-criterion" => {
            let confirmed = ConfirmCriterion {
                item: item(play, "Close the month"),
                still_accurate: true,
                read: imprint(play, item(play, "Close the month")),
                words: None,
                at: now,
                evidence: evidence(),
            };
            (MAYA, confirmed.into())
        }
        "nominate" => (LEE, Nominate { csm: NOAH }.into()),
        "offer" => (LEE, Offer { to: MAYA }.into()),
        "withdraw-offer" => (LEE, WithdrawOffer { reason: because() }.into()),
        "accept" => (MAYA, Accept {}.into()),
        "return" => (MAYA, SendBack { code: key("incomplete"), reason: because() }.into()),
        "answer-return" => (DANA, AnswerReturn { text: because() }.into()),
        "mark" => (
            MAYA,
            MarkCategory { category: key("customer_intent"), mark: Mark::Partial, note: Some(because()) }
                .into(),
        ),
        "ask" => (MAYA, AskQuestion { text: because() }.into()),
        "answer-question" => {
            let question = handoff.questions.keys().next().copied().unwrap_or(QuestionId(Uuid::nil()));
            (DANA, AnswerQuestion { question, text: because() }.into())
        }
        "attempt-gate" => (RAVI, AttemptGate { gate: Gate::Handoff }.into()),
        "ask-waiver" => (DANA, AskWaiver { gate: Gate::Kickoff, covers, reason: because() }.into()),
        "grant-waiver" => (LEE, GrantWaiver { waiver, expires_at: Some(play.later(24)) }.into()),
        "deny-waiver" => (LEE, DenyWaiver { waiver, reason: because() }.into()),
        "report-step" => (MAYA, play.report_of("first_contact").into()),
        "confirm-step" => (MAYA, ConfirmStep { step: step(), number: 0 }.into()),
        "dispute-step" => (MAYA, DisputeStep { step: step(), number: 0, reason: because() }.into()),
        "correct-step" => (
            DANA,
            CorrectStep { step: step(), number: 0, reason: because(), happened_at: None, booked_for: None }
                .into(),
        ),
        "plan-meeting" => {
            let (starts_at, minutes) = (play.later(24), Some(45));
            (DANA, PlanMeeting { step: step(), starts_at, minutes, place: Some(because()) }.into())
        }
        "call-off-meeting" => (DANA, CallOffMeeting { step: step(), reason: Some(because()) }.into()),
        "take-over" => (LEE, TakeOver { by: LEE, reason: because() }.into()),
        "reassign" => (LEE, Reassign { to: NOAH, reason: because() }.into()),
        "hand-over" => (DANA, HandOver { to: EMIL, reason: because() }.into()),
        "take-on" => (EMIL, TakeOn {}.into()),
        "decline" => (EMIL, Decline { reason: because() }.into()),
        "open-plan" => (MAYA, OpenPlan {}.into()),
        "set-milestone" => {
            let milestone =
                Milestone { title: because(), side: Side::Us, owner: None, due_on: None, reached_on: None };
            (MAYA, SetMilestone { id: None, milestone }.into())
        }
        "remove-milestone" => {
            (MAYA, RemoveMilestone { id: milestone.unwrap_or(MilestoneId(Uuid::nil())), reason: None }.into())
        }
        "commit-prerequisite" => {
            (MAYA, CommitPrerequisite { prerequisite: key("data_ready"), evidence: evidence() }.into())
        }
        "confirm-kickoff" => (MAYA, ConfirmKickoff {}.into()),
        "confirm-plan" => {
            (MAYA, ConfirmPlan { form: PlanForm::Signed, at: now, evidence: evidence() }.into())
        }
        "propose-milestone" => (MAYA, ProposeMilestone { of: None, milestone: proposed() }.into()),
        "answer-proposal" => {
            let proposal = handoff.plan.iter().flat_map(|plan| plan.proposals.keys().copied()).next();
            let proposal = proposal.unwrap_or(ProposalId(Uuid::nil()));
            (MAYA, AnswerProposal { proposal, accept: true, reason: None }.into())
        }
        "own-milestone" => (
            MAYA,
            OwnMilestone { id: milestone.unwrap_or(MilestoneId(Uuid::nil())), owner: Some(because()) }.into(),
        ),
        "complete-milestone" => (
            MAYA,
            CompleteMilestone { id: milestone.unwrap_or(MilestoneId(Uuid::nil())), on: Some(play.today()) }
                .into(),
        ),
        "comment-plan" => (MAYA, CommentPlan { milestone: None, text: because() }.into()),
        "sign-plan" => {
            let imprint = handoff.plan.as_ref().map(Plan::imprint).unwrap_or_default();
            let proof = Proof::MailedCode { mailbox: text("ines@customer.example"), at: now };
            (
                MAYA,
                SignPlan { name: text("Ines Vega"), imprint, consent: "a1".repeat(32), proof, company: None }
                    .into(),
            )
        }
        "rate" => (MAYA, Rate { rating: key("kickoff"), score: 5, reason: None, comment: None }.into()),
        "note-sign" => (MAYA, NoteSign { sign: EarlySign::Surprise, note: Some(because()) }.into()),
        "take-back-sign" => (MAYA, TakeBackSign { number: 0, reason: Some(because()) }.into()),
        "finish" => (MAYA, Finish {}.into()),
        other => panic!("`{other}` has no place in the table"),
    }
}

fn proposed() -> Milestone {
    Milestone {
        title: text("Finance trained"),
        side: Side::Customer,
        owner: None,
        due_on: None,
        reached_on: None,
    }
}

/// What the customer does at a stage, as they would.
fn imprint(play: &Play, item: ItemId) -> Option<String> {
    match &play.handoff().record.items.get(&item)?.body {
        Body::Criterion(criterion) => Some(criterion.imprint()),
        _ => None,
    }
}

fn by_the_customer(play: &Play, verb: &str) -> Command {
    let said =
        Evidence { source: Some(Source::Portal), speaker: Some(text("Ines Vega")), ..Evidence::default() };
    let own = play.handoff().plan.iter().flat_map(|plan| &plan.milestones);
    let own = own.filter(|(_, one)| one.side == Side::Customer).map(|(id, _)| *id).next();
    let own = own.unwrap_or(MilestoneId(Uuid::nil()));
    match natural(play, verb).1 {
        Command::ConfirmCriterion(body) => ConfirmCriterion { evidence: said, ..body }.into(),
        Command::CommitPrerequisite(body) => CommitPrerequisite { evidence: said, ..body }.into(),
        Command::OwnMilestone(body) => OwnMilestone { id: own, ..body }.into(),
        Command::CompleteMilestone(body) => CompleteMilestone { id: own, ..body }.into(),
        other => other,
    }
}

fn in_a_word(outcome: &Result<Outcome, Refusal>) -> String {
    match outcome {
        Ok(Outcome::Happened(_)) => "yes".to_owned(),
        Ok(Outcome::AlreadySo) => "same".to_owned(),
        Ok(Outcome::Shut { gate, gaps, .. }) => format!("shut {} ({})", gate.name(), gaps.len()),
        Err(Refusal::GateShut { gate, .. }) => format!("shut {}", gate.name()),
        Err(Refusal::OutOfTurn { .. }) => "no turn".to_owned(),
        Err(Refusal::NotYours(_)) => "not yours".to_owned(),
        Err(Refusal::Unknown { what, .. }) => format!("no {what}"),
        Err(Refusal::Invalid { field, .. }) => format!("bad {field}"),
        Err(Refusal::NeedsReopening(_)) => "reopen first".to_owned(),
        Err(Refusal::NotWaivable(_)) => "not waivable".to_owned(),
        Err(Refusal::WaiverAuthority { .. }) => "no authority".to_owned(),
    }
}

#[test]
fn every_verb_does_at_every_stage_what_the_table_says() {
    let plays = STAGES.map(at);
    for (play, stage) in plays.iter().zip(STAGES) {
        let handoff = play.handoff();
        let name = if handoff.life.is_live() { handoff.stage.name() } else { handoff.life.name() };
        assert_eq!(name, stage);
    }
    let heading = std::iter::once("verb").chain(STAGES).map(str::to_owned).collect();
    let row = |verb: &&str| {
        let cell = |play: &Play| {
            let mut play = play.clone();
            let (who, command) = natural(&play, verb);
            assert_eq!(command.verb(), *verb);
            in_a_word(&play.as_(who).tries(command))
        };
        std::iter::once((*verb).to_owned()).chain(plays.iter().map(cell)).collect()
    };
    insta::assert_snapshot!(as_table(heading, Command::VERBS.iter().map(row).collect()));
}

#[test]
fn every_verb_is_at_every_stage_for_the_customer_what_the_table_says() {
    let plays = STAGES.map(at);
    let heading = ["verb", "right"].into_iter().chain(STAGES).map(str::to_owned).collect();
    let row = |verb: &&str| {
        let right = match customer_right(verb) {
            None => "·",
            Some(CustomerRight::TakePart) => "part",
            Some(CustomerRight::Sign) => "sign",
        };
        let cell = |play: &Play| {
            let command = by_the_customer(play, verb);
            let mut play = play.clone();
            let said = in_a_word(&play.as_customer().tries(command));
            assert!(customer_right(verb).is_some() || said == "not yours", "{verb}: {said}");
            said
        };
        [(*verb).to_owned(), right.to_owned()].into_iter().chain(plays.iter().map(cell)).collect()
    };
    insta::assert_snapshot!(as_table(heading, Command::VERBS.iter().map(row).collect()));
}

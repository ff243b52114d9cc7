//! One file per shape of fact, for ever: what was written once must be read the same.

use std::{collections::BTreeSet, path::PathBuf};

use throughline_domain::{
    AccountId, HandoffId, ItemId, MilestoneId, ProposalId, QuestionId, Role, WaiverId,
    clock::{Matter, Whom},
    deal::{CrmPerson, Standing},
    handoff::*,
    playbook::{CsmChoice, Gate, PlaybookRef},
    record::*,
};
use throughline_testkit::{body_for, date, deal, evidence, instant, kind_of, people::*, text};
use uuid::Uuid;

/// Names every variant, so that a new one without its file does not compile.
macro_rules! kinds {
    ($($variant:ident => $kind:literal),* $(,)?) => {
        const KINDS: &[&str] = &[$($kind),*];
        fn named(fact: &Fact) -> &'static str {
            match fact { $(Fact::$variant { .. } => $kind),* }
        }
    };
}

kinds! {
    Opened => "opened",
    CsmOfRecord => "csm_of_record",
    Rerouted => "rerouted",
    DealRead => "deal_read",
    DealHeard => "deal_heard",
    Seated => "seated",
    Answered => "answered",
    Cleared => "cleared",
    NoneDeclared => "none_declared",
    ItemAdded => "item_added",
    ItemChanged => "item_changed",
    ItemRemoved => "item_removed",
    ChangeNoticed => "change_noticed",
    RecordCompleted => "record_completed",
    RecordIncomplete => "record_incomplete",
    Reopened => "reopened",
    ReopeningClosed => "reopening_closed",
    Amended => "amended",
    AmendmentsAcknowledged => "amendments_acknowledged",
    PromiseRouted => "promise_routed",
    PromiseDecided => "promise_decided",
    PromiseCorrected => "promise_corrected",
    PromiseSettled => "promise_settled",
    CriterionConfirmed => "criterion_confirmed",
    Nominated => "nominated",
    Offered => "offered",
    OfferWithdrawn => "offer_withdrawn",
    Accepted => "accepted",
    Returned => "returned",
    ReturnAnswered => "return_answered",
    Marked => "marked",
    Asked => "asked",
    QuestionAnswered => "question_answered",
    SuccessorNamed => "successor_named",
    CsmChanged => "csm_changed",
    SellerNamed => "seller_named",
    SellerChanged => "seller_changed",
    SuccessionDeclined => "succession_declined",
    GatePassed => "gate_passed",
    GateRefused => "gate_refused",
    GateRefusedAgain => "gate_refused_again",
    Bypassed => "bypassed",
    BypassLifted => "bypass_lifted",
    WaiverAsked => "waiver_asked",
    WaiverGranted => "waiver_granted",
    WaiverDenied => "waiver_denied",
    WaiverPaid => "waiver_paid",
    StepReported => "step_reported",
    StepConfirmed => "step_confirmed",
    StepDisputed => "step_disputed",
    StepCorrected => "step_corrected",
    MeetingPlanned => "meeting_planned",
    MeetingCalledOff => "meeting_called_off",
    OwnershipMoved => "ownership_moved",
    PlanOpened => "plan_opened",
    MilestoneSet => "milestone_set",
    MilestoneRemoved => "milestone_removed",
    PrerequisiteCommitted => "prerequisite_committed",
    KickoffConfirmed => "kickoff_confirmed",
    PlanConfirmed => "plan_confirmed",
    MilestoneProposed => "milestone_proposed",
    ProposalAnswered => "proposal_answered",
    PlanCommented => "plan_commented",
    PlanSigned => "plan_signed",
    Rated => "rated",
    SignSeen => "sign_seen",
    SignTakenBack => "sign_taken_back",
    Reminded => "reminded",
    Escalated => "escalated",
    Withdrawn => "withdrawn",
    Resumed => "resumed",
    Cancelled => "cancelled",
    Finished => "finished",
    TextsErased => "texts_erased",
}

fn key(text: &str) -> throughline_domain::Key {
    text.parse().unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0194_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// Facts of a kind, each with everything a fact of it can say; several where it takes several to say it all.
fn samples(kind: &str) -> Vec<Fact> {
    let (item, waiver, question, milestone) =
        (ItemId(id(3)), WaiverId(id(4)), QuestionId(id(5)), MilestoneId(id(6)));
    let at = instant("2026-03-02T08:00:00Z");
    let reason = text("The customer asked for it");
    let seat = || Seat { person: DANA, unmapped: false, contributors: [EMIL].into() };
    let route = || RouteTaken {
        rule: Some(key("new_business")),
        playbook: Some(PlaybookRef { name: "default".to_owned(), version: 3 }),
        variant: Some(key("full")),
        csm: CsmChoice::Named,
        because: "New business takes the whole way.".to_owned(),
    };
    let told = || {
        let person = Some(CrmPerson {
            external_id: Some("0051".to_owned()),
            name: Some(text("Dana")),
            email: Some(text("dana@us.example")),
        });
        let mut deal = deal();
        deal.standing = Standing::Won;
        deal.signed_at = Some(at);
        deal.closed_at = Some(at);
        deal.partner = Some("Partner AG".to_owned());
        deal.competitor = Some("Other".to_owned());
        deal.csm.clone_from(&person);
        deal.owner = person;
        deal.extra.insert("Seats".to_owned(), text("40"));
        deal
    };
    let an_item = |list: List, number: u128| {
        let mut body = body_for(list, "What was said");
        if let Body::Promise(promise) = &mut body {
            promise.amount = deal().amount;
            promise.life = PromiseLife {
                routed: Some(Routed {
                    to: Role::DealDesk,
                    at,
                    because: "It is not in the contract.".to_owned(),
                }),
                decision: Some(Decision {
                    verdict: DecisionVerdict::Countered,
                    by: person(DEE),
                    at,
                    reason: text("Half of it"),
                }),
                corrected: Some(Corrected { by: person(DANA), at, evidence: evidence() }),
                transferred_at: Some(at),
                settled: Some(Settled {
                    outcome: PromiseOutcome::Late,
                    on: date("2026-06-30"),
                    by: person(MAYA),
                    note: Some(text("In July")),
                }),
            };
        }
        if let Body::Criterion(criterion) = &mut body {
            criterion.by_on = Some(date("2026-09-30"));
            criterion.confirmation =
                Some(CriterionConfirmed { still_accurate: true, at, by: person(MAYA), evidence: evidence() });
        }
        Item {
            id: ItemId(id(number)),
            body,
            evidence: evidence(),
            provenance: Provenance::Hand { by: person(DANA) },
            at,
        }
    };
    let lists = [
        List::Promises,
        List::Criteria,
        List::Stakeholders,
        List::Risks,
        List::Integrations,
        List::DataMoves,
    ];
    let report = Report {
        number: 1,
        happened_at: at,
        ended_at: Some(instant("2026-03-02T08:30:00Z")),
        booked_for: Some(instant("2026-04-01T08:00:00Z")),
        form: Some(key("bridge_call")),
        known_by: KnownBy::Calendar,
        by: person(DANA),
        at,
        outcomes: [key("main_goal"), key("next_steps")].into(),
        note: Some(text("Went well")),
        counts_since: Some(at),
        disputed: None,
        corrected: None,
    };
    let plan_item = Milestone {
        title: text("First use case live"),
        side: Side::Customer,
        owner: Some(text("Jon Park")),
        due_on: Some(date("2026-05-01")),
        reached_on: Some(date("2026-04-28")),
    };
    let covers = || {
        [
            Covers::Ask { ask: key("champion") },
            Covers::Commitment { item },
            Covers::Correction { item },
            Covers::Category { category: key("customer_intent") },
            Covers::Step { step: key("internal_call") },
            Covers::Return,
            Covers::Reopened,
            Covers::Acceptance,
            Covers::Ownership,
            Covers::Plan,
            Covers::Rating { rating: key("kickoff") },
            Covers::Debt { waiver },
            Covers::NoRecord,
            Covers::NotLive,
        ]
    };
    match kind {
        "opened" => vec![
            Fact::Opened {
                id: HandoffId(id(1)),
                account: AccountId(id(2)),
                deal: told(),
                route: route(),
                life: Life::Live,
                seller: seat(),
                process_owner: RAVI,
            },
            Fact::Opened {
                id: HandoffId(id(1)),
                account: AccountId(id(2)),
                deal: deal(),
                route: RouteTaken {
                    rule: None,
                    playbook: None,
                    variant: None,
                    csm: CsmChoice::OfRecord,
                    ..route()
                },
                life: Life::History,
                seller: Seat { person: OWEN, unmapped: true, contributors: BTreeSet::new() },
                process_owner: RAVI,
            },
        ],
        "csm_of_record" => vec![Fact::CsmOfRecord { csm: MAYA }],
        "rerouted" => {
            let out = RouteTaken { playbook: None, csm: CsmChoice::Pooled, ..route() };
            vec![Fact::Rerouted { route: out, life: Life::OutOfScope, reason }]
        }
        "deal_read" => vec![Fact::DealRead { deal: told() }],
        "deal_heard" => vec![Fact::DealHeard { at, standing: Standing::Deleted }],
        "seated" => vec![
            Fact::Seated { role: Role::Ae, seat: seat(), reason: Some(reason) },
            Fact::Seated { role: Role::Implementation, seat: seat(), reason: None },
        ],
        "answered" => {
            let answers = [
                Answer::Text { text: text("A new COO") },
                Answer::Words { said: text("We lose two days"), evidence: evidence() },
                Answer::Choice { chosen: vec![key("one"), key("two")] },
                Answer::Date { on: date("2026-09-30") },
                Answer::Money { amount: deal().amount.unwrap() },
                Answer::Number { number: 12.5 },
                Answer::YesNo { yes: false },
                Answer::Person { name: text("Ines Vega"), contact: Some(text("ines@acme.example")) },
            ];
            let froms = [
                Provenance::Hand { by: person(DANA) },
                Provenance::Crm { field: "plan".to_owned() },
                Provenance::CarriedOver,
                Provenance::Hand { by: throughline_domain::Actor::System },
                Provenance::Hand {
                    by: throughline_domain::Actor::Token { id: throughline_domain::TokenId(id(9)) },
                },
            ];
            let fact = |(number, answer): (usize, Answer)| Fact::Answered {
                ask: key("buying_trigger"),
                answer,
                provenance: froms[number % froms.len()].clone(),
            };
            answers.into_iter().enumerate().map(fact).collect()
        }
        "cleared" => vec![Fact::Cleared { ask: key("risks") }],
        "none_declared" => vec![
            Fact::NoneDeclared { ask: key("risks"), note: Some(reason) },
            Fact::NoneDeclared { ask: key("risks"), note: None },
        ],
        "item_added" => {
            let item =
                |(number, list): (usize, List)| Fact::ItemAdded { item: an_item(list, 20 + number as u128) };
            lists.into_iter().enumerate().map(item).collect()
        }
        "item_changed" => vec![Fact::ItemChanged { item: an_item(List::Promises, 20) }],
        "item_removed" => vec![Fact::ItemRemoved { item, reason: Some(reason) }],
        "change_noticed" => {
            vec![Fact::ChangeNoticed {
                asks: [key("risks")].into(),
                stale: [key("implementation_risk")].into(),
            }]
        }
        "record_completed" => vec![Fact::RecordCompleted],
        "record_incomplete" => vec![Fact::RecordIncomplete],
        "reopened" => vec![Fact::Reopened { asks: [key("promises")].into(), reason }],
        "reopening_closed" => vec![Fact::ReopeningClosed],
        "amended" => vec![Fact::Amended { ask: key("promises") }],
        "amendments_acknowledged" => vec![Fact::AmendmentsAcknowledged],
        "promise_routed" => {
            vec![Fact::PromiseRouted {
                item,
                to: Role::Product,
                because: "It says what the product will do.".to_owned(),
            }]
        }
        "promise_decided" => {
            [DecisionVerdict::Approved, DecisionVerdict::Countered, DecisionVerdict::Declined]
                .map(|verdict| Fact::PromiseDecided { item, verdict, reason: reason.clone() })
                .to_vec()
        }
        "promise_corrected" => vec![Fact::PromiseCorrected { item, evidence: evidence() }],
        "promise_settled" => {
            [PromiseOutcome::Kept, PromiseOutcome::Late, PromiseOutcome::Broken, PromiseOutcome::Released]
                .map(|outcome| Fact::PromiseSettled {
                    item,
                    outcome,
                    on: date("2026-06-30"),
                    note: Some(reason.clone()),
                })
                .to_vec()
        }
        "criterion_confirmed" => vec![Fact::CriterionConfirmed {
            item,
            confirmation: CriterionConfirmed {
                still_accurate: false,
                at,
                by: person(MAYA),
                evidence: evidence(),
            },
            words: Some(text("Close the month in two days")),
        }],
        "nominated" => vec![Fact::Nominated { csm: MAYA }],
        "offered" => vec![Fact::Offered { to: MAYA }],
        "offer_withdrawn" => vec![Fact::OfferWithdrawn { reason }],
        "accepted" => vec![Fact::Accepted { by: MAYA }],
        "returned" => vec![Fact::Returned { code: key("unclear"), reason }],
        "return_answered" => vec![Fact::ReturnAnswered { text: text("Mended") }],
        "marked" => [Mark::Clear, Mark::Partial, Mark::Unclear]
            .map(|mark| Fact::Marked { category: key("customer_intent"), mark, note: Some(reason.clone()) })
            .to_vec(),
        "asked" => vec![Fact::Asked { question, text: text("Who is Jon?") }],
        "question_answered" => vec![Fact::QuestionAnswered { question, text: text("The IT owner") }],
        "successor_named" => vec![Fact::SuccessorNamed { to: NOAH, reason }],
        "seller_named" => vec![Fact::SellerNamed { to: EMIL, reason }],
        "seller_changed" => vec![Fact::SellerChanged { from: DANA, to: EMIL }],
        "succession_declined" => {
            vec![Fact::SuccessionDeclined { role: Role::Csm, to: NOAH, reason }]
        }
        "csm_changed" => vec![Fact::CsmChanged { from: MAYA, to: NOAH, introduce_again: true }],
        "gate_passed" => vec![
            Fact::GatePassed { gate: Gate::Handoff, waivers: vec![] },
            Fact::GatePassed { gate: Gate::Kickoff, waivers: vec![waiver] },
        ],
        "gate_refused" => vec![Fact::GateRefused { gate: Gate::CsmAssignment, gaps: covers().into() }],
        "gate_refused_again" => Gate::ALL.map(|gate| Fact::GateRefusedAgain { gate }).to_vec(),
        "bypassed" => vec![Fact::Bypassed {
            gate: Gate::Handoff,
            found: "closed-won before a record was complete".to_owned(),
            would_have_been_refused: true,
        }],
        "bypass_lifted" => vec![Fact::BypassLifted { gate: Gate::Kickoff, reason }],
        "waiver_asked" => {
            vec![Fact::WaiverAsked {
                waiver,
                gate: Gate::Credit,
                covers: covers().into(),
                reason,
                debtor: DANA,
            }]
        }
        "waiver_granted" => vec![
            Fact::WaiverGranted { waiver, expires_at: Some(at) },
            Fact::WaiverGranted { waiver, expires_at: None },
        ],
        "waiver_denied" => vec![Fact::WaiverDenied { waiver, reason }],
        "waiver_paid" => vec![Fact::WaiverPaid { waiver }],
        "step_reported" => {
            let bare = Report {
                ended_at: None,
                booked_for: None,
                form: None,
                outcomes: BTreeSet::new(),
                note: None,
                counts_since: None,
                ..report.clone()
            };
            let known =
                [KnownBy::Mail, KnownBy::Calendar, KnownBy::Transcript, KnownBy::Crm, KnownBy::Attested];
            let bare = known.map(|known_by| Report { known_by, ..bare.clone() });
            std::iter::once(report)
                .chain(bare)
                .map(|report| Fact::StepReported { step: key("warm_intro"), report })
                .collect()
        }
        "step_confirmed" => vec![Fact::StepConfirmed { step: key("warm_intro"), number: 1 }],
        "step_disputed" => vec![Fact::StepDisputed { step: key("warm_intro"), number: 1, reason }],
        "step_corrected" => vec![Fact::StepCorrected { step: key("warm_intro"), number: 1, reason }],
        "meeting_planned" => {
            let planned = |minutes, place| {
                let step = key("internal_call");
                Fact::MeetingPlanned { step, starts_at: at, minutes, place }
            };
            vec![planned(Some(45), Some(text("https://meet.example/7"))), planned(None, None)]
        }
        "meeting_called_off" => [Some(reason), None]
            .map(|reason| Fact::MeetingCalledOff { step: key("internal_call"), reason })
            .to_vec(),
        "ownership_moved" => [Move::Acceptance, Move::WarmIntro, Move::Kickoff, Move::TakeOver]
            .map(|moved_by| Fact::OwnershipMoved {
                to: MAYA,
                at,
                moved_by,
                bypassed: false,
                reason: Some(reason.clone()),
            })
            .to_vec(),
        "plan_opened" => vec![Fact::PlanOpened { milestones: vec![(milestone, plan_item)] }],
        "milestone_set" => vec![Fact::MilestoneSet { id: milestone, milestone: plan_item }],
        "milestone_removed" => vec![Fact::MilestoneRemoved { id: milestone, reason: Some(reason) }],
        "prerequisite_committed" => [evidence(), portal()]
            .map(|evidence| Fact::PrerequisiteCommitted { prerequisite: key("data_ready"), evidence })
            .to_vec(),
        "kickoff_confirmed" => vec![Fact::KickoffConfirmed],
        "plan_confirmed" => [PlanForm::Signed, PlanForm::Mail]
            .map(|form| Fact::PlanConfirmed { form, at, evidence: evidence() })
            .to_vec(),
        "milestone_proposed" => vec![
            Fact::MilestoneProposed {
                proposal: ProposalId(id(7)),
                of: Some(milestone),
                milestone: plan_item.clone(),
                base: None,
            },
            Fact::MilestoneProposed {
                proposal: ProposalId(id(7)),
                of: None,
                milestone: plan_item.clone(),
                base: None,
            },
            Fact::MilestoneProposed {
                proposal: ProposalId(id(7)),
                of: Some(milestone),
                milestone: plan_item.clone(),
                base: Some(plan_item),
            },
        ],
        "proposal_answered" => [(true, None), (false, Some(reason))]
            .map(|(accepted, reason)| Fact::ProposalAnswered {
                proposal: ProposalId(id(7)),
                accepted,
                reason,
            })
            .to_vec(),
        "plan_commented" => [Some(milestone), None]
            .map(|milestone| Fact::PlanCommented { milestone, text: reason.clone() })
            .to_vec(),
        "plan_signed" => [None, Some("Northwind".to_owned())]
            .map(|company| Fact::PlanSigned {
                name: text("Ines Vega"),
                imprint: "0f".repeat(32),
                consent: "a1".repeat(32),
                proof: Proof::MailedCode { mailbox: text("ines@customer.example"), at },
                company,
            })
            .to_vec(),
        "rated" => vec![
            Fact::Rated {
                rating: key("kickoff"),
                score: 2,
                reason: Some(key("cold_start")),
                comment: Some(reason),
            },
            Fact::Rated { rating: key("day60"), score: 5, reason: None, comment: None },
        ],
        "sign_seen" => EarlySign::ALL
            .into_iter()
            .map(|sign| Fact::SignSeen { number: 2, sign, note: sign.is_good().then(|| reason.clone()) })
            .collect(),
        "sign_taken_back" => {
            [Some(reason), None].map(|reason| Fact::SignTakenBack { number: 2, reason }).to_vec()
        }
        "reminded" => vec![
            Fact::Reminded { matter: Matter::Step { step: key("warm_intro") }, due_at: at, nth: 1 },
            Fact::Reminded { matter: Matter::Promise { item }, due_at: at, nth: 2 },
            Fact::Reminded { matter: Matter::Waiver { waiver }, due_at: at, nth: 1 },
        ],
        "escalated" => [Whom::Owner, Whom::Manager, Whom::ProcessOwner, Whom::Role { role: Role::CsLeader }]
            .map(|whom| Fact::Escalated {
                matter: Matter::Step { step: key("warm_intro") },
                due_at: at,
                whom,
            })
            .to_vec(),
        "withdrawn" => vec![Fact::Withdrawn { reason: "lost in the CRM".to_owned() }],
        "resumed" => vec![Fact::Resumed],
        "cancelled" => vec![Fact::Cancelled { reason: "un-won in the CRM".to_owned() }],
        "finished" => vec![Fact::Finished],
        "texts_erased" => vec![Fact::TextsErased { texts: 3 }],
        other => panic!("no sample of `{other}`"),
    }
}

fn portal() -> Evidence {
    let (source, speaker) = (Some(Source::Portal), Some(text("Ines Vega")));
    Evidence { source, speaker, ..Evidence::default() }
}

fn person(id: throughline_domain::PersonId) -> throughline_domain::Actor {
    throughline_domain::Actor::Person { id }
}

fn file_of(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/facts").join(format!("{kind}.json"))
}

#[test]
fn every_shape_of_fact_ever_written_is_read_the_same() {
    for kind in KINDS {
        let facts = samples(kind);
        assert!(facts.iter().all(|fact| named(fact) == *kind && kind_of(fact) == *kind), "{kind}");
        let file = file_of(kind);
        let written = format!("{}\n", serde_json::to_string_pretty(&facts).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &written).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        let read: Vec<Fact> = serde_json::from_str(&kept).unwrap_or_else(|why| panic!("{kind}: {why}"));
        assert_eq!(read, facts, "`{kind}` is read as something else than what was written");
        assert_eq!(kept, written, "`{kind}` is written differently now; old journals have the old shape");
    }
}

#[test]
fn no_file_is_left_of_a_kind_that_is_gone() {
    let folder = file_of("x");
    for entry in std::fs::read_dir(folder.parent().unwrap()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(KINDS.contains(&name.trim_end_matches(".json")), "{name}");
    }
}

//! Any command at all: plausible ones often enough to get far, absurd ones often enough to hurt.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};
use throughline_domain::{
    ItemId, Key, MilestoneId, PersonId, QuestionId, Role, WaiverId,
    deal::Standing,
    handoff::{Command, Covers, Handoff, KnownBy, Mark, Milestone, PlanForm, RouteTaken, Seat, command::*},
    playbook::{CsmChoice, Gate, Playbook, PlaybookRef},
    record::*,
};
use throughline_testkit::{Play, answer_for, body_for, evidence, good_item, people::*, text};
use uuid::Uuid;

/// A command before it is known what there is to point at: places are indices into whatever exists by then.
#[derive(Debug, Clone)]
pub struct Draft {
    pub who: PersonId,
    pub extra_role: Option<Role>,
    pub wait: Wait,
    pub verb: Verb,
    pub at: Index,
    pub other: Index,
    pub coin: bool,
    pub dice: u8,
    pub words: Option<String>,
}

impl Draft {
    /// So often something odd is done.
    fn one_in(&self, sides: u8) -> bool {
        self.dice.is_multiple_of(sides)
    }
}

/// How long until the command.
#[derive(Debug, Clone, Copy)]
pub enum Wait {
    None,
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Open,
    Reroute,
    TakeNews,
    SetSeat,
    GiveAnswer,
    Clear,
    DeclareNone,
    AddItem,
    ChangeItem,
    RemoveItem,
    Reopen,
    Acknowledge,
    DecidePromise,
    CorrectPromise,
    SettlePromise,
    ConfirmCriterion,
    Nominate,
    Offer,
    WithdrawOffer,
    Accept,
    SendBack,
    AnswerReturn,
    Mark,
    Ask,
    AnswerQuestion,
    AttemptGate,
    AskWaiver,
    GrantWaiver,
    DenyWaiver,
    ReportStep,
    ConfirmStep,
    DisputeStep,
    CorrectStep,
    TakeOver,
    Reassign,
    OpenPlan,
    SetMilestone,
    RemoveMilestone,
    CommitPrerequisite,
    ConfirmKickoff,
    ConfirmPlan,
    Rate,
    Finish,
    /// Not a verb: whatever the first open gap of the record asks for.
    FillNext,
}

/// Verbs with their weights. Commands that end things or start them over are rarer, so that plays get far.
const VERBS: &[(u32, Verb)] = &[
    (1, Verb::Open),
    (1, Verb::Reroute),
    (3, Verb::TakeNews),
    (1, Verb::SetSeat),
    (3, Verb::GiveAnswer),
    (1, Verb::Clear),
    (2, Verb::DeclareNone),
    (4, Verb::AddItem),
    (2, Verb::ChangeItem),
    (1, Verb::RemoveItem),
    (1, Verb::Reopen),
    (1, Verb::Acknowledge),
    (3, Verb::DecidePromise),
    (2, Verb::CorrectPromise),
    (1, Verb::SettlePromise),
    (1, Verb::ConfirmCriterion),
    (2, Verb::Nominate),
    (4, Verb::Offer),
    (1, Verb::WithdrawOffer),
    (4, Verb::Accept),
    (1, Verb::SendBack),
    (1, Verb::AnswerReturn),
    (8, Verb::Mark),
    (1, Verb::Ask),
    (1, Verb::AnswerQuestion),
    (4, Verb::AttemptGate),
    (3, Verb::AskWaiver),
    (3, Verb::GrantWaiver),
    (1, Verb::DenyWaiver),
    (6, Verb::ReportStep),
    (4, Verb::ConfirmStep),
    (1, Verb::DisputeStep),
    (1, Verb::CorrectStep),
    (1, Verb::TakeOver),
    (1, Verb::Reassign),
    (2, Verb::OpenPlan),
    (2, Verb::SetMilestone),
    (1, Verb::RemoveMilestone),
    (1, Verb::CommitPrerequisite),
    (2, Verb::ConfirmKickoff),
    (2, Verb::ConfirmPlan),
    (3, Verb::Rate),
    (2, Verb::Finish),
    (24, Verb::FillNext),
];

/// Any sequence of drafts.
pub fn any_drafts(most: usize) -> impl Strategy<Value = Vec<Draft>> {
    vec(any_draft(), 0..most)
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let verbs: Vec<(u32, Just<Verb>)> = VERBS.iter().map(|(weight, verb)| (*weight, Just(*verb))).collect();
    let verb = proptest::strategy::Union::new_weighted(
        verbs.into_iter().map(|(weight, verb)| (weight, verb.boxed())).collect(),
    );
    let who = select(EVERYBODY.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
    let wait = prop_oneof![
        6 => Just(Wait::None),
        4 => (1i64..30).prop_map(Wait::Minutes),
        3 => (1i64..30).prop_map(Wait::Hours),
        2 => (1i64..12).prop_map(Wait::Days),
    ];
    let words = option::weighted(0.85, "[a-zA-Z0-9 äß'.]{1,20}[a-z]");
    let extra_role = option::weighted(0.15, select(Role::ALL.to_vec()));
    (who, extra_role, wait, verb, any::<Index>(), any::<Index>(), any::<bool>(), any::<u8>(), words).prop_map(
        |(who, extra_role, wait, verb, at, other, coin, dice, words)| Draft {
            who,
            extra_role,
            wait,
            verb,
            at,
            other,
            coin,
            dice,
            words,
        },
    )
}

/// Sets the stage for a draft: who and when.
pub fn sets(play: &mut Play, draft: &Draft) {
    let seconds = match draft.wait {
        Wait::None => 0,
        Wait::Minutes(n) => n * 60,
        Wait::Hours(n) => n * 3_600,
        Wait::Days(n) => n * 86_400,
    };
    let now = play.now().checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
    play.at_instant(now);
    let who = fitting(play, draft);
    let mut roles = roles_of(who);
    roles.extend(draft.extra_role);
    match draft.dice {
        0..=3 => play.as_system(),
        4..=7 => play.as_token(&[Role::RevOps, Role::Csm, Role::CsLeader]),
        _ => play.as_with(who, &roles),
    };
}

/// Most of the time the one whose turn it is; else anybody.
fn fitting(play: &Play, draft: &Draft) -> PersonId {
    if draft.one_in(4) {
        return draft.who;
    }
    let csm = play.handoff().csm().unwrap_or(MAYA);
    match draft.verb {
        Verb::Mark
        | Verb::Accept
        | Verb::SendBack
        | Verb::ConfirmStep
        | Verb::Rate
        | Verb::OpenPlan
        | Verb::ConfirmPlan
        | Verb::ConfirmKickoff => match (&play.handoff().successor, draft.coin) {
            (Some(next), true) => next.to,
            _ => csm,
        },
        Verb::DecidePromise => {
            if draft.coin {
                DEE
            } else {
                PIA
            }
        }
        Verb::GrantWaiver => {
            if draft.coin {
                LEE
            } else {
                MONA
            }
        }
        Verb::Offer | Verb::Nominate | Verb::TakeOver | Verb::Reassign => LEE,
        Verb::ReportStep => {
            if draft.coin {
                csm
            } else {
                play.handoff().seller()
            }
        }
        _ => play.handoff().seller(),
    }
}

/// The command a draft stands for, given what exists by now.
pub fn command(play: &Play, draft: &Draft) -> Option<Command> {
    let handoff = play.handoff();
    let playbook = &*play.playbook;
    let words = || draft.words.as_deref().map(text);
    let reason = words();
    let said = || words().unwrap_or_else(|| text("so"));
    let now = play.now();
    Some(match draft.verb {
        Verb::Open => Open {
            id: handoff.id,
            account: handoff.account,
            deal: handoff.deal.clone(),
            route: handoff.route.clone(),
            life: handoff.life.clone(),
            seller: Seat { person: DANA, unmapped: false, contributors: BTreeSet::new() },
            process_owner: RAVI,
            csm_of_record: None,
            carried: Vec::new(),
        }
        .into(),
        Verb::Reroute => Reroute { route: route(playbook, draft), reason: said() }.into(),
        Verb::TakeNews => news(play, draft).into(),
        Verb::SetSeat => {
            let role = *[Role::Ae, Role::Ae, Role::Se, Role::Implementation, Role::Csm, Role::DealDesk]
                .get(draft.other.index(6))?;
            let person = [DANA, EMIL, SAM, MONA, IAN, OWEN][draft.at.index(6)];
            let contributors = if draft.coin { BTreeSet::from([EMIL]) } else { BTreeSet::new() };
            SetSeat { role, person, contributors, reason }.into()
        }
        Verb::FillNext => {
            let ask = play.open_asks().first().and_then(|ask| playbook.ask(ask))?.clone();
            fill(&ask, draft)
        }
        Verb::GiveAnswer => {
            let ask = ask(playbook, draft);
            let other = playbook.asks().nth(draft.other.index(playbook.asks().count()))?;
            let shaped = if draft.coin { &ask } else { other };
            let answer = answer_for(shaped, draft.words.as_deref().unwrap_or("so"));
            GiveAnswer { ask: ask.id.value.clone(), answer, reason }.into()
        }
        Verb::Clear => Clear { ask: ask(playbook, draft).id.value, reason }.into(),
        Verb::DeclareNone => DeclareNone { ask: ask(playbook, draft).id.value, note: reason }.into(),
        Verb::AddItem => {
            let ask = ask(playbook, draft);
            match List::of(ask.kind) {
                Some(_) if draft.coin => fill(&ask, draft),
                _ => AddItem { body: body(draft), evidence: source(draft), reason }.into(),
            }
        }
        Verb::ChangeItem => {
            let item = item(handoff, draft);
            let held = handoff.record.items.get(&item).map(|held| held.body.clone());
            let body = match held {
                Some(held) if draft.coin => varied(held, draft),
                _ => body(draft),
            };
            ChangeItem { item, body, evidence: source(draft), reason }.into()
        }
        Verb::RemoveItem => RemoveItem { item: item(handoff, draft), reason }.into(),
        Verb::Reopen => {
            let mut asks = BTreeSet::from([ask(playbook, draft).id.value]);
            if draft.coin {
                asks.insert(
                    playbook.asks().nth(draft.other.index(playbook.asks().count()))?.id.value.clone(),
                );
            }
            Reopen { asks, reason: said() }.into()
        }
        Verb::Acknowledge => AcknowledgeAmendments {}.into(),
        Verb::DecidePromise => {
            let verdict = [DecisionVerdict::Approved, DecisionVerdict::Countered, DecisionVerdict::Declined]
                [draft.other.index(3)];
            DecidePromise { item: item(handoff, draft), verdict, reason: said() }.into()
        }
        Verb::CorrectPromise => CorrectPromise { item: item(handoff, draft), evidence: source(draft) }.into(),
        Verb::SettlePromise => {
            let outcomes = [
                PromiseOutcome::Kept,
                PromiseOutcome::Late,
                PromiseOutcome::Broken,
                PromiseOutcome::Released,
            ];
            let outcome = outcomes[draft.other.index(4)];
            SettlePromise { item: item(handoff, draft), outcome, on: day(play, draft), note: reason }.into()
        }
        Verb::ConfirmCriterion => ConfirmCriterion {
            item: item(handoff, draft),
            still_accurate: draft.coin,
            words: if draft.one_in(3) { None } else { reason.filter(|_| !draft.coin) },
            at: moment(now, draft),
            evidence: source(draft),
        }
        .into(),
        Verb::Nominate => Nominate { csm: csm(draft) }.into(),
        Verb::Offer => Offer { to: csm(draft) }.into(),
        Verb::WithdrawOffer => WithdrawOffer { reason: said() }.into(),
        Verb::Accept => Accept {}.into(),
        Verb::SendBack => {
            let codes: Vec<Key> = playbook.offer.refusal_codes.iter().map(|code| code.id.clone()).collect();
            SendBack { code: pick(codes, draft), reason: said() }.into()
        }
        Verb::AnswerReturn => AnswerReturn { text: said() }.into(),
        Verb::Mark => {
            let categories: Vec<Key> =
                playbook.scorecard.categories.iter().map(|one| one.id.value.clone()).collect();
            let open: Vec<Key> = categories
                .iter()
                .filter(|one| {
                    handoff.marks.get(*one).is_none_or(|marked| marked.stale || marked.mark != Mark::Clear)
                })
                .cloned()
                .collect();
            let category = pick(if open.is_empty() { categories } else { open }, draft);
            let mark = match draft.dice % 12 {
                10 => Mark::Partial,
                11 => Mark::Unclear,
                _ => Mark::Clear,
            };
            MarkCategory { category, mark, note: reason.filter(|_| mark != Mark::Clear || draft.coin) }.into()
        }
        Verb::Ask => AskQuestion { text: said() }.into(),
        Verb::AnswerQuestion => {
            let questions: Vec<QuestionId> = handoff.questions.keys().copied().collect();
            let question = questions.get(draft.at.index(questions.len().max(1))).copied();
            AnswerQuestion { question: question.unwrap_or(QuestionId(strange(draft))), text: said() }.into()
        }
        Verb::AttemptGate => AttemptGate { gate: gate(draft) }.into(),
        Verb::AskWaiver => {
            let gate = gate(draft);
            let gaps = play.judged(gate).gaps;
            let lost = draft.coin;
            let mut covers: BTreeSet<Covers> = gaps
                .iter()
                .filter(|gap| gap.waivable && gap.lost == lost)
                .map(|gap| gap.about.clone())
                .collect();
            if covers.is_empty() || draft.dice % 16 == 5 {
                covers.extend(gaps.get(draft.other.index(gaps.len().max(1))).map(|gap| gap.about.clone()));
            }
            AskWaiver { gate, covers, reason: said() }.into()
        }
        Verb::GrantWaiver => {
            let waiver = waiver(handoff, draft);
            let expires_at = if draft.coin { None } else { Some(play.later(i64::from(draft.dice) - 20)) };
            GrantWaiver { waiver, expires_at }.into()
        }
        Verb::DenyWaiver => DenyWaiver { waiver: waiver(handoff, draft), reason: said() }.into(),
        Verb::ReportStep => report(play, draft)?.into(),
        Verb::ConfirmStep => {
            let (step, number) = reported(handoff, draft);
            ConfirmStep { step, number }.into()
        }
        Verb::DisputeStep => {
            let (step, number) = reported(handoff, draft);
            DisputeStep { step, number, reason: said() }.into()
        }
        Verb::CorrectStep => {
            let (step, number) = reported(handoff, draft);
            let happened_at = draft.coin.then(|| moment(now, draft));
            let booked_for = (draft.one_in(3)).then(|| play.later(24 * 9));
            CorrectStep { step, number, reason: said(), happened_at, booked_for }.into()
        }
        Verb::TakeOver => TakeOver { by: csm(draft), reason: said() }.into(),
        Verb::Reassign => Reassign { to: csm(draft), reason: said() }.into(),
        Verb::OpenPlan => OpenPlan {}.into(),
        Verb::SetMilestone => {
            let known: Vec<MilestoneId> =
                handoff.plan.iter().flat_map(|plan| plan.milestones.keys().copied()).collect();
            let id = if draft.coin { known.get(draft.at.index(known.len().max(1))).copied() } else { None };
            let milestone = Milestone {
                title: said(),
                side: Side::Customer,
                owner: reason,
                due_on: Some(day(play, draft)),
                reached_on: (draft.one_in(5)).then(|| day(play, draft)),
            };
            SetMilestone { id, milestone }.into()
        }
        Verb::RemoveMilestone => {
            let known: Vec<MilestoneId> =
                handoff.plan.iter().flat_map(|plan| plan.milestones.keys().copied()).collect();
            let id = known.get(draft.at.index(known.len().max(1))).copied();
            RemoveMilestone { id: id.unwrap_or(MilestoneId(strange(draft))), reason }.into()
        }
        Verb::CommitPrerequisite => {
            let all: Vec<Key> = playbook.plan.prerequisites.iter().map(|one| one.id.clone()).collect();
            CommitPrerequisite { prerequisite: pick(all, draft), evidence: source(draft) }.into()
        }
        Verb::ConfirmKickoff => ConfirmKickoff {}.into(),
        Verb::ConfirmPlan => {
            let form = if draft.coin { PlanForm::Signed } else { PlanForm::Mail };
            ConfirmPlan { form, at: moment(now, draft), evidence: source(draft) }.into()
        }
        Verb::Rate => {
            let all: Vec<Key> = playbook.ratings.iter().map(|one| one.id.value.clone()).collect();
            let rating = pick(all, draft);
            let reasons = playbook.rating(&rating).map(|one| one.reasons.clone()).unwrap_or_default();
            let score = draft.dice % 7;
            let code = reasons.first().map(|code| code.id.clone()).filter(|_| score < 3 || draft.coin);
            Rate { rating, score, reason: code, comment: reason }.into()
        }
        Verb::Finish => Finish {}.into(),
    })
}

fn fill(ask: &throughline_domain::playbook::Ask, draft: &Draft) -> Command {
    let words = draft.words.clone().unwrap_or_else(|| "so".to_owned());
    let reason = Some(text("It changed"));
    match List::of(ask.kind) {
        Some(_) => {
            let body =
                if draft.one_in(8) { varied(good_item(ask, &words), draft) } else { good_item(ask, &words) };
            AddItem { body, evidence: evidence(), reason }.into()
        }
        None => GiveAnswer { ask: ask.id.value.clone(), answer: answer_for(ask, &words), reason }.into(),
    }
}

fn ask(playbook: &Playbook, draft: &Draft) -> throughline_domain::playbook::Ask {
    let count = playbook.asks().count();
    let mut found = playbook.asks().nth(draft.at.index(count)).unwrap().clone();
    if draft.dice == 99 {
        found.id.value = "no_such_ask".parse().unwrap();
    }
    found
}

fn body(draft: &Draft) -> Body {
    let lists = [
        List::Promises,
        List::Promises,
        List::Criteria,
        List::Stakeholders,
        List::Risks,
        List::Integrations,
        List::DataMoves,
    ];
    varied(body_for(lists[draft.other.index(lists.len())], draft.words.as_deref().unwrap_or("so")), draft)
}

/// The same item with something different about it.
fn varied(body: Body, draft: &Draft) -> Body {
    match body {
        Body::Promise(promise) => Body::Promise(Promise {
            kind: PromiseKind::ALL[draft.other.index(PromiseKind::ALL.len())],
            in_contract: [None, Some(true), Some(false)][usize::from(draft.dice) % 3],
            standard: [Some(true), Some(false), None][usize::from(draft.dice) % 3],
            strength: draft.coin.then_some(Strength::Soft),
            ..promise
        }),
        Body::Criterion(criterion) => Body::Criterion(Criterion {
            measure: criterion.measure.filter(|_| draft.coin),
            words: text(draft.words.as_deref().unwrap_or("so")),
            ..criterion
        }),
        Body::Stakeholder(person) => Body::Stakeholder(Stakeholder {
            parts: if draft.one_in(9) {
                vec![]
            } else {
                vec![StakeholderRole::ALL[draft.other.index(StakeholderRole::ALL.len())]]
            },
            contact: person.contact.filter(|_| draft.coin),
            ..person
        }),
        other => other,
    }
}

fn route(playbook: &Playbook, draft: &Draft) -> RouteTaken {
    let variants: Vec<_> = playbook.routes.iter().filter_map(|route| route.variant.clone()).collect();
    let version = if draft.coin { 1 } else { 2 };
    let of = PlaybookRef { name: playbook.playbook.value.clone(), version };
    RouteTaken {
        rule: None,
        playbook: (!draft.one_in(5)).then_some(of),
        variant: variants.get(draft.at.index(variants.len().max(1))).cloned(),
        csm: CsmChoice::Named,
        because: "a person chose".to_owned(),
    }
}

fn news(play: &Play, draft: &Draft) -> TakeNews {
    let mut deal = play.handoff().deal.clone();
    let hours = i64::from(draft.dice % 40) - 10;
    deal.source_time = deal.source_time.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
    deal.standing = match draft.dice % 16 {
        0..=5 => Standing::Won,
        6 => Standing::Lost,
        7 => Standing::Deleted,
        8..=10 => Standing::Open,
        _ => deal.standing,
    };
    if draft.coin {
        deal.close_on = Some(day(play, draft));
        deal.term_months = (draft.one_in(2)).then_some(u16::from(draft.dice));
        deal.se_involved = Some(draft.one_in(2));
        deal.closed_at = (draft.one_in(3)).then(|| play.now());
        deal.plan = draft.words.clone();
    }
    let seller = (draft.one_in(10)).then(|| {
        deal.owner = None;
        Seat {
            person: [DANA, EMIL, OWEN][draft.at.index(3)],
            unmapped: draft.coin,
            contributors: BTreeSet::new(),
        }
    });
    TakeNews { deal, seller, csm: (draft.one_in(11)).then(|| csm(draft)) }
}

fn report(play: &Play, draft: &Draft) -> Option<ReportStep> {
    let all: Vec<_> =
        play.playbook.steps.iter().filter(|step| step.kind.is_reported() || draft.one_in(20)).collect();
    let step = all.get(draft.at.index(all.len()))?;
    let booking = step.kind == throughline_domain::playbook::StepKind::KickoffBooked;
    let happened_at = moment(play.now(), draft);
    let form = match step.forms.get(draft.other.index(step.forms.len().max(1))) {
        Some(form) if !draft.one_in(17) => Some(form.form.value.clone()),
        _ => None,
    };
    Some(ReportStep {
        happened_at,
        ended_at: (draft.one_in(3)).then_some(happened_at),
        booked_for: (booking != (draft.one_in(19))).then(|| play.later(i64::from(draft.dice))),
        form,
        known_by: if draft.coin { KnownBy::Attested } else { KnownBy::Calendar },
        outcomes: step.outcomes.iter().take(usize::from(draft.dice) % 3).map(|one| one.id.clone()).collect(),
        note: draft.words.as_deref().map(text),
        ..play.report_of(step.id.value.as_str())
    })
}

fn reported(handoff: &Handoff, draft: &Draft) -> (Key, u32) {
    let all: Vec<(Key, u32)> = handoff
        .steps
        .iter()
        .flat_map(|(step, state)| state.reports.iter().map(|report| (step.clone(), report.number)))
        .collect();
    all.get(draft.at.index(all.len().max(1))).cloned().unwrap_or_else(|| ("kickoff".parse().unwrap(), 0))
}

fn item(handoff: &Handoff, draft: &Draft) -> ItemId {
    let promises: Vec<ItemId> = handoff.record.promises().map(|(item, _)| item.id).collect();
    let items: Vec<ItemId> = handoff.record.items.keys().copied().collect();
    let wants_promise =
        matches!(draft.verb, Verb::DecidePromise | Verb::CorrectPromise | Verb::SettlePromise);
    let all = if wants_promise && !promises.is_empty() { promises } else { items };
    all.get(draft.at.index(all.len().max(1))).copied().unwrap_or(ItemId(strange(draft)))
}

fn waiver(handoff: &Handoff, draft: &Draft) -> WaiverId {
    let all: Vec<WaiverId> = handoff.waivers.keys().copied().collect();
    all.get(draft.at.index(all.len().max(1))).copied().unwrap_or(WaiverId(strange(draft)))
}

fn strange(draft: &Draft) -> Uuid {
    Uuid::from_u128(0xdead_0000 + u128::from(draft.dice))
}

fn gate(draft: &Draft) -> Gate {
    Gate::ALL[draft.at.index(Gate::ALL.len())]
}

fn csm(draft: &Draft) -> PersonId {
    [MAYA, MAYA, NOAH, LEE][draft.other.index(4)]
}

fn pick(mut all: Vec<Key>, draft: &Draft) -> Key {
    all.push("no_such_name".parse().unwrap());
    let most = if draft.one_in(30) { all.len() } else { all.len().max(2) - 1 };
    all.swap_remove(draft.at.index(most))
}

fn source(draft: &Draft) -> Evidence {
    if draft.one_in(13) { Evidence::default() } else { evidence() }
}

/// Mostly the past, at times the future.
fn moment(now: Timestamp, draft: &Draft) -> Timestamp {
    let hours = if draft.one_in(23) { 5 } else { -i64::from(draft.dice % 72) };
    now.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap()
}

fn day(play: &Play, draft: &Draft) -> Date {
    let days = i64::from(draft.dice % 60) - 30;
    play.today().checked_add(jiff::Span::new().days(days)).unwrap()
}

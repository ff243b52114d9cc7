//! From a draft to the command it stands for.

use std::collections::BTreeSet;

use throughline_domain::{
    Key, MilestoneId, ProposalId, QuestionId, Role,
    handoff::{
        Command, Covers, EarlySign, Handoff, Mark, Milestone, Plan, PlanForm, Proof, Seat, command::*,
    },
    record::*,
};
use throughline_testkit::{Play, people::*, text};

use super::{Draft, Verb, parts::*};

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
            let answer = answer(shaped, draft);
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
            read: None,
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
        Verb::PlanMeeting => {
            let step = any_step(play, draft)?;
            let starts_at = play.later(i64::from(draft.dice) - 20);
            let minutes = draft.coin.then(|| u16::from(draft.dice));
            PlanMeeting { step, starts_at, minutes, place: reason }.into()
        }
        Verb::CallOffMeeting => CallOffMeeting { step: any_step(play, draft)?, reason }.into(),
        Verb::TakeOver => TakeOver { by: csm(draft), reason: said() }.into(),
        Verb::HandOver => HandOver { to: [EMIL, DANA][draft.at.index(2)], reason: said() }.into(),
        Verb::TakeOn => TakeOn {}.into(),
        Verb::Decline => Decline { reason: said() }.into(),
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
        Verb::RemoveMilestone => RemoveMilestone { id: milestone(handoff, draft), reason }.into(),
        Verb::CommitPrerequisite => {
            let all: Vec<Key> = playbook.plan.prerequisites.iter().map(|one| one.id.clone()).collect();
            CommitPrerequisite { prerequisite: pick(all, draft), evidence: source(draft) }.into()
        }
        Verb::ConfirmKickoff => ConfirmKickoff {}.into(),
        Verb::ConfirmPlan => {
            let form = if draft.coin { PlanForm::Signed } else { PlanForm::Mail };
            ConfirmPlan { form, at: moment(now, draft), evidence: source(draft) }.into()
        }
        Verb::ProposeMilestone => {
            let of = draft.coin.then(|| milestone(handoff, draft));
            let milestone = Milestone {
                title: said(),
                side: if draft.one_in(3) { Side::Us } else { Side::Customer },
                owner: reason,
                due_on: Some(day(play, draft)),
                reached_on: (draft.one_in(9)).then(|| day(play, draft)),
            };
            ProposeMilestone { of, milestone }.into()
        }
        Verb::AnswerProposal => {
            let known: Vec<ProposalId> =
                handoff.plan.iter().flat_map(|plan| plan.proposals.keys().copied()).collect();
            let proposal = known.get(draft.at.index(known.len().max(1))).copied();
            let proposal = proposal.unwrap_or(ProposalId(strange(draft)));
            AnswerProposal { proposal, accept: draft.coin, reason }.into()
        }
        Verb::OwnMilestone => OwnMilestone { id: milestone(handoff, draft), owner: reason }.into(),
        Verb::CompleteMilestone => {
            let on = (!draft.one_in(5)).then(|| day(play, draft));
            CompleteMilestone { id: milestone(handoff, draft), on }.into()
        }
        Verb::CommentPlan => {
            let milestone = draft.coin.then(|| milestone(handoff, draft));
            CommentPlan { milestone, text: said() }.into()
        }
        Verb::SignPlan => {
            let imprint = handoff.plan.as_ref().map(Plan::imprint).unwrap_or_default();
            let imprint = if draft.one_in(5) { "0".repeat(64) } else { imprint };
            let at = if draft.coin { now } else { moment(now, draft) };
            let proof = Proof::MailedCode { mailbox: text("ines@customer.example"), at };
            SignPlan { name: said(), imprint, consent: "a1".repeat(32), proof, company: None }.into()
        }
        Verb::Rate => {
            let all: Vec<Key> = playbook.ratings.iter().map(|one| one.id.value.clone()).collect();
            let rating = pick(all, draft);
            let reasons = playbook.rating(&rating).map(|one| one.reasons.clone()).unwrap_or_default();
            let score = draft.dice % 7;
            let code = reasons.first().map(|code| code.id.clone()).filter(|_| score < 3 || draft.coin);
            Rate { rating, score, reason: code, comment: reason }.into()
        }
        Verb::NoteSign => {
            let sign = EarlySign::ALL[draft.other.index(EarlySign::ALL.len())];
            NoteSign { sign, note: reason }.into()
        }
        Verb::TakeBackSign => TakeBackSign { number: u32::from(draft.dice % 4), reason }.into(),
        Verb::Finish => Finish {}.into(),
    })
}

/// A milestone there is, or a strange one.
fn milestone(handoff: &Handoff, draft: &Draft) -> MilestoneId {
    let known: Vec<MilestoneId> =
        handoff.plan.iter().flat_map(|plan| plan.milestones.keys().copied()).collect();
    known.get(draft.at.index(known.len().max(1))).copied().unwrap_or(MilestoneId(strange(draft)))
}

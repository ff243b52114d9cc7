//! What the customer does themselves, and how it is answered: proposals, comments, own milestones, the signature (R4.2).

use jiff::{SignedDuration, civil::Date};

use super::{plan::MOST_MILESTONES, *};
use crate::record::{Evidence, Side, Source};

/// Most proposals a plan holds, answered or not.
const MOST_PROPOSALS: usize = 300;
/// Most that wait for an answer.
const MOST_OPEN_PROPOSALS: usize = 50;
/// Most comments a plan holds.
const MOST_COMMENTS: usize = 500;
/// Most of them that are the customer's: the rest is kept for who works on the plan with them.
const MOST_COMMENTS_OF_THEIRS: usize = 400;
/// Most comments, and most proposals, of one person at the customer within an hour.
const MOST_AN_HOUR: usize = 60;
/// The longest comment, in characters.
const LONGEST_COMMENT: usize = 2_000;
/// The longest title of a milestone that is proposed, in characters.
const LONGEST_TITLE: usize = 500;
/// The longest name, under a plan and of an owner, in characters.
const LONGEST_NAME: usize = 200;
/// How old the proof of who signs may be.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// The customer asks only for what the table gives them, and only the customer speaks through the portal: what is
/// attested is never taken for their own word.
pub(super) fn speaks_for_itself(context: &Context<'_>, command: &Command) -> Result<(), Refusal> {
    let customer = context.actor.is_customer();
    if customer && access::customer_right(command.verb()).is_none() {
        return Err(Refusal::NotYours("this is not for the customer to do"));
    }
    match said_in(command).map(|evidence| evidence.source == Some(Source::Portal)) {
        Some(false) if customer => {
            Err(invalid("evidence.source", "is the portal, where the customer says so themselves"))
        }
        Some(true) if !customer => {
            Err(invalid("evidence.source", "is the portal only where the customer says so themselves"))
        }
        _ => Ok(()),
    }
}

impl Desk<'_> {
    pub(super) fn propose_milestone(&self, body: ProposeMilestone) -> Decided {
        let ProposeMilestone { of, milestone } = body;
        let plan = self.plan()?;
        if !self.context.actor.is_customer() {
            return Err(Refusal::NotYours("proposals are the customer's; set the milestone instead"));
        }
        if milestone.reached_on.is_some() {
            return Err(invalid("milestone.reached_on", "is not proposed; complete the milestone instead"));
        }
        no_longer_than("milestone.title", &milestone.title, LONGEST_TITLE)?;
        if let Some(owner) = &milestone.owner {
            no_longer_than("milestone.owner", owner, LONGEST_NAME)?;
        }
        let mut base = None;
        if let Some(id) = of {
            let held = plan.milestones.get(&id).ok_or_else(|| unknown("milestone", id))?;
            let stands = Milestone { reached_on: None, ..held.clone() };
            if stands == milestone {
                return Ok(Outcome::AlreadySo);
            }
            base = Some(stands);
        }
        let actor = self.context.actor;
        if plan.open_proposals().any(|(_, one)| one.of == of && one.milestone == milestone && one.by == actor)
        {
            return Ok(Outcome::AlreadySo);
        }
        if plan.open_proposals().count() >= MOST_OPEN_PROPOSALS || plan.proposals.len() >= MOST_PROPOSALS {
            return Err(invalid(
                "milestone",
                format!("{MOST_OPEN_PROPOSALS} proposals at once, and {MOST_PROPOSALS} in all, are the most"),
            ));
        }
        let theirs = plan.proposals.values().filter(|one| one.by == actor).map(|one| one.at);
        self.not_too_often("milestone", theirs)?;
        let proposal = ProposalId((self.context.fresh)());
        happened(vec![Fact::MilestoneProposed { proposal, of, milestone, base }])
    }

    pub(super) fn answer_proposal(&self, body: AnswerProposal) -> Decided {
        let AnswerProposal { proposal, accept, reason } = body;
        let plan = self.plan()?;
        let held = plan.proposals.get(&proposal).ok_or_else(|| unknown("proposal", proposal))?;
        match &held.answer {
            Some(answer) if answer.accepted == accept && answer.reason == reason => {
                return Ok(Outcome::AlreadySo);
            }
            Some(_) => return Err(self.out_of_turn("the proposal is answered; change the plan instead")),
            None if !accept && reason.is_none() => {
                return Err(invalid("reason", "tell the customer why it is declined"));
            }
            None => {}
        }
        let answered = Fact::ProposalAnswered { proposal, accepted: accept, reason };
        if !accept {
            return happened(vec![answered]);
        }
        let (id, milestone) = match held.of {
            Some(id) => {
                let now = plan.milestones.get(&id).ok_or_else(|| {
                    self.out_of_turn("the milestone it would change is gone; decline it and say so")
                })?;
                (id, self.merged(held, now)?)
            }
            None if plan.milestones.len() >= MOST_MILESTONES => {
                return Err(invalid(
                    "proposal",
                    format!("a plan holds at most {MOST_MILESTONES} milestones"),
                ));
            }
            None => (MilestoneId((self.context.fresh)()), held.milestone.clone()),
        };
        happened(vec![answered, Fact::MilestoneSet { id, milestone }])
    }

    /// A milestone with what a proposal changes of it, and nothing else of what became of it meanwhile.
    fn merged(&self, proposal: &Proposal, now: &Milestone) -> Result<Milestone, Refusal> {
        let wanted = &proposal.milestone;
        // What was proposed before the shape it was made on was kept is taken as a whole.
        let Some(base) = &proposal.base else {
            return Ok(Milestone { reached_on: now.reached_on, ..wanted.clone() });
        };
        let moved = || self.out_of_turn("what it would change was changed since; decline it and say so");
        Ok(Milestone {
            title: taken(&base.title, &now.title, &wanted.title).ok_or_else(moved)?,
            side: taken(&base.side, &now.side, &wanted.side).ok_or_else(moved)?,
            owner: taken(&base.owner, &now.owner, &wanted.owner).ok_or_else(moved)?,
            due_on: taken(&base.due_on, &now.due_on, &wanted.due_on).ok_or_else(moved)?,
            reached_on: now.reached_on,
        })
    }

    /// That one person at the customer has not done as much within an hour as one may.
    fn not_too_often(
        &self,
        field: &'static str,
        theirs: impl Iterator<Item = Timestamp>,
    ) -> Result<(), Refusal> {
        let lately = theirs.filter(|at| self.context.now.duration_since(*at) < SignedDuration::from_hours(1));
        if lately.count() < MOST_AN_HOUR {
            return Ok(());
        }
        Err(invalid(field, format!("{MOST_AN_HOUR} within an hour are the most; go on a little later")))
    }

    pub(super) fn own_milestone(&self, body: OwnMilestone) -> Decided {
        let OwnMilestone { id, owner } = body;
        if let Some(owner) = owner.as_ref().filter(|_| self.context.actor.is_customer()) {
            no_longer_than("owner", owner, LONGEST_NAME)?;
        }
        self.with_milestone(id, |held| Milestone { owner, ..held.clone() })
    }

    pub(super) fn complete_milestone(&self, body: CompleteMilestone) -> Decided {
        let CompleteMilestone { id, on } = body;
        if on.is_some_and(|on| on > self.today()) {
            return Err(invalid("on", "lies in the future"));
        }
        self.with_milestone(id, |held| Milestone { reached_on: on, ..held.clone() })
    }

    fn with_milestone(&self, id: MilestoneId, change: impl FnOnce(&Milestone) -> Milestone) -> Decided {
        let held = self.plan()?.milestones.get(&id).ok_or_else(|| unknown("milestone", id))?;
        if self.context.actor.is_customer() && held.side != Side::Customer {
            return Err(Refusal::NotYours("this milestone is not on the customer's side; comment on it"));
        }
        let milestone = change(held);
        happened(if milestone == *held { Vec::new() } else { vec![Fact::MilestoneSet { id, milestone }] })
    }

    pub(super) fn comment_plan(&self, body: CommentPlan) -> Decided {
        let CommentPlan { milestone, text } = body;
        let plan = self.plan()?;
        if let Some(id) = milestone.filter(|id| !plan.milestones.contains_key(id)) {
            return Err(unknown("milestone", id));
        }
        let last = plan.comments.last();
        if last.is_some_and(|last| {
            last.by == self.context.actor && last.milestone == milestone && last.text == text
        }) {
            return Ok(Outcome::AlreadySo);
        }
        no_longer_than("text", &text, LONGEST_COMMENT)?;
        if plan.comments.len() >= MOST_COMMENTS {
            return Err(invalid("text", format!("a plan holds at most {MOST_COMMENTS} comments")));
        }
        if self.context.actor.is_customer() {
            if plan.comments.iter().filter(|one| one.by.is_customer()).count() >= MOST_COMMENTS_OF_THEIRS {
                let most = format!("a plan holds at most {MOST_COMMENTS_OF_THEIRS} comments of the customer");
                return Err(invalid("text", most));
            }
            let theirs = plan.comments.iter().filter(|one| one.by == self.context.actor).map(|one| one.at);
            self.not_too_often("text", theirs)?;
        }
        happened(vec![Fact::PlanCommented { milestone, text }])
    }

    pub(super) fn sign_plan(&self, body: SignPlan) -> Decided {
        let SignPlan { name, imprint, consent, proof, company } = body;
        let plan = self.plan()?;
        if !self.context.actor.is_customer() {
            return Err(Refusal::NotYours("only the customer signs; record a confirmation instead"));
        }
        if plan.milestones.is_empty() {
            return Err(self.out_of_turn("an empty plan cannot be signed; propose a milestone"));
        }
        no_longer_than("name", &name, LONGEST_NAME)?;
        if company.as_ref().is_some_and(|company| company.chars().count() > LONGEST_NAME) {
            return Err(invalid("company", format!("is at most {LONGEST_NAME} characters long")));
        }
        if consent.len() != 64 || !consent.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(invalid("consent", "is the SHA-256 of what was agreed to, in hexadecimal"));
        }
        let Proof::MailedCode { at, .. } = &proof;
        self.not_in_future("proof.at", *at)?;
        if self.context.now.duration_since(*at) > FRESH {
            return Err(invalid("proof.at", "is not fresh; ask for another code"));
        }
        if plan.imprint() != imprint {
            return Err(
                self.out_of_turn("the plan has changed since it was read; read it again and sign that")
            );
        }
        let actor = self.context.actor;
        let stands = plan.confirmed.as_ref().is_some_and(|held| held.form == PlanForm::Signed);
        let same = |one: &Signature| one.by == actor && one.imprint == imprint && one.name == name;
        if stands && plan.signatures.iter().any(same) {
            return Ok(Outcome::AlreadySo);
        }
        let evidence = Evidence {
            source: Some(Source::Portal),
            speaker: Some(name.clone()),
            on: Some(self.today()),
            ..Evidence::default()
        };
        happened(vec![
            Fact::PlanSigned { name, imprint, consent, proof, company },
            Fact::PlanConfirmed { form: PlanForm::Signed, at: self.context.now, evidence },
        ])
    }

    fn today(&self) -> Date {
        self.context.calendars.house().local_date(self.context.now)
    }
}

/// What a field is once a proposal made on `base` is accepted; none where both sides changed it, each to something else.
fn taken<T: Clone + PartialEq>(base: &T, now: &T, wanted: &T) -> Option<T> {
    if wanted == base { Some(now.clone()) } else { (now == base || now == wanted).then(|| wanted.clone()) }
}

pub(super) fn no_longer_than(field: &'static str, text: &Personal, most: usize) -> Result<(), Refusal> {
    let length = text.as_str().chars().count();
    if length > most {
        return Err(invalid(field, format!("is {length} characters long; at most {most} are kept")));
    }
    Ok(())
}

/// Where a command says something was said. What carries over from an earlier deal is no claim of its own.
fn said_in(command: &Command) -> Option<&Evidence> {
    match command {
        Command::AddItem(AddItem { evidence, .. })
        | Command::ChangeItem(ChangeItem { evidence, .. })
        | Command::CorrectPromise(CorrectPromise { evidence, .. })
        | Command::ConfirmCriterion(ConfirmCriterion { evidence, .. })
        | Command::CommitPrerequisite(CommitPrerequisite { evidence, .. })
        | Command::ConfirmPlan(ConfirmPlan { evidence, .. })
        | Command::GiveAnswer(GiveAnswer { answer: crate::record::Answer::Words { evidence, .. }, .. }) => {
            Some(evidence)
        }
        _ => None,
    }
}

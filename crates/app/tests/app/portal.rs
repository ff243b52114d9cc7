//! The customer comes in by mail alone, reaches their own account alone, and does only what is theirs to do.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use throughline_app::{
    App, AppError, Caller,
    erase::Forget,
    portal::{CodeOf, Entered, NewPortalPerson, PortalAct, PortalNeed, SignForm, Visitor, verify_sealed},
    sources::ServerKey,
    sweep::Outgoing,
};
use throughline_domain::{
    AccountId, HandoffId, MilestoneId, PersonId, Role,
    access::Action,
    handoff::{Handoff, Milestone, PlanForm, Refusal, command},
    record::{Body, List, Side, Source},
};
use throughline_messages::{Mail, Mailbox, Post, PostError};
use throughline_store::PortalPerson;
use throughline_testkit::{body_for, evidence, text};

use crate::company::{Company, deal, secret_in, staffed};

const INES: &str = "ines@customer.example";
const JON: &str = "jon@customer.example";
/// What two browsers hold.
const HERS: &str = "what Ines's browser holds";
const OTHER: &str = "what another browser holds";

/// Takes every mail.
#[derive(Debug, Default)]
struct Out(Mutex<Vec<Mail>>);

#[async_trait]
impl Post for Out {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        self.0.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

struct Office {
    company: Company,
    out: Arc<Out>,
    maya: PersonId,
    dana: PersonId,
    id: HandoffId,
    account: AccountId,
}

/// A company that mails, with a deal of Dana's that Maya has accepted, and its plan.
async fn office() -> Office {
    let company = staffed().await;
    // The plan is to be opened without all that comes before it.
    let (_, shipped) =
        throughline_domain::playbook::shipped::shipped().iter().find(|(name, _)| *name == "default").unwrap();
    let (before, gates) = shipped.split_once("  - gate: handoff").unwrap();
    let (_, after) = gates.split_once("  - gate: kickoff").unwrap();
    let open = format!("{before}  - gate: kickoff{after}");
    company.app.publish_playbook(&company.system(), &open).await.unwrap();
    let dana = company.join("dana", &[Role::Ae], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let out = Arc::new(Out::default());
    let from = Mailbox::new("Throughline", "handoffs@acme.example".parse().unwrap());
    let public_url = "https://handoffs.example".to_owned();
    let app = company.app.clone().with_mail(Outgoing { post: out.clone(), from, public_url });
    let app = app.with_key(ServerKey::read(&[b'k'; 32]).unwrap());
    let company = Company { app, ..company };
    let (id, account) = handed_over(&company, "1", maya).await;
    Office { company, out, maya, dana, id, account }
}

/// A deal of its own customer, that Maya has accepted, with its plan open.
async fn handed_over(company: &Company, number: &str, maya: PersonId) -> (HandoffId, AccountId) {
    let handoff = company.opened(deal(number, Some("dana"))).await;
    let (system, csm) = (company.system(), company.caller(maya).await);
    let criterion = body_for(List::Criteria, "Close the month in three days");
    let adds = command::AddItem { body: criterion, evidence: evidence(), reason: None };
    does(company, &system, handoff.id, adds).await;
    does(company, &system, handoff.id, command::Offer { to: maya }).await;
    does(company, &csm, handoff.id, command::Accept {}).await;
    does(company, &csm, handoff.id, command::OpenPlan {}).await;
    (handoff.id, handoff.account)
}

async fn does(
    company: &Company,
    caller: &Caller,
    id: HandoffId,
    command: impl Into<throughline_domain::handoff::Command>,
) -> Handoff {
    let handled = company.app.handle(caller, id, command, Default::default()).await;
    handled.unwrap().passed().unwrap().handoff
}

fn new(email: &str, may_sign: bool) -> NewPortalPerson {
    NewPortalPerson { name: "Ines Calloway".to_owned(), email: email.to_owned(), may_sign }
}

/// The same answer as for what was never there.
fn not_there<T: std::fmt::Debug>(answer: Result<T, AppError>) {
    assert!(matches!(answer, Err(AppError::NotFound(_))), "{answer:?}");
}

fn out<T: std::fmt::Debug>(answer: Result<T, AppError>) {
    assert!(matches!(answer, Err(AppError::NotSignedIn)), "{answer:?}");
}

impl Office {
    fn app(&self) -> &App {
        &self.company.app
    }

    async fn csm(&self) -> Caller {
        self.company.caller(self.maya).await
    }

    async fn grants(&self, email: &str, may_sign: bool) -> PortalPerson {
        self.app().grant_portal(&self.csm().await, self.account, new(email, may_sign)).await.unwrap()
    }

    /// The mails to somebody, oldest first, once everything has left that can.
    async fn mails_to(&self, address: &str) -> Vec<Mail> {
        while self.app().sweep_parcels().await.unwrap().taken > 0 {}
        let all = self.out.0.lock().unwrap();
        all.iter().filter(|mail| mail.to.address.as_str() == address).cloned().collect()
    }

    /// The secret of the link somebody asked for and was mailed.
    async fn link(&self, address: &str, browser: &str) -> String {
        self.app().ask_portal_link(address, None, browser).await.unwrap();
        link_in(self.mails_to(address).await.last().unwrap())
    }

    /// The digits that were mailed to somebody last.
    async fn digits(&self, address: &str) -> String {
        digits_in(self.mails_to(address).await.last().unwrap())
    }

    /// Somebody comes in with the browser they asked in.
    async fn enters(&self, address: &str) -> String {
        let link = self.link(address, HERS).await;
        let Entered::In(session) = self.app().enter_portal(&link, HERS).await.unwrap() else {
            unreachable!()
        };
        session
    }

    async fn visitor(&self, address: &str) -> Visitor {
        self.app().portal_visitor(&self.enters(address).await).await.unwrap()
    }

    async fn handoff(&self) -> Handoff {
        self.app().load(self.company.org, self.id).await.unwrap().handoff
    }

    /// A link opened in a browser that did not ask for it.
    async fn needs_code(&self, link: &str) -> CodeOf {
        let Entered::NeedsCode(of) = self.app().enter_portal(link, OTHER).await.unwrap() else {
            unreachable!()
        };
        of
    }

    fn later(&self, minutes: i64) {
        self.company.clock.advance(SignedDuration::from_mins(minutes));
    }
}

fn link_in(mail: &Mail) -> String {
    secret_in(mail.text.split_whitespace().find(|word| word.contains("key=")).unwrap()).to_owned()
}

fn digits_in(mail: &Mail) -> String {
    let digits = |word: &&str| word.len() == 6 && word.chars().all(|c| c.is_ascii_digit());
    mail.text.split_whitespace().find(digits).unwrap().to_owned()
}

#[tokio::test]
async fn whoever_works_on_the_plan_lets_people_of_the_account_in_and_nobody_else_does() {
    let office = office().await;
    let (app, account) = (office.app(), office.account);
    let ines = office.grants("Ines@Customer.example ", true).await;
    assert_eq!((ines.email.as_str(), ines.account, ines.may_sign), (INES, account, true));
    let invitation = office.mails_to(INES).await.remove(0);
    assert!(invitation.text.contains(&format!("/portal?at={account}")), "{}", invitation.text);
    assert!(!invitation.text.contains("key="), "an invitation holds no secret");

    // Again it changes what they may, and mails nothing.
    assert_eq!(office.grants(INES, false).await, PortalPerson { may_sign: false, ..ines.clone() });
    assert_eq!(office.mails_to(INES).await.len(), 1);
    assert_eq!(app.portal_people(&office.csm().await, account).await.unwrap().len(), 1);

    let dana = office.company.caller(office.dana).await;
    let noah = office.company.join("noah", &[Role::Csm], None).await;
    let noah = office.company.caller(noah).await;
    assert!(matches!(
        app.grant_portal(&dana, account, new(JON, true)).await,
        Err(AppError::Forbidden(Action::Plan))
    ));
    not_there(app.grant_portal(&noah, account, new(JON, true)).await);
    not_there(app.portal_people(&noah, account).await);
    not_there(app.revoke_portal(&noah, account, ines.id).await);
    let (_, elsewhere) = handed_over(&office.company, "2", office.maya).await;
    not_there(app.revoke_portal(&office.csm().await, elsewhere, ines.id).await);
    for bad in ["", "ines", "ines@customer", "a b@customer.example"] {
        let refused = app.grant_portal(&office.csm().await, account, new(bad, false)).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{bad}: {refused:?}");
    }
}

#[tokio::test]
async fn a_link_opens_the_portal_once_in_the_browser_that_asked() {
    let office = office().await;
    office.grants(INES, false).await;
    let link = office.link(INES, HERS).await;
    // However often it is looked at, nothing is used up.
    for _ in 0..3 {
        assert!(office.app().portal_link(&link, Some(HERS)).await.unwrap().same_browser);
        let shown = office.app().portal_link(&link, None).await.unwrap();
        assert_eq!((shown.same_browser, shown.company.as_str()), (false, "Acme"));
    }
    let Entered::In(session) = office.app().enter_portal(&link, HERS).await.unwrap() else { panic!() };
    let visitor = office.app().portal_visitor(&session).await.unwrap();
    assert_eq!(visitor.person.email, INES);

    not_there(office.app().enter_portal(&link, HERS).await);
    not_there(office.app().enter_portal(&link, OTHER).await);
    not_there(office.app().portal_link(&link, Some(HERS)).await);
    office.app().leave_portal(&visitor).await.unwrap();
    out(office.app().portal_visitor(&session).await);
}

#[tokio::test]
async fn a_forged_or_an_old_link_opens_nothing() {
    let office = office().await;
    office.grants(INES, false).await;
    let link = office.link(INES, HERS).await;
    for forged in ["", "x", &link[1..], &link.to_uppercase(), &"x".repeat(10_000)] {
        not_there(office.app().portal_link(forged, Some(HERS)).await);
        not_there(office.app().enter_portal(forged, HERS).await);
    }
    office.later(9);
    office.app().portal_link(&link, Some(HERS)).await.unwrap();
    office.later(1);
    not_there(office.app().portal_link(&link, Some(HERS)).await);
    not_there(office.app().enter_portal(&link, HERS).await);
}

#[tokio::test]
async fn a_link_that_was_passed_on_lets_nobody_in_without_the_code_mailed_to_its_owner() {
    let office = office().await;
    office.grants(INES, false).await;
    let link = office.link(INES, HERS).await;
    let of = office.needs_code(&link).await;
    // The link is used up, and the code is nobody's who does not read her mail.
    not_there(office.app().enter_portal(&link, HERS).await);
    let digits = office.digits(INES).await;
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    let tried = office.app().enter_portal_by_code(of, wrong, OTHER).await;
    assert!(matches!(tried, Err(AppError::Invalid { .. })), "{tried:?}");
    not_there(office.app().enter_portal_by_code(of, &digits, "a third browser").await);
    let spaced = format!(" {} {} ", &digits[..3], &digits[3..]);
    let session = office.app().enter_portal_by_code(of, &spaced, OTHER).await.unwrap();
    assert_eq!(office.app().portal_visitor(&session).await.unwrap().person.email, INES);
    not_there(office.app().enter_portal_by_code(of, &digits, OTHER).await);
}

#[tokio::test]
async fn a_code_is_over_after_five_tries_and_after_ten_minutes() {
    let office = office().await;
    office.grants(INES, false).await;
    let of = office.needs_code(&office.link(INES, HERS).await).await;
    let digits = office.digits(INES).await;
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let tried = office.app().enter_portal_by_code(of, wrong, OTHER).await;
        assert!(matches!(tried, Err(AppError::Invalid { .. })), "{tried:?}");
    }
    not_there(office.app().enter_portal_by_code(of, &digits, OTHER).await);

    let of = office.needs_code(&office.link(INES, HERS).await).await;
    let digits = office.digits(INES).await;
    office.later(10);
    not_there(office.app().enter_portal_by_code(of, &digits, OTHER).await);
}

#[tokio::test]
async fn of_an_address_nobody_learns_anything_and_nobody_is_mailed_more_than_five_links_an_hour() {
    let office = office().await;
    office.grants(INES, false).await;
    office.app().ask_portal_link("nobody@customer.example", None, HERS).await.unwrap();
    let elsewhere = handed_over(&office.company, "2", office.maya).await.1;
    office.app().ask_portal_link(INES, Some(elsewhere), HERS).await.unwrap();
    let invited = office.mails_to(INES).await.len();
    for _ in 0..9 {
        office.app().ask_portal_link(INES, Some(office.account), HERS).await.unwrap();
    }
    assert_eq!(office.mails_to(INES).await.len(), invited + 5);
    assert_eq!(office.mails_to("nobody@customer.example").await.len(), 0);
    office.later(61);
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    assert_eq!(office.mails_to(INES).await.len(), invited + 6);
}

#[tokio::test]
async fn nothing_that_opens_the_portal_is_kept() {
    let office = office().await;
    office.grants(INES, true).await;
    let link = office.link(INES, HERS).await;
    let of = office.needs_code(&link).await;
    let digits = office.digits(INES).await;
    let session = office.app().enter_portal_by_code(of, &digits, OTHER).await.unwrap();
    let (store, org) = (office.app().store(), office.company.org);
    let kept = format!(
        "{:?} {:?} {:?}",
        store.audit(org, None, 100).await.unwrap(),
        store.parcels(org, office.id, None, 100).await.unwrap(),
        store.portal_key(org, of.key).await.unwrap(),
    );
    assert!(!kept.contains(&link) && !kept.contains(&session) && !kept.contains(HERS), "{kept}");
    let audit = format!("{:?}", store.audit(org, None, 100).await.unwrap());
    assert!(audit.contains("enter-portal") && !audit.contains(INES), "{audit}");
}

#[tokio::test]
async fn who_is_revoked_is_out_at_once_and_what_was_asked_for_them_does_not_leave() {
    let office = office().await;
    let ines = office.grants(INES, true).await;
    let session = office.enters(INES).await;
    let link = office.link(INES, HERS).await;
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    let before = office.out.0.lock().unwrap().len();
    let csm = office.csm().await;
    let revoked = office.app().revoke_portal(&csm, office.account, ines.id).await.unwrap();
    assert!(revoked.revoked_at.is_some());
    out(office.app().portal_visitor(&session).await);
    not_there(office.app().enter_portal(&link, HERS).await);
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    office.mails_to(INES).await;
    assert_eq!(office.out.0.lock().unwrap().len(), before, "the waiting link is given up");

    // Let in again they are the same person, and need another link.
    office.later(60);
    let again = office.grants(INES, false).await;
    assert_eq!((again.id, again.may_sign, again.revoked_at), (ines.id, false, None));
    out(office.app().portal_visitor(&session).await);
    office.enters(INES).await;
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_without_use() {
    let office = office().await;
    office.grants(INES, false).await;
    let session = office.enters(INES).await;
    office.later(8 * 60);
    office.app().portal_visitor(&session).await.unwrap();
    office.later(8 * 60 + 1);
    out(office.app().portal_visitor(&session).await);
    let staff =
        office.company.app.sign_in("maya@acme.example", crate::company::PASSWORD.to_owned(), "").await;
    let (_, _, theirs) = staff.unwrap();
    out(office.app().portal_visitor(&theirs).await);
    assert!(matches!(office.app().session_caller(&session).await, Err(AppError::NotSignedIn)));
}

#[tokio::test]
async fn the_same_person_at_two_accounts_is_two_and_neither_reaches_the_other() {
    let office = office().await;
    let (second, elsewhere) = handed_over(&office.company, "2", office.maya).await;
    office.grants(INES, true).await;
    office.app().grant_portal(&office.csm().await, elsewhere, new(INES, false)).await.unwrap();
    let invited = office.mails_to(INES).await.len();
    office.app().ask_portal_link(INES, None, HERS).await.unwrap();
    let links: Vec<_> = office.mails_to(INES).await[invited..].iter().map(link_in).collect();
    assert_eq!(links.len(), 2, "one for each account");
    for link in links {
        let Entered::In(session) = office.app().enter_portal(&link, HERS).await.unwrap() else { panic!() };
        let visitor = office.app().portal_visitor(&session).await.unwrap();
        let first = visitor.person.account == office.account;
        let (mine, other) = if first { (office.id, second) } else { (second, office.id) };
        let listed = office.app().portal_handoffs(&visitor).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [mine]);
        assert_eq!(office.app().portal_view(&visitor, mine).await.unwrap().id, mine);
        not_there(office.app().portal_view(&visitor, other).await);
        let comment = command::CommentPlan { milestone: None, text: text("Hello") };
        not_there(office.app().portal_act(&visitor, other, PortalAct::Comment(comment)).await.map(|_| ()));
        not_there(office.app().ask_signing_code(&visitor, other).await);
        let unknown = HandoffId(office.app().fresh_id());
        not_there(office.app().portal_view(&visitor, unknown).await);
        assert_eq!(office.app().ask_signing_code(&visitor, mine).await.is_ok(), first, "a right per account");
    }
}

#[tokio::test]
async fn what_is_only_being_sold_to_them_is_not_theirs_to_see() {
    let office = office().await;
    office.grants(INES, false).await;
    let visitor = office.visitor(INES).await;
    let mut upsell = deal("9", Some("dana"));
    upsell.account = "Customer 1".to_owned();
    let options = throughline_app::deals::DealOptions { open_now: true, ..Default::default() };
    let system = office.company.system();
    let put = office.app().put_deal(&system, upsell, options).await.unwrap();
    let id = put.handoff.unwrap();
    let sold = office.app().load(office.company.org, id).await.unwrap().handoff;
    assert_eq!(sold.account, office.account, "of the same customer");
    not_there(office.app().portal_view(&visitor, id).await);
    assert_eq!(office.app().portal_handoffs(&visitor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_customer_answers_for_their_goals_and_the_plan_and_the_csm_hears_of_it() {
    let office = office().await;
    office.grants(INES, false).await;
    let visitor = office.visitor(INES).await;
    let view = office.app().portal_view(&visitor, office.id).await.unwrap();
    assert_eq!((view.answerable.name.as_str(), view.company.as_str()), ("dana", "Acme"));
    let criterion = view.criteria[0].item;
    assert!(view.needs.contains(&PortalNeed::Criterion { item: criterion }));
    assert!(!view.needs.contains(&PortalNeed::Signature), "who may not sign is not asked to");
    let plan = view.plan.unwrap();
    let theirs = plan.milestones.iter().find(|one| one.side == Side::Customer).unwrap().id;
    let does = async |act| office.app().portal_act(&visitor, office.id, act).await;

    let words = Some(text("Close the month in two days"));
    does(PortalAct::Criterion { item: criterion, words }).await.unwrap();
    let prerequisite = plan.prerequisites[0].id.clone();
    does(PortalAct::Commit { prerequisite: prerequisite.clone() }).await.unwrap();
    let owner = Some(text("Jon Park"));
    does(PortalAct::Own(command::OwnMilestone { id: theirs, owner })).await.unwrap();
    does(PortalAct::Comment(command::CommentPlan { milestone: Some(theirs), text: text("From May") }))
        .await
        .unwrap();
    let milestone = Milestone {
        title: text("Finance trained"),
        side: Side::Us,
        owner: None,
        due_on: None,
        reached_on: None,
    };
    does(PortalAct::Propose(command::ProposeMilestone { of: None, milestone })).await.unwrap();
    does(PortalAct::Complete(command::CompleteMilestone { id: theirs, on: None })).await.unwrap();

    let view = office.app().portal_view(&visitor, office.id).await.unwrap();
    assert_eq!(view.criteria[0].words, "Close the month in two days");
    assert!(!view.needs.contains(&PortalNeed::Criterion { item: criterion }));
    assert!(!view.needs.contains(&PortalNeed::Prerequisite { prerequisite: prerequisite.clone() }));
    let plan = view.plan.unwrap();
    let comment = &plan.milestones.iter().find(|one| one.id == theirs).unwrap().comments[0];
    assert_eq!((comment.by.as_deref(), comment.ours), (Some("Ines Calloway"), true));
    assert_eq!((plan.proposals[0].title.as_str(), plan.proposals[0].accepted), ("Finance trained", None));

    let handoff = office.handoff().await;
    let committed = &handoff.plan.as_ref().unwrap().prerequisites[&prerequisite];
    assert_eq!(committed.evidence.source, Some(Source::Portal));
    assert!(committed.by.is_customer());
    let Body::Criterion(criterion) = &handoff.record.items[&criterion].body else { panic!() };
    assert!(!criterion.confirmation.as_ref().unwrap().still_accurate);

    let answerable = handoff.answerable();
    office.company.sweeps().await;
    let letters = office.app().store().letters(office.company.org, Some(answerable), None, 50).await.unwrap();
    let told = letters.iter().filter(|letter| letter.subject.contains("the customer proposed"));
    assert_eq!(told.count(), 1, "{letters:?}");
}

#[tokio::test]
async fn whoever_proposed_is_mailed_once_when_it_is_answered_and_nothing_of_it_is_in_the_mail() {
    let office = office().await;
    let ines = office.grants(INES, false).await;
    let visitor = office.visitor(INES).await;
    let propose = async |title: &str| {
        let milestone =
            Milestone { title: text(title), side: Side::Us, owner: None, due_on: None, reached_on: None };
        let act = PortalAct::Propose(command::ProposeMilestone { of: None, milestone });
        let handled = office.app().portal_act(&visitor, office.id, act).await.unwrap();
        *handled.loaded.handoff.plan.unwrap().open_proposals().last().unwrap().0
    };
    let csm = office.csm().await;
    let answers = async |proposal, accept: bool| {
        let reason = (!accept).then(|| text("Berlin is closed in May"));
        let answer = command::AnswerProposal { proposal, accept, reason };
        does(&office.company, &csm, office.id, answer).await;
        office.company.sweeps().await;
    };
    let before = office.mails_to(INES).await.len();
    answers(propose("Finance trained").await, true).await;
    answers(propose("Berlin in May").await, false).await;
    let mails = office.mails_to(INES).await.split_off(before);
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert!(
        mails[0].subject.as_str().contains("your proposal is in the plan"),
        "{}",
        mails[0].subject.as_str()
    );
    for mail in &mails {
        assert!(mail.text.contains(&format!("/portal?at={}", office.account)), "{}", mail.text);
        assert!(!mail.text.contains("key=") && !mail.text.contains("Berlin"), "{}", mail.text);
    }
    // Who is not let in any more hears nothing.
    let proposal = propose("Paris in June").await;
    office.app().revoke_portal(&csm, office.account, ines.id).await.unwrap();
    answers(proposal, true).await;
    assert_eq!(office.mails_to(INES).await.len(), before + 2);
}

#[tokio::test]
async fn a_visitor_does_nothing_that_is_not_theirs() {
    let office = office().await;
    office.grants(INES, true).await;
    let visitor = office.visitor(INES).await;
    let ours = office.handoff().await.plan.unwrap().milestones;
    let ours = ours.iter().find(|(_, one)| one.side == Side::Us).map(|(id, _)| *id).unwrap();
    let act = PortalAct::Complete(command::CompleteMilestone { id: ours, on: None });
    let own = PortalAct::Own(command::OwnMilestone { id: ours, owner: Some(text("Me")) });
    let strange = PortalAct::Own(command::OwnMilestone {
        id: MilestoneId(office.app().fresh_id()),
        owner: Some(text("Me")),
    });
    for (act, yours) in [(act, false), (own, false), (strange, true)] {
        match office.app().portal_act(&visitor, office.id, act).await.map(|_| ()) {
            Err(AppError::Refused(Refusal::NotYours(_))) => assert!(!yours),
            Err(AppError::Refused(Refusal::Unknown { .. })) => assert!(yours),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn who_may_sign_signs_what_they_read_with_a_code_of_their_own() {
    let office = office().await;
    office.grants(INES, true).await;
    office.grants(JON, false).await;
    let (ines, jon) = (office.visitor(INES).await, office.visitor(JON).await);
    assert!(matches!(office.app().ask_signing_code(&jon, office.id).await, Err(AppError::Forbidden(_))));

    let read = office.app().portal_view(&ines, office.id).await.unwrap();
    assert!(read.needs.contains(&PortalNeed::Signature));
    let imprint = read.plan.unwrap().imprint;
    let key = office.app().ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    let form = |code: &str, imprint: &str| SignForm {
        name: text("Ines Calloway"),
        imprint: imprint.to_owned(),
        key,
        code: code.to_owned(),
    };
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let tried = office.app().sign_plan(&ines, office.id, form(wrong, &imprint)).await.map(|_| ());
    assert!(matches!(tried, Err(AppError::Invalid { .. })), "{tried:?}");
    // In another browser of hers the code is not the one that was asked for there.
    let elsewhere = office.visitor(INES).await;
    not_there(office.app().sign_plan(&elsewhere, office.id, form(&code, &imprint)).await.map(|_| ()));

    let at = office.app().now();
    office.app().sign_plan(&ines, office.id, form(&code, &imprint)).await.unwrap();
    let plan = office.handoff().await.plan.unwrap();
    let confirmed = plan.confirmed.unwrap();
    assert_eq!((confirmed.form, confirmed.at), (PlanForm::Signed, at));
    assert_eq!((plan.signatures.len(), plan.signatures[0].consent.len()), (1, 64));
    not_there(office.app().sign_plan(&ines, office.id, form(&code, &imprint)).await.map(|_| ()));
    let view = office.app().portal_view(&jon, office.id).await.unwrap();
    assert_eq!(view.plan.unwrap().signatures[0].name, "Ines Calloway");

    // A changed plan is another, and what she read before is not signed.
    let csm = office.csm().await;
    let milestone =
        Milestone { title: text("Berlin too"), side: Side::Us, owner: None, due_on: None, reached_on: None };
    does(&office.company, &csm, office.id, command::SetMilestone { id: None, milestone }).await;
    let key = office.app().ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    let stale = SignForm { key, ..form(&code, &imprint) };
    let refused = office.app().sign_plan(&ines, office.id, stale).await.map(|_| ());
    assert!(matches!(refused, Err(AppError::Refused(Refusal::OutOfTurn { .. }))), "{refused:?}");
}

#[tokio::test]
async fn what_was_signed_is_sealed_the_same_each_time_and_stays_what_it_was() {
    let office = office().await;
    office.grants(INES, true).await;
    let (ines, app) = (office.visitor(INES).await, office.app());
    let imprint = app.portal_view(&ines, office.id).await.unwrap().plan.unwrap().imprint;
    let key = app.ask_signing_code(&ines, office.id).await.unwrap();
    let code = office.digits(INES).await;
    let form = SignForm { name: text("Ines Calloway"), imprint: imprint.clone(), key, code };
    app.sign_plan(&ines, office.id, form).await.unwrap();

    let sealed = app.portal_sealed(&ines, office.id, 1).await.unwrap();
    let ours = app.seal_key(office.company.org);
    let verified = verify_sealed(&sealed.document, &sealed.seal, ours.as_deref()).unwrap();
    let plan = verified.plan;
    assert_eq!((plan.imprint.as_str(), plan.account.as_str()), (imprint.as_str(), "Customer 1"));
    assert_eq!((plan.signed.mailbox.as_str(), plan.signed.consent.is_some()), (INES, true));
    let journal = app.store().journal(office.company.org, office.id, plan.journal.seq - 1, 1).await.unwrap();
    assert_eq!((journal[0].kind.as_str(), &journal[0].hash), ("plan_signed", &plan.journal.hash));

    // On paper it is the same plan, or it is not sealed.
    let pdf = [b"%PDF-1.7\n", sealed.document.as_slice(), b"\n%%EOF\n"].concat();
    let paper = app.sealed_paper(&sealed, pdf.clone()).unwrap();
    assert_eq!(verify_sealed(&paper.document, &paper.seal, ours.as_deref()).unwrap().plan.imprint, imprint);
    assert_eq!(paper.document, pdf);
    let other = String::from_utf8(pdf).unwrap().replace("Ines Calloway", "Ines Callow");
    for odd in [other.into_bytes(), b"%PDF-1.7\n".to_vec(), Vec::new()] {
        assert!(matches!(app.sealed_paper(&sealed, odd), Err(AppError::Broken(_))));
    }

    // The plan goes on; what was signed stays what it was.
    let (csm, system) = (office.csm().await, office.company.system());
    let milestone =
        Milestone { title: text("Berlin too"), side: Side::Us, owner: None, due_on: None, reached_on: None };
    does(&office.company, &csm, office.id, command::SetMilestone { id: None, milestone }).await;
    assert_eq!(app.portal_sealed(&ines, office.id, 1).await.unwrap(), sealed);
    assert_eq!(app.sealed_plan(&csm, office.id, 1).await.unwrap(), sealed);
    for number in [0, 2, usize::MAX] {
        not_there(app.portal_sealed(&ines, office.id, number).await);
    }
    let (second, _) = handed_over(&office.company, "2", office.maya).await;
    not_there(app.portal_sealed(&ines, second, 1).await);
    let stranger = office.company.join("noah", &[Role::Csm], None).await;
    let stranger = office.company.caller(stranger).await;
    assert!(app.sealed_plan(&stranger, office.id, 1).await.is_err());

    app.erase(&system, office.id, &Forget::Everything).await.unwrap();
    let gone = app.sealed_plan(&system, office.id, 1).await;
    assert!(matches!(gone, Err(AppError::Conflict(_))), "{gone:?}");
}

#[tokio::test]
async fn who_asks_to_be_forgotten_is_in_the_portal_no_more() {
    let office = office().await;
    office.grants(INES, true).await;
    office.grants(JON, false).await;
    let session = office.enters(INES).await;
    let system = office.company.system();
    let phrase = Forget::Mentioning("INES@customer".to_owned());
    office.app().erase(&system, office.id, &phrase).await.unwrap();
    out(office.app().portal_visitor(&session).await);
    let left = office.app().portal_people(&office.csm().await, office.account).await.unwrap();
    assert_eq!(left.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), [JON]);
    office.app().erase(&system, office.id, &Forget::Everything).await.unwrap();
    assert_eq!(office.app().portal_people(&office.csm().await, office.account).await.unwrap(), []);
}

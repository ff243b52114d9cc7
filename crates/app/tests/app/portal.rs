//! The customer comes in by mail alone, reaches their own account alone, and does only what is theirs to do.

mod acts;
mod entrance;
mod signed;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use throughline_app::{
    App, AppError, Caller,
    erase::Forget,
    portal::{
        CodeOf, Entered, NewPortalPerson, PortalAct, PortalNeed, PortalPersonChange, SignForm, Visitor,
        consent, verify_sealed,
    },
    secrets,
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
    NewPortalPerson { name: "Ines Calloway".to_owned(), email: email.to_owned(), may_sign, again: false }
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

    async fn lets_in_again(&self, email: &str, may_sign: bool) -> PortalPerson {
        let again = NewPortalPerson { again: true, ..new(email, may_sign) };
        self.app().grant_portal(&self.csm().await, self.account, again).await.unwrap()
    }

    /// Somebody signs what stands, with a code mailed for it.
    async fn signs(&self, visitor: &Visitor) {
        let plan = self.app().portal_view(visitor, self.id).await.unwrap().plan.unwrap();
        let key = self.app().ask_signing_code(visitor, self.id).await.unwrap();
        let code = self.digits(&visitor.person.email).await;
        let name = text(&visitor.person.name);
        let form = SignForm { name, imprint: plan.imprint, consent: plan.consent_sha256, key, code };
        self.app().sign_plan(visitor, self.id, form).await.unwrap();
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

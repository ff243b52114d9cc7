//! Answers by mail: they count when the address and the sender are right, once, and do nothing else ever.

mod erased;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use throughline_app::{
    App, AppError, Caller,
    erase::Forget,
    events::Received,
    held::{Held, Settled},
    inbox::{Arriving, HELD, Looked, Mailbox as Folder},
    sweep::Outgoing,
};
use throughline_domain::{
    HandoffId, ItemId, PersonId, Role,
    access::{Action, Grant, Scope},
    handoff::{Handoff, PlanForm, command},
    record::{Body, Stakeholder, StakeholderRole},
};
use throughline_messages::{
    Arrivals, Arrived, Inbound, Mail, Mailbox, Post, PostError, ReplyAddress, Ticket,
};
use throughline_store::{FORGOTTEN, IdempotencyRow, Letter, MailSeen, MailState, ParcelState};
use throughline_testkit::{evidence, text};

use crate::{
    company::{Company, deal, staffed},
    erasing::{Interrupted, at_once},
    sweeps::sold,
};

const INES: &str = "ines@customer.example";
const DANA: &str = "dana@acme.example";

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
    id: HandoffId,
    dana: PersonId,
}

/// A company that mails and takes answers, with a deal of Dana's.
async fn office() -> Office {
    let company = staffed().await;
    // The plan is to be opened without all that comes before it.
    let (_, shipped) =
        throughline_domain::playbook::shipped::shipped().iter().find(|(name, _)| *name == "default").unwrap();
    let (before, gate) = shipped.split_once("  - gate: cs_access").unwrap();
    let (_, after) = gate.split_once("  - gate: ").unwrap();
    let open = format!("{before}  - gate: {after}");
    company.app.publish_playbook(&company.system(), &open).await.unwrap();
    let dana = company.join("dana", &[Role::Ae], None).await;
    let id = company.opened(deal("1", Some("dana"))).await.id;
    let out = Arc::new(Out::default());
    let company = Company { app: with_post(company.app.clone(), &out), ..company };
    Office { company, out, id, dana }
}

fn with_post(app: App, out: &Arc<Out>) -> App {
    let from = Mailbox::new("Throughline", "handoffs@acme.example".parse().unwrap());
    let public_url = "https://handoffs.example".to_owned();
    let answers = ReplyAddress::new(&"reply@acme.example".parse().unwrap()).unwrap();
    app.with_mail(Outgoing { post: out.clone(), from, public_url }).with_answers(answers)
}

impl Office {
    fn app(&self) -> &App {
        &self.company.app
    }

    async fn does(&self, command: impl Into<throughline_domain::handoff::Command>) -> Handoff {
        let system = self.company.system();
        let handled = self.app().handle(&system, self.id, command, Default::default()).await;
        handled.unwrap().passed().unwrap().handoff
    }

    async fn handoff(&self) -> Handoff {
        self.app().load(self.company.org, self.id).await.unwrap().handoff
    }

    /// What was sent to an address last, and where an answer to it goes.
    async fn sent_to(&self, address: &str) -> Option<(Mail, Option<String>)> {
        self.company.sweeps().await;
        while self.app().sweep_post().await.unwrap().taken > 0 {}
        while self.app().sweep_parcels().await.unwrap().taken > 0 {}
        let all = self.out.0.lock().unwrap();
        let mail = all.iter().rev().find(|mail| mail.to.address.as_str() == address)?.clone();
        let answer = mail.reply_to.as_ref().map(|to| to.address.to_string());
        Some((mail, answer))
    }

    /// A question is put to Dana; gives where its answer goes.
    async fn asks(&self, words: &str) -> String {
        // What else waits for her goes first: of several messages in a mail it would not be clear which is answered.
        self.sent_to(DANA).await;
        self.company.clock.advance(SignedDuration::from_secs(1));
        self.does(command::AskQuestion { text: text(words) }).await;
        self.sent_to(DANA).await.unwrap().1.unwrap()
    }

    /// The plan is open, and Ines is in the record.
    async fn planned(&self) -> ItemId {
        let ines = Stakeholder {
            name: text("Ines Calloway"),
            parts: vec![StakeholderRole::Champion],
            title: None,
            contact: Some(text(&format!("+49 30 123, {INES}"))),
            influence: None,
            stance: None,
            goals: None,
            said: None,
            signed: false,
            drove: false,
            needs_early_win: false,
            may_block: false,
        };
        self.does(command::AddItem { body: Body::Stakeholder(ines), evidence: evidence(), reason: None })
            .await;
        let handoff = self.does(command::OpenPlan {}).await;
        let person = handoff.record.items.iter().find(|(_, item)| matches!(item.body, Body::Stakeholder(_)));
        *person.unwrap().0
    }

    /// Ines is asked to confirm the plan; gives where her answer goes.
    async fn asks_ines(&self) -> String {
        let ines = self.planned().await;
        self.app().ask_plan_by_mail(&self.company.system(), self.id, ines).await.unwrap();
        self.sent_to(INES).await.unwrap().1.unwrap()
    }

    async fn brings(&self, raw: &str) -> Received {
        let mail = Arriving { raw: raw.as_bytes(), sent_by: None, sent_to: None };
        let taken = self.app().receive_mail(&self.company.system(), mail).await.unwrap();
        while self.app().sweep_mails().await.unwrap().taken > 0 {}
        taken
    }

    /// What became of the newest mail.
    async fn became(&self) -> MailSeen {
        self.app().mails_received(&self.company.system(), None, None, 1).await.unwrap().remove(0)
    }

    async fn letters(&self, to: PersonId) -> Vec<Letter> {
        self.app().store().letters(self.company.org, Some(to), None, 200).await.unwrap()
    }

    async fn answer(&self) -> Option<String> {
        let handoff = self.handoff().await;
        handoff.questions.values().next()?.answer.as_ref().map(|answer| answer.text.to_string())
    }
}

fn mail(number: u32, from: &str, to: &str, body: &str) -> String {
    format!(
        "From: Somebody <{from}>\r\nTo: <{to}>\r\nSubject: Re: Acme\r\nMessage-ID: <{number}@mail.example>\r\n\
         Date: Mon, 2 Mar 2026 09:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
}

#[tokio::test]
async fn a_question_is_answered_by_answering_its_mail_with_the_new_words_alone() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    assert!(to.starts_with("reply+") && to.ends_with("@acme.example"), "{to}");
    let body = "Their IT lead, Tom.\r\n\r\nOn Mon, 2 Mar 2026 at 09:00, Throughline <handoffs@acme.example> wrote:\r\n\
                > Who owns the migration?";
    assert_eq!(office.brings(&mail(1, DANA, &to, body)).await, Received::New);
    assert_eq!(office.answer().await.as_deref(), Some("Their IT lead, Tom."));
    let (seen, journal) = (office.became().await, office.handoff().await);
    assert_eq!(
        (seen.state, seen.from.as_deref(), seen.handoff),
        (MailState::Used, Some(DANA), Some(office.id))
    );
    let answered = journal.questions.values().next().unwrap().answer.clone().unwrap();
    assert_eq!(answered.by.person(), Some(office.dana), "it is hers");
}

#[tokio::test]
async fn the_same_mail_again_and_a_second_answer_change_nothing() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    let first = mail(1, DANA, &to, "Tom.");
    office.brings(&first).await;
    let version = office.app().load(office.company.org, office.id).await.unwrap().version;
    let another_way = format!("Received: from a by b\r\n{first}");
    assert_eq!(office.brings(&another_way).await, Received::Again);
    office.brings(&mail(2, DANA, &to, "No: Ada.")).await;
    assert_eq!(office.answer().await.as_deref(), Some("Tom."));
    assert_eq!(office.became().await.state, MailState::Noted);
    assert_eq!(office.app().load(office.company.org, office.id).await.unwrap().version, version);
}

#[tokio::test]
async fn neither_the_address_nor_the_sender_alone_is_an_answer() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    // The right address, from somebody else: Dana is shown it.
    office.company.clock.advance(SignedDuration::from_secs(1));
    office.brings(&mail(1, "eve@elsewhere.example", &to, "Eve.")).await;
    assert_eq!((office.answer().await, office.became().await.state), (None, MailState::Unused));
    let shown = office.letters(office.dana).await.remove(0);
    assert!(shown.body.contains("eve@elsewhere.example") && shown.body.contains("Eve."), "{}", shown.body);
    let letters = office.letters(office.dana).await.len();
    // The right sender, at no address, at a guessed one, and at two: nobody is told anything.
    let guessed = "reply+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example";
    for (number, to) in [
        (2, "reply@acme.example"),
        (3, guessed),
        (4, &*format!("{to}>, <{guessed}")),
        (5, "other@acme.example"),
    ] {
        office.brings(&mail(number, DANA, to, "Tom.")).await;
        assert_eq!((office.answer().await, office.became().await.state), (None, MailState::Unused), "{to}");
    }
    assert_eq!(office.letters(office.dana).await.len(), letters);
    // It was used up by none of these.
    office.brings(&mail(6, DANA, &to, "Tom.")).await;
    assert_eq!(office.answer().await.as_deref(), Some("Tom."));
}

#[tokio::test]
async fn programs_answer_nothing() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    for (number, header) in
        [(1, "Auto-Submitted: auto-replied"), (2, "Precedence: bulk"), (3, "List-Id: <a.example>")]
    {
        office.brings(&format!("{header}\r\n{}", mail(number, DANA, &to, "I am away."))).await;
        assert_eq!(
            (office.answer().await, office.became().await.state),
            (None, MailState::Noted),
            "{header}"
        );
    }
}

#[tokio::test]
async fn an_answer_counts_as_long_as_it_is_awaited_and_only_while_nobody_gave_it() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    office.company.clock.advance(SignedDuration::from_hours(31 * 24));
    office.brings(&mail(1, DANA, &to, "Tom.")).await;
    assert_eq!((office.answer().await, office.became().await.state), (None, MailState::Unused));
    let to = office.asks("And who pays?").await;
    let handoff = office.handoff().await;
    let newest = *handoff.questions.iter().max_by_key(|(_, asked)| asked.at).unwrap().0;
    office.does(command::AnswerQuestion { question: newest, text: text("Finance.") }).await;
    office.brings(&mail(2, DANA, &to, "Nobody.")).await;
    let answered = office.handoff().await.questions[&newest].answer.clone().unwrap();
    assert_eq!((answered.text.as_str(), office.became().await.state), ("Finance.", MailState::Unused));
}

#[tokio::test]
async fn whoever_left_answers_no_more() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    let mut dana = office.app().store().person(office.company.org, office.dana).await.unwrap().unwrap();
    dana.status = throughline_store::PersonStatus::Deactivated;
    office.company.puts(dana).await;
    office.brings(&mail(1, DANA, &to, "Tom.")).await;
    assert_eq!((office.answer().await, office.became().await.state), (None, MailState::Unused));
}

#[tokio::test]
async fn hostile_bytes_lead_to_nothing_but_a_line() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    let version = office.app().load(office.company.org, office.id).await.unwrap().version;
    let deep = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(2_000);
    let mails: Vec<Vec<u8>> = vec![
        b"\0\xff\xfe".to_vec(),
        b"\r\n\r\n".to_vec(),
        format!("To: {to}\r\nFrom: {DANA}\r\n{deep}").into_bytes(),
        [mail(1, DANA, "x@y.example", "Tom.").as_bytes(), &b"\xc3\x28".repeat(50_000)].concat(),
        mail(2, &format!("{DANA}>, <eve@elsewhere.example"), &to, "Two who write.").into_bytes(),
        mail(3, DANA, &to, "").into_bytes(),
        mail(4, DANA, &to, "> only\r\n> quoted").into_bytes(),
    ];
    for raw in &mails {
        let mail = Arriving { raw, sent_by: None, sent_to: None };
        office.app().receive_mail(&office.company.system(), mail).await.unwrap();
        while office.app().sweep_mails().await.unwrap().taken > 0 {}
        assert_eq!((office.answer().await, office.became().await.state), (None, MailState::Unused));
    }
    let seen = office.app().mails_received(&office.company.system(), None, None, 99).await.unwrap();
    assert_eq!(seen.len(), mails.len());
    assert_eq!(office.app().load(office.company.org, office.id).await.unwrap().version, version);
    for raw in [Vec::new(), vec![b'a'; Inbound::LARGEST + 1]] {
        let mail = Arriving { raw: &raw, sent_by: None, sent_to: None };
        let refused = office.app().receive_mail(&office.company.system(), mail).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn mail_is_brought_by_whoever_may_and_to_a_server_that_takes_answers() {
    let office = office().await;
    let raw = mail(1, DANA, "reply@acme.example", "Tom.");
    let brings = async |app: &App, caller: &Caller| {
        app.receive_mail(caller, Arriving { raw: raw.as_bytes(), sent_by: None, sent_to: None }).await
    };
    let dana = office.company.caller(office.dana).await;
    assert!(matches!(brings(office.app(), &dana).await, Err(AppError::Forbidden(Action::BringMail))));
    let grant = Grant { role: Role::RevOps, scope: Scope::Organisation };
    let only = Some([Action::BringMail].into());
    let (_, secret) =
        office.app().create_token(&office.company.system(), "mail server", grant, only).await.unwrap();
    let program = office.app().token_caller(&secret).await.unwrap();
    assert_eq!(brings(office.app(), &program).await.unwrap(), Received::New);
    let (deaf, _, _) = sold().await;
    assert!(matches!(brings(&deaf.app, &deaf.system()).await, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn the_customer_confirms_the_plan_by_answering_yes() {
    let office = office().await;
    let to = office.asks_ines().await;
    office.company.clock.advance(SignedDuration::from_hours(5));
    let arrived = office.app().now();
    let body = "Confirmed.\r\n\r\nBest regards,\r\nInes Calloway\r\n\r\nAm 02.03.2026 um 09:00 schrieb Dana:\r\n> The plan";
    office.brings(&mail(1, INES, &to, body)).await;
    let confirmed = office.handoff().await.plan.unwrap().confirmed.unwrap();
    assert_eq!(
        (confirmed.form, confirmed.at),
        (PlanForm::Mail, arrived),
        "when it arrived, not when it says"
    );
    let evidence = confirmed.evidence;
    assert!(evidence.reference.unwrap().as_str().contains("<1@mail.example>"));
    assert!(evidence.quote.unwrap().as_str().starts_with("Confirmed."));
    assert!(evidence.speaker.unwrap().as_str().contains(INES));
    assert_eq!(office.became().await.state, MailState::Used);
    office.brings(&mail(2, INES, &to, "Confirmed.")).await;
    assert_eq!(office.became().await.state, MailState::Noted);
}

#[tokio::test]
async fn what_is_not_a_plain_yes_of_whom_was_asked_confirms_nothing_and_is_shown() {
    let office = office().await;
    let to = office.asks_ines().await;
    let whom = office.handoff().await.answerable();
    for (number, from, body) in [
        (1, INES, "Looks good, but the go-live is too early."),
        (2, "eve@customer.example", "Confirmed."),
        (3, INES, "Can you call me?"),
    ] {
        office.company.clock.advance(SignedDuration::from_secs(1));
        office.brings(&mail(number, from, &to, body)).await;
        assert_eq!(office.became().await.state, MailState::Unused);
        assert_eq!(office.handoff().await.plan.unwrap().confirmed, None);
        let letter = office.letters(whom).await.remove(0);
        assert!(letter.body.contains(body), "{}", letter.body);
    }
    office.brings(&mail(4, INES, &to, "Yes, confirmed!")).await;
    assert!(office.handoff().await.plan.unwrap().confirmed.is_some());
}

#[tokio::test]
async fn a_yes_to_a_plan_that_has_changed_since_is_not_a_yes_to_this_one() {
    let office = office().await;
    let to = office.asks_ines().await;
    let plan = office.handoff().await.plan.unwrap();
    let (id, milestone) = plan.milestones.first_key_value().unwrap();
    let changed =
        throughline_domain::handoff::Milestone { title: text("Something else"), ..milestone.clone() };
    office.does(command::SetMilestone { id: Some(*id), milestone: changed }).await;
    office.brings(&mail(1, INES, &to, "Confirmed.")).await;
    assert_eq!(office.handoff().await.plan.unwrap().confirmed, None);
    assert_eq!(office.became().await.state, MailState::Unused);
}

#[tokio::test]
async fn the_customer_is_asked_once_however_often_it_is_pressed() {
    let office = office().await;
    let ines = office.planned().await;
    let system = office.company.system();
    let ask = || office.app().ask_plan_by_mail(&system, office.id, ines);
    assert_eq!(ask().await.unwrap().to.address.as_str(), INES);
    assert!(matches!(ask().await, Err(AppError::Conflict(_))));
    let (mail, answer) = office.sent_to(INES).await.unwrap();
    assert!(mail.text.contains("CONFIRMED") && answer.is_some(), "{}", mail.text);
    assert_eq!(mail.from.address.as_str(), "handoffs@acme.example");
}

#[tokio::test]
async fn a_mail_a_person_sends_waits_and_can_be_taken_back_until_it_leaves() {
    let office = office().await;
    let ines = office.planned().await;
    let system = office.company.system();
    let (app, clock) = (office.app(), &office.company.clock);
    let held = async || {
        let asked = app.plan_asked(&system, office.id).await.unwrap();
        asked.into_iter().find(|one| one.held_until.is_some()).map(|one| one.parcel.id)
    };
    let sent = app.ask_plan_by_mail_soon(&system, office.id, ines).await.unwrap();
    let first = held().await.unwrap();
    assert_eq!((sent.mail, sent.leaves_at), (first, app.now() + HELD));
    assert!(office.sent_to(INES).await.is_none(), "it has not left");
    assert_eq!(app.take_plan_mail_back(&system, office.id, first).await.unwrap(), INES);
    clock.advance(SignedDuration::from_secs(60));
    assert!(office.sent_to(INES).await.is_none(), "it never leaves");
    let asked = app.plan_asked(&system, office.id).await.unwrap();
    assert_eq!(asked[0].parcel.note.as_deref(), Some("taken back before it was sent"));

    // Taken back is not asked: nobody has to wait. And what is not taken back leaves.
    app.ask_plan_by_mail_soon(&system, office.id, ines).await.unwrap();
    let second = held().await.unwrap();
    clock.advance(SignedDuration::from_secs(9));
    assert_eq!(held().await, None, "another node's clock may be ahead");
    assert!(matches!(app.take_plan_mail_back(&system, office.id, second).await, Err(AppError::Conflict(_))));
    clock.advance(SignedDuration::from_secs(1));
    assert!(office.sent_to(INES).await.is_some());
    let again = app.take_plan_mail_back(&system, office.id, second).await;
    assert!(matches!(again, Err(AppError::Conflict(_))), "it has left");
    let unknown = app.take_plan_mail_back(&system, office.id, app.fresh_id()).await;
    assert!(matches!(unknown, Err(AppError::NotFound(_))));
}

#[tokio::test]
async fn what_comes_to_a_used_up_address_changes_nothing_and_is_shown_unless_it_is_the_same_yes() {
    let office = office().await;
    let to = office.asks_ines().await;
    office.brings(&mail(1, INES, &to, "Confirmed.")).await;
    let whom = office.handoff().await.answerable();
    let version = office.app().load(office.company.org, office.id).await.unwrap().version;
    for (number, from, body, shown) in [
        (2, INES, "Yes, confirmed. Thanks!", false),
        (3, INES, "Wait, the go-live has to move.", true),
        (4, "eve@elsewhere.example", "Cancel all of it.", true),
    ] {
        office.company.clock.advance(SignedDuration::from_secs(1));
        office.brings(&mail(number, from, &to, body)).await;
        assert_eq!(office.became().await.state, MailState::Noted, "{body}");
        let letter = office.letters(whom).await.remove(0);
        assert_eq!(letter.body.contains(body), shown, "{}", letter.body);
    }
    assert_eq!(office.app().load(office.company.org, office.id).await.unwrap().version, version);
}

/// A folder that forgets nothing until it is told to.
#[derive(Debug, Default)]
struct Waiting {
    mails: Mutex<Vec<Arrived>>,
    fails: Mutex<bool>,
}

#[derive(Debug)]
struct Shared(Arc<Waiting>);

#[async_trait]
impl Arrivals for Shared {
    async fn waiting(&self, most: usize) -> Result<Vec<Arrived>, PostError> {
        Ok(self.0.mails.lock().unwrap().iter().take(most).cloned().collect())
    }

    async fn done(&self, tickets: &[Ticket]) -> Result<(), PostError> {
        if *self.0.fails.lock().unwrap() {
            return Err(PostError::later("the line is dead"));
        }
        self.0.mails.lock().unwrap().retain(|mail| !tickets.contains(&mail.ticket));
        Ok(())
    }
}

#[tokio::test]
async fn a_mailbox_is_emptied_by_one_node_at_a_time_and_what_was_not_marked_comes_again() {
    let office = office().await;
    let to = office.asks("Who owns the migration?").await;
    let arrived = |number: u32, raw: Option<Vec<u8>>| Arrived {
        ticket: Ticket { count: 1, number },
        size: raw.as_ref().map_or(99_000_000, |raw| u32::try_from(raw.len()).unwrap()),
        raw,
    };
    let waiting = Arc::new(Waiting::default());
    *waiting.mails.lock().unwrap() =
        vec![arrived(1, Some(mail(1, DANA, &to, "Tom.").into_bytes())), arrived(2, None)];
    let folder =
        Folder { name: "imaps://reply@mail.example".to_owned(), arrivals: Box::new(Shared(waiting.clone())) };
    *waiting.fails.lock().unwrap() = true;
    assert!(office.app().look_into(&folder).await.is_err());
    assert_eq!(office.app().look_into(&folder).await.unwrap(), Looked::NotNow, "somebody was just there");
    *waiting.fails.lock().unwrap() = false;
    office.company.clock.advance(SignedDuration::from_secs(20));
    assert_eq!(office.app().look_into(&folder).await.unwrap(), Looked::Took(2));
    assert!(waiting.mails.lock().unwrap().is_empty());
    while office.app().sweep_mails().await.unwrap().taken > 0 {}
    assert_eq!(office.answer().await.as_deref(), Some("Tom."));
    let seen = office.app().mails_received(&office.company.system(), None, None, 9).await.unwrap();
    assert_eq!(seen.len(), 2, "each is kept once");
    assert!(seen.iter().any(|mail| mail.note.as_deref().is_some_and(|note| note.contains("99000000 bytes"))));
}

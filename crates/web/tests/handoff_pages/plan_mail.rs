//! Asking the customer by mail to confirm the plan: whom, the mail before it goes, and what came of it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::http::StatusCode;
use throughline_app::{App, sweep::Outgoing};
use throughline_domain::{playbook::AskKind, record::List};
use throughline_messages::{Mail, Mailbox, Post, PostError, ReplyAddress};

use crate::world::{HOSTILE, World, sound, text_of};

#[derive(Debug)]
struct Taken;

#[async_trait]
impl Post for Taken {
    async fn send(&self, _: &Mail) -> Result<(), PostError> {
        Ok(())
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(1)
    }
}

fn mailing(app: App) -> App {
    let from = Mailbox::new("Throughline", "handoffs@acme.example".parse().unwrap());
    let out = Outgoing { post: Arc::new(Taken), from, public_url: "http://localhost".to_owned() };
    app.with_mail(out).with_answers(ReplyAddress::new(&"reply@acme.example".parse().unwrap()).unwrap())
}

/// A handoff whose plan can be opened without all that comes before it, as the CSM's.
pub async fn with_a_plan(app: impl Fn(App) -> App) -> World {
    let shipped = throughline_domain::playbook::shipped::shipped();
    let (_, shipped) = shipped.iter().find(|(name, _)| *name == "default").unwrap();
    let (before, gate) = shipped.split_once("  - gate: cs_access").unwrap();
    let (_, after) = gate.split_once("  - gate: ").unwrap();
    let world = World::by(800_000, "Planning", app, Some(&format!("{before}  - gate: {after}"))).await;
    world.does("lea", "take-over", &[("by", &world.person("carl")), ("reason", "The customer waits")]).await;
    world.does("carl", "plan/open", &[]).await;
    world
}

async fn plan(world: &World) -> String {
    let page = world.get("carl", &format!("/handoffs/{}/plan", world.id)).await;
    sound("plan", &page.body);
    page.body
}

#[tokio::test]
async fn the_customer_is_asked_by_mail_after_the_mail_was_looked_at() {
    let world = with_a_plan(mailing).await;
    world.does("carl", "plan/milestones", &[("title", HOSTILE), ("side", "customer")]).await;
    assert!(text_of(&plan(&world).await).contains("Nobody in the record has a mail address"));
    let ines = [
        ("name", HOSTILE),
        ("parts", "champion"),
        ("contact", "ines@customer.example"),
        ("source", "call"),
        ("speaker", "Ines"),
        ("quote", "Yes"),
    ];
    let ask = world.view("ada").await.loaded.playbook.clone().unwrap();
    let ask = ask.asks().find(|ask| ask.kind == AskKind::Stakeholders).unwrap().id.value.clone();
    world.does("ada", &format!("items/new?list={}&ask={ask}", List::Stakeholders.name()), &ines).await;
    let item = *world.view("carl").await.loaded.handoff.record.items.keys().next().unwrap();
    let form = plan(&world).await;
    assert!(form.contains(&format!("<option value=\"{item}\" selected>")), "the only one is chosen");

    let path = format!("/handoffs/{}/plan/ask-by-mail", world.id);
    let look = world.get("carl", &format!("{path}?stakeholder={item}")).await;
    assert_eq!(look.status, StatusCode::OK);
    sound(&path, &look.body);
    assert!(look.body.contains("ines@customer.example") && look.body.contains("readonly"), "the whole mail");
    let system = throughline_app::Caller::system(world.org);
    let sent = async || world.app.sent_mail(&system, world.id, None, 9).await.unwrap();
    assert!(sent().await.is_empty(), "looking sends nothing");
    let other = world.get("carl", &format!("{path}?stakeholder={}", world.id)).await;
    assert!(text_of(&other.body).contains("is not in the record any more"), "{}", text_of(&other.body));
    assert_eq!(world.get("fin", &path).await.status, StatusCode::FORBIDDEN);

    let fields = [("stakeholder", item.to_string())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    world.does("carl", "plan/ask-by-mail", &fields).await;
    assert_eq!(sent().await.len(), 1);
    let asked = text_of(&plan(&world).await);
    assert!(asked.contains("ines@customer.example") && asked.contains("answer is awaited until"), "{asked}");
    // Not sent yet: taken back, and asked again.
    let page = plan(&world).await;
    let (_, rest) = page.split_once(r#"name="mail" value=""#).unwrap();
    let mail = rest.split_once('"').unwrap().0.to_owned();
    assert_eq!(
        world.post("fin", "plan/ask-by-mail/take-back", &[("mail", &mail)]).await.status,
        StatusCode::FORBIDDEN
    );
    world.does("carl", "plan/ask-by-mail/take-back", &[("mail", &mail)]).await;
    let page = plan(&world).await;
    assert!(!page.contains(r#"name="mail" value=""#) && text_of(&page).contains("Taken back"));
    assert!(!text_of(&page).contains("Given up"), "{}", text_of(&page));
    let mark = page.split("Taken back").next().unwrap().rsplit("class=\"pill ").next().unwrap();
    assert!(mark.starts_with("tone-calm"), "what somebody wanted is no failure: {mark:.80}");
    world.does("carl", "plan/ask-by-mail/take-back", &[("mail", &mail)]).await;
    world.does("carl", "plan/ask-by-mail", &fields).await;
    let twice = world.post("carl", "plan/ask-by-mail", &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(text_of(&twice.body).contains("was asked just now"), "{}", text_of(&twice.body));

    world.does("carl", "plan/milestones", &[("title", "Go-live"), ("side", "us")]).await;
    let changed = text_of(&plan(&world).await);
    assert!(changed.contains("The plan has changed since"), "{changed}");
}

#[tokio::test]
async fn where_nobody_can_be_asked_by_mail_the_plan_says_why() {
    let world = with_a_plan(|app| app).await;
    let text = text_of(&plan(&world).await);
    assert!(text.contains("does not send mail and take answers"), "{text}");
    let world = with_a_plan(mailing).await;
    let milestones = world.view("carl").await.loaded.handoff.plan.unwrap().milestones;
    for id in milestones.keys() {
        world.does("carl", &format!("plan/milestones/{id}/remove"), &[]).await;
    }
    let text = text_of(&plan(&world).await);
    assert!(text.contains("add a milestone first"), "{text}");
}

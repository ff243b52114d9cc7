//! The playbook editor without a script: each form is posted as the page shows it, and what comes of it is read from the
//! draft.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a page that does not answer as it must ends the test"
)]

mod company;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use company::{Company, HOSTILE, is_clean, words};
use throughline_domain::{Role, playbook::shipped};
use tower::ServiceExt;

const EDIT: &str = "/playbooks/default/edit";

fn default() -> &'static str {
    shipped::source("default").unwrap()
}

fn plain(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(plain(tag[from..].split('"').next()?))
}

/// What a browser posts of the form with an id: hidden and typed values, what is ticked and chosen.
fn form(page: &str, id: &str) -> Vec<(String, String)> {
    let at = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no form {id}: {}", words(page)));
    let body = &page[at..at + page[at..].find("</form>").unwrap()];
    let (mut fields, mut select): (Vec<(String, String)>, Option<String>) = (Vec::new(), None);
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        match tag.split([' ', '>']).next().unwrap() {
            "input" => {
                let Some(name) = attribute(tag, "name") else { continue };
                let kind = attribute(tag, "type").unwrap_or_default();
                if !matches!(kind.as_str(), "checkbox" | "radio") || tag.ends_with(" checked") {
                    let on = if kind == "checkbox" { "on" } else { "" };
                    fields.push((name, attribute(tag, "value").unwrap_or_else(|| on.to_owned())));
                }
            }
            "textarea" => {
                let text = plain(text);
                fields.push((attribute(tag, "name").unwrap(), text.trim_start_matches('\n').to_owned()));
            }
            "select" => select = attribute(tag, "name"),
            // The first option is chosen until another one says that it is.
            "option" => {
                let value = attribute(tag, "value").unwrap_or_default();
                let first = select.take();
                if let Some(name) = first {
                    fields.push((name, value));
                } else if tag.ends_with(" selected") {
                    fields.last_mut().unwrap().1 = value;
                }
            }
            _ => {}
        }
    }
    fields
}

fn with(mut fields: Vec<(String, String)>, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

impl Company {
    async fn draft(&self) -> Option<String> {
        let caller = self.caller(Role::RevOps).await;
        self.app.playbook_draft(&caller, "default").await.unwrap().and_then(|row| row.source)
    }

    async fn posts(&self, to: &str, fields: Vec<(String, String)>) -> company::Page {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(Role::RevOps, &format!("{EDIT}/{to}"), &fields).await
    }

    async fn opened(&self, at: &str) -> String {
        self.get(Role::RevOps, &format!("{EDIT}?at={at}")).await.shown()
    }

    async fn types(&self, text: &str) {
        let page = self.get(Role::RevOps, EDIT).await.shown();
        let fields = with(form(&page, "edit-source"), &[("source", text)]);
        self.posts("text", fields).await.sent_to();
    }
}

/// The lines of two texts that are not in the other.
fn differences(old: &str, new: &str) -> Vec<String> {
    let only = |one: &str, other: &str, sign: &str| -> Vec<String> {
        one.lines()
            .filter(|line| !other.lines().any(|held| held == *line))
            .map(|line| format!("{sign}{line}"))
            .collect()
    };
    only(old, new, "-").into_iter().chain(only(new, old, "+")).collect()
}

#[tokio::test]
async fn every_form_posted_as_it_is_shown_begins_no_draft() {
    let company = Company::new(false).await;
    let mut seen = 0;
    for part in [
        "head", "record", "gates", "steps", "promises", "review", "agenda", "plan", "ratings", "routes",
        "telling", "tiers",
    ] {
        let page = company.get(Role::RevOps, &format!("{EDIT}?part={part}")).await.shown();
        is_clean(part, &page);
        let ways: Vec<String> = page
            .split("&amp;at=")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once("#open")?.0.to_owned()))
            .filter(|way| !way.contains('"'))
            .collect();
        // What is the whole of its tab is open already.
        let ways = if part == "head" { vec![String::new()] } else { ways };
        assert!(!ways.is_empty(), "{part}: {}", words(&page));
        for way in ways {
            let page = company.opened(&way).await;
            is_clean(&way, &page);
            company.posts("form", with(form(&page, "open"), &[("do", "save")])).await.sent_to();
            assert_eq!(company.draft().await, None, "{way}");
            seen += 1;
        }
    }
    assert!(seen > 75, "{seen}");
}

#[tokio::test]
async fn a_changed_field_changes_its_line_of_the_draft_and_says_who_did() {
    let company = Company::new(false).await;
    let page = company.opened("gates.1").await;
    let fields = with(form(&page, "open"), &[("waiver_lasts.n", "7"), ("do", "close")]);
    let to = company.posts("form", fields).await.sent_to();
    assert_eq!(to, format!("{EDIT}?part=gates"));
    let draft = company.draft().await.unwrap();
    assert_eq!(draft.lines().count(), default().lines().count());
    assert_eq!(differences(default(), &draft), ["+    waiver_lasts: 7 bd"]);
    let page = company.get(Role::RevOps, &to).await.shown();
    let said = words(&page);
    assert!(said.contains("Draft begun by you") && said.contains("on version 1"), "{said}");
    assert!(said.contains("No faults found"));
}

#[tokio::test]
async fn a_form_made_before_somebody_else_s_change_is_kept_and_not_saved_over_it() {
    let company = Company::new(false).await;
    let page = company.opened("sections.0.asks.1").await;
    let mine = with(form(&page, "open"), &[("ask", "Mine?"), ("do", "save")]);
    // Meanwhile the ask moves up, and another one changes.
    let list = company.get(Role::RevOps, &format!("{EDIT}?part=record")).await.shown();
    let move_it = [("list", "sections.0.asks"), ("index", "1"), ("do", "up"), ("version", "0")];
    assert!(list.contains("value=\"up\""));
    company.posts("items", with(Vec::new(), &move_it)).await.sent_to();
    let answer = company.posts("form", mine).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert!(!company.draft().await.unwrap().contains("Mine?"));
    assert!(
        answer.body.contains("Mine?") && answer.body.contains("value=\"sections.0.asks.0\""),
        "it is found again"
    );
    company.posts("form", with(form(&answer.body, "open"), &[("do", "save")])).await.sent_to();
    assert!(
        company.draft().await.unwrap().contains("ask: \"Mine?\"")
            || company.draft().await.unwrap().contains("ask: Mine?")
    );
}

#[tokio::test]
async fn a_rule_is_put_together_by_buttons_and_saved_as_a_sentence() {
    let company = Company::new(false).await;
    let page = company.opened("sections.1.asks.5").await;
    let fields = with(form(&page, "open"), &[("do", "add:required")]);
    let page = company.posts("form", fields).await.shown();
    assert_eq!(company.draft().await, None, "a button within the rule saves nothing");
    let unfinished = with(form(&page, "open"), &[("do", "save")]);
    let refused = company.posts("form", unfinished).await.refused();
    assert!(refused.contains("Choose a field."), "{}", words(&refused));
    let fields = with(
        form(&page, "open"),
        &[
            ("required.0.field", "deal.segment"),
            ("required.0.op", "one_of"),
            ("required.0.value", "mid, enterprise"),
            ("required.0.any_case", "on"),
            ("do", "save"),
        ],
    );
    company.posts("form", fields).await.sent_to();
    let draft = company.draft().await.unwrap();
    let rule =
        "        required_when: has(deal.segment) && deal.segment.lowerAscii() in ['mid', 'enterprise']";
    assert_eq!(differences(default(), &draft), [format!("+{rule}")]);
    let page = company.opened("sections.1.asks.5").await;
    assert!(words(&page).contains("segment is one of “mid, enterprise”"), "{}", words(&page));
}

#[tokio::test]
async fn a_rule_with_a_fault_is_kept_and_its_place_is_told_at_the_field() {
    let company = Company::new(false).await;
    let page = company.opened("routes.3").await;
    let fields =
        with(form(&page, "open"), &[("when.mode", "text"), ("when.text", "deal.amuont > 1"), ("do", "save")]);
    company.posts("form", fields).await.sent_to();
    assert!(company.draft().await.unwrap().contains("when: deal.amuont > 1"));
    let page = company.opened("routes.3").await;
    let said = words(&page);
    assert!(said.contains("line 1, column 5: deal has no field `amuont`"), "{said}");
    assert!(said.contains("One fault"), "{said}");
}

#[tokio::test]
async fn what_is_typed_as_text_is_kept_with_its_faults_and_shown_as_data() {
    let company = Company::new(false).await;
    company.types("playbook: [\n").await;
    assert_eq!(company.draft().await.as_deref(), Some("playbook: [\n"));
    let page = company.get(Role::RevOps, EDIT).await.shown();
    assert!(words(&page).contains("cannot be read as a playbook just now"), "{}", words(&page));
    // A stranger's words in every text of it are words on every page of it.
    let hostile = default()
        .replace("title: ", &format!("title: {HOSTILE:?} # "))
        .replace("    ask: ", &format!("    ask: {HOSTILE:?} # "));
    company.types(&hostile).await;
    for path in ["", "?part=gates", "?at=sections.0.asks.0", "?at=steps.6", "?at=ratings.0", "/preview"] {
        let page = company.get(Role::RevOps, &format!("{EDIT}{path}")).await;
        is_clean(path, &page.body);
        assert!(page.status.is_success() || path == "/preview", "{path}: {}", words(&page.body));
    }
    let page = company.get(Role::RevOps, EDIT).await.shown();
    let stale = with(form(&page, "edit-source"), &[("source", "mine\n"), ("version", "1")]);
    let answer = company.posts("text", stale).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert!(answer.body.contains("mine") && company.draft().await.unwrap() == hostile);
}

#[tokio::test]
async fn items_are_added_moved_and_removed_and_a_new_name_is_followed() {
    let company = Company::new(false).await;
    let page = company.get(Role::RevOps, EDIT).await.shown();
    assert!(page.contains("Add an ask"));
    let add = [("list", "sections.0.asks"), ("do", "add"), ("version", "0")];
    let to = company.posts("items", with(Vec::new(), &add)).await.sent_to();
    assert!(to.ends_with("at=sections.0.asks.3#open"), "{to}");
    let draft = company.draft().await.unwrap();
    assert!(
        draft.contains("      - id: question\n        ask: New question?\n        type: text\n"),
        "{draft:.3000}"
    );
    let remove = [("list", "sections.0.asks"), ("index", "3"), ("do", "remove"), ("version", "1")];
    company.posts("items", with(Vec::new(), &remove)).await.sent_to();
    assert_eq!(company.draft().await.unwrap(), default(), "adding and taking away leaves every byte");
    let page = company.opened("steps.9").await;
    let fields = with(form(&page, "open"), &[("id", "handoff_call"), ("do", "save")]);
    company.posts("form", fields).await.sent_to();
    let draft = company.draft().await.unwrap();
    assert!(draft.contains("- step: handoff_call") && draft.contains("confirms: [handoff_call, warm_intro]"));
    let stale = [("list", "steps"), ("index", "0"), ("do", "remove"), ("version", "1")];
    assert_eq!(
        company.posts("items", with(Vec::new(), &stale)).await.status,
        StatusCode::PRECONDITION_FAILED
    );
}

#[tokio::test]
async fn a_draft_is_previewed_published_and_gone() {
    let company = Company::new(false).await;
    assert_eq!(company.get(Role::RevOps, &format!("{EDIT}/preview")).await.sent_to(), EDIT);
    company.types(&default().replacen("demands: [record, commitments]", "demands: [commitments]", 1)).await;
    let page = company.get(Role::RevOps, &format!("{EDIT}/preview")).await.shown();
    is_clean("preview", &page);
    let said = words(&page);
    assert!(said.contains("One difference") && said.contains("Tried on one deal"), "{said}");
    assert!(said.contains("refused → pass") && said.contains("One open handoff keeps"), "{said}");
    let stale = company.posts("publish", with(Vec::new(), &[("version", "0")])).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let to = company.posts("publish", with(Vec::new(), &[("version", "1")])).await.sent_to();
    assert_eq!(to, "/playbooks/default");
    assert_eq!(company.draft().await, None);
    let page = company.get(Role::RevOps, EDIT).await.shown();
    assert!(words(&page).contains("Version 2 as it is in force"), "{}", words(&page));
}

#[tokio::test]
async fn a_draft_is_dropped_and_who_may_not_publish_sees_none_of_it() {
    let company = Company::new(false).await;
    company.types("x: 1\n").await;
    for role in [Role::Ae, Role::Csm, Role::CsLeader, Role::Auditor, Role::SalesLeader] {
        for path in ["", "/preview"] {
            let page = company.get(role, &format!("{EDIT}{path}")).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{role:?}");
        }
        for path in ["form", "items", "text", "drop", "publish"] {
            let fields = [("version", "1"), ("source", "y"), ("list", "steps")];
            let page = company.post(role, &format!("{EDIT}/{path}"), &fields).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
    }
    assert_eq!(company.draft().await.as_deref(), Some("x: 1\n"));
    company.posts("drop", with(Vec::new(), &[("version", "1")])).await.sent_to();
    assert_eq!(company.draft().await, None);
    assert_eq!(company.get(Role::RevOps, "/playbooks/nobody/edit").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_text_that_saves_itself_says_at_once_that_there_is_a_draft() {
    let company = Company::new(false).await;
    let page = company.get(Role::RevOps, EDIT).await.shown();
    assert!(words(&page).contains("Nothing changed yet"));
    let text = default().replacen("title: ", "title: New ", 1);
    let fields = with(form(&page, "edit-source"), &[("source", &text)]);
    let escaped = |text: &str| throughline_app::gates::escaped(text);
    let body: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    let request = Request::post(format!("{EDIT}/text"))
        .header("cookie", format!("throughline={}", company.people[&Role::RevOps].1))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("hx-request", "true")
        .body(Body::from(body.join("&")))
        .unwrap();
    let response = company.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let part = to_bytes(response.into_body(), 8 << 20).await.unwrap();
    let part = String::from_utf8(part.to_vec()).unwrap();
    for (id, said) in [("touched", "Draft"), ("history", "Draft begun by you")] {
        let at = part.find(&format!("id=\"{id}\" hx-swap-oob=\"true\"")).unwrap_or_else(|| panic!("no {id}"));
        assert!(part[at..].contains(said), "{id}");
        assert!(page.contains(&format!("id=\"{id}\">")), "{id} is on the page");
    }
    assert!(!part.contains("Nothing changed yet"));
}

#[tokio::test]
async fn how_often_a_step_is_hoped_for_is_set_changed_and_taken_away() {
    let company = Company::new(false).await;
    let steps = default().split("\nsteps:").nth(1).unwrap();
    let index = steps.split("\n  - id: ").skip(1).position(|step| step.starts_with("early_intro")).unwrap();
    let way = format!("steps.{index}");
    let page = company.opened(&way).await;
    assert!(page.contains("name=\"times.at_most\""), "{}", words(&page));
    let one = with(form(&page, "open"), &[("times.at_most", ""), ("do", "save")]);
    let refused = company.posts("form", one).await.refused();
    assert!(words(&refused).contains("Give both, or leave both blank."), "{}", words(&refused));
    let more = with(form(&page, "open"), &[("times.at_most", "3"), ("do", "save")]);
    company.posts("form", more).await.sent_to();
    assert_eq!(
        differences(default(), &company.draft().await.unwrap()),
        ["-    times: { at_least: 1, at_most: 2 }", "+    times: { at_least: 1, at_most: 3 }"]
    );
    let page = company.opened(&way).await;
    let none = with(form(&page, "open"), &[("times.at_least", ""), ("times.at_most", ""), ("do", "save")]);
    company.posts("form", none).await.sent_to();
    assert_eq!(
        differences(default(), &company.draft().await.unwrap()),
        ["-    times: { at_least: 1, at_most: 2 }"]
    );
    let page = company.opened(&way).await;
    let again = [("times.at_least", "1"), ("times.at_most", "2"), ("do", "save")];
    company.posts("form", with(form(&page, "open"), &again)).await.sent_to();
    assert!(company.draft().await.unwrap().contains("    times: { at_least: 1, at_most: 2 }"));
}

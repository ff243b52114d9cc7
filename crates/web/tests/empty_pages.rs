//! Lists with nothing in them: each says what would stand here, and leads to what fills it whoever may do that.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a page that does not answer as it must ends the test"
)]

mod company;

use company::{Company, is_clean, words};
use throughline_domain::Role;

/// What a page says where a list is empty, each with its title, a sentence and what to do.
fn empty(html: &str) -> Vec<&str> {
    html.split("<div class=\"empty\">").skip(1).map(|rest| rest.split("</section>").next().unwrap()).collect()
}

/// The page's empty list whose words hold `said`.
async fn says(company: &Company, role: Role, path: &str, said: &str) -> String {
    let page = company.get(role, path).await;
    assert!(page.status.is_success(), "{path}: {} {}", page.status, words(&page.body));
    let page = page.body;
    is_clean(path, &page);
    let found = empty(&page);
    let block = found.iter().find(|block| plain(block).contains(said));
    (*block.unwrap_or_else(|| panic!("{path} does not say “{said}”: {}", words(&page)))).to_owned()
}

fn plain(html: &str) -> String {
    let text = html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
    text.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_empty_list_says_what_to_do_next_and_leads_there() {
    let company = Company::new(true).await;
    let handoff = format!("/handoffs/{}", company.deal);
    let cases: &[(Role, &str, &str, &str)] = &[
        (Role::Admin, "/deals?q=zzzz", "Nothing found", "href=\"/deals"),
        (Role::Admin, "/board?q=zzzz", "Nothing found", "href=\"/board"),
        (Role::Admin, "/board?q=zzzz&as=table", "Nothing found", "href=\"/board"),
        (Role::Ae, "/views", "No views yet", "href=\"/board\""),
        (Role::Admin, "/people?show=unmapped", "Every owner is known", "href=\"/people\""),
        (Role::Admin, "/people?q=zzzz", "Nobody found", "href=\"/people\""),
        (Role::Admin, "/people/teams", "No teams yet", "href=\"#new-team\""),
        (Role::Admin, "/settings/tokens", "No tokens yet", "href=\"#new\""),
        (Role::Admin, "/settings/events", "Nobody yet", "href=\"#new\""),
        (Role::Admin, "/settings/mail?became=used", "No such mail", "href=\"/settings/mail\""),
        (Role::Auditor, "/letters", "No letters for you yet", "href=\"/settings/notifications\""),
        (Role::DealDesk, "/deal-desk", "Nothing waits for a decision", "href=\"/deal-desk?view=decided\""),
        (Role::DealDesk, "/deal-desk?view=decided", "No such decisions", "href=\"/deal-desk\""),
        (Role::Admin, "/search", "Find a deal", "href=\"/deals\""),
        (Role::Admin, "/search?q=zzzz", "Nothing is called", "href=\"/deals\""),
        (Role::Admin, "/crm?q=zzzz", "Nothing found", "href=\"/crm\""),
        (Role::Ae, "{handoff}/promises", "No promises yet", "/items/new"),
        (Role::CsLeader, "{handoff}/questions", "No questions", "href=\"#ask\""),
        (Role::Ae, "{handoff}/review", "No criteria yet", "{handoff}\""),
    ];
    for (role, path, said, leads) in cases {
        let path = path.replace("{handoff}", &handoff);
        let block = says(&company, *role, &path, said).await;
        let leads = leads.replace("{handoff}", &handoff);
        assert!(block.contains(&leads), "{path} does not lead to {leads}: {block}");
    }
}

#[tokio::test]
async fn nobody_is_led_to_what_they_may_not_do() {
    let company = Company::new(false).await;
    let teams = says(&company, Role::Csm, "/people/teams", "No teams yet").await;
    assert!(!teams.contains("<a "), "{teams}");
    let page = format!("/handoffs/{}/promises", company.deal);
    let promises = says(&company, Role::Auditor, &page, "No promises yet").await;
    assert!(!promises.contains("<a "), "{promises}");
}

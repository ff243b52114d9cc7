//! What every button of the pages is for a program: the table of page actions and the API's operations.
//!
//! A page action that is new and not in the table fails the test, and so does an operation that no page offers and that
//! is not said to be for programs alone. Absent on purpose: what a page shows; that is the matrix's and the browser's.

use std::collections::BTreeSet;

use super::routes::routes;
use crate::{api::report, sample::operations};

/// What a page action is for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// These operations, together or by what is filled in.
    Programs(&'static [&'static str]),
    /// Nothing, and why.
    Nobody(&'static str),
}

use For::{Nobody, Programs};

const BROWSER: &str = "how this browser shows the pages";
const WAY_IN: &str = "how somebody comes in or goes; a program has a token";
const CUSTOMER: &str = "customers take part in the portal, and no program speaks for them";
const FILE: &str = "a file that lies with the server until it is run; a program sends each deal itself";

/// Every page action, by its address.
pub const ACTIONS: &[(&str, For)] = &[
    // A stand-in that only a made-up company has; a real CRM asks the same.
    ("/crm/{external_id}/csm", Programs(&["checkGate", "putDeal"])),
    ("/crm/{external_id}/stage", Programs(&["checkGate", "putDeal"])),
    ("/deal-desk/{handoff}/{item}", Programs(&["decidePromise"])),
    ("/deals/open", Programs(&["openDeal"])),
    ("/handoffs/{id}/accept", Programs(&["accept"])),
    ("/handoffs/{id}/acknowledge", Programs(&["acknowledgeAmendments"])),
    ("/handoffs/{id}/answer-return", Programs(&["answerReturn"])),
    ("/handoffs/{id}/answers/{ask}", Programs(&["answer"])),
    ("/handoffs/{id}/answers/{ask}/clear", Programs(&["clear"])),
    ("/handoffs/{id}/answers/{ask}/none", Programs(&["declareNone"])),
    ("/handoffs/{id}/call-sheet", Programs(&["reportStep"])),
    ("/handoffs/{id}/confirm-kickoff", Programs(&["confirmKickoff"])),
    ("/handoffs/{id}/contributors/add", Programs(&["addContributor"])),
    ("/handoffs/{id}/contributors/remove", Programs(&["removeContributor"])),
    ("/handoffs/{id}/criteria/{item}", Programs(&["confirmCriterion"])),
    ("/handoffs/{id}/decline", Programs(&["decline"])),
    ("/handoffs/{id}/finish", Programs(&["finish"])),
    ("/handoffs/{id}/gates/{gate}/attempt", Programs(&["attemptGate"])),
    ("/handoffs/{id}/gates/{gate}/waivers", Programs(&["askWaiver"])),
    ("/handoffs/{id}/hand-over", Programs(&["handOver"])),
    ("/handoffs/{id}/items/new", Programs(&["addItem"])),
    ("/handoffs/{id}/items/{item}", Programs(&["changeItem"])),
    ("/handoffs/{id}/items/{item}/also/{ask}", Programs(&["changeItem"])),
    ("/handoffs/{id}/items/{item}/remove", Programs(&["removeItem"])),
    ("/handoffs/{id}/marks/{category}", Programs(&["mark"])),
    ("/handoffs/{id}/nominate", Programs(&["nominate"])),
    ("/handoffs/{id}/offer", Programs(&["offer"])),
    ("/handoffs/{id}/plan/ask-by-mail", Programs(&["askPlanByMail"])),
    ("/handoffs/{id}/plan/ask-by-mail/take-back", Programs(&["takePlanMailBack"])),
    ("/handoffs/{id}/plan/comments", Programs(&["commentPlan"])),
    ("/handoffs/{id}/plan/confirm", Programs(&["confirmPlan"])),
    ("/handoffs/{id}/plan/customers", Programs(&["grantPortal"])),
    ("/handoffs/{id}/plan/customers/{person}", Programs(&["grantPortal", "changePortal"])),
    ("/handoffs/{id}/plan/customers/{person}/revoke", Programs(&["revokePortal"])),
    ("/handoffs/{id}/plan/milestones", Programs(&["setMilestone"])),
    ("/handoffs/{id}/plan/milestones/{milestone}", Programs(&["setMilestone"])),
    ("/handoffs/{id}/plan/milestones/{milestone}/reached", Programs(&["completeMilestone", "setMilestone"])),
    ("/handoffs/{id}/plan/milestones/{milestone}/remove", Programs(&["removeMilestone"])),
    ("/handoffs/{id}/plan/open", Programs(&["openPlan"])),
    ("/handoffs/{id}/plan/prerequisites/{prerequisite}", Programs(&["commitPrerequisite"])),
    ("/handoffs/{id}/plan/proposals/{proposal}", Programs(&["answerProposal"])),
    ("/handoffs/{id}/promises/{item}/correct", Programs(&["correctPromise"])),
    ("/handoffs/{id}/promises/{item}/decide", Programs(&["decidePromise"])),
    ("/handoffs/{id}/promises/{item}/settle", Programs(&["settlePromise"])),
    ("/handoffs/{id}/questions", Programs(&["ask"])),
    ("/handoffs/{id}/questions/{question}", Programs(&["answerQuestion"])),
    ("/handoffs/{id}/ratings/{rating}", Programs(&["rate"])),
    ("/handoffs/{id}/reassign", Programs(&["reassign"])),
    ("/handoffs/{id}/reopen", Programs(&["reopen"])),
    ("/handoffs/{id}/return", Programs(&["return"])),
    ("/handoffs/{id}/route", Programs(&["reroute"])),
    ("/handoffs/{id}/seats", Programs(&["setSeat"])),
    ("/handoffs/{id}/signs", Programs(&["noteSign"])),
    ("/handoffs/{id}/signs/{number}/take-back", Programs(&["takeBackSign"])),
    ("/handoffs/{id}/steps/{step}/call-off", Programs(&["callOffMeeting"])),
    ("/handoffs/{id}/steps/{step}/plan", Programs(&["planMeeting"])),
    ("/handoffs/{id}/steps/{step}/report", Programs(&["reportStep"])),
    ("/handoffs/{id}/steps/{step}/{number}/confirm", Programs(&["confirmStep"])),
    ("/handoffs/{id}/steps/{step}/{number}/correct", Programs(&["correctStep"])),
    ("/handoffs/{id}/steps/{step}/{number}/dispute", Programs(&["disputeStep"])),
    ("/handoffs/{id}/take-on", Programs(&["takeOn"])),
    ("/handoffs/{id}/take-over", Programs(&["takeOver"])),
    ("/handoffs/{id}/waivers/{waiver}/deny", Programs(&["denyWaiver"])),
    ("/handoffs/{id}/waivers/{waiver}/grant", Programs(&["grantWaiver"])),
    ("/handoffs/{id}/withdraw-offer", Programs(&["withdrawOffer"])),
    ("/import", Nobody(FILE)),
    ("/import/{key}/check", Nobody(FILE)),
    ("/import/{key}/forget", Nobody(FILE)),
    ("/import/{key}/run", Programs(&["putDeal"])),
    ("/language", Nobody(BROWSER)),
    ("/people/invite", Programs(&["invitePerson"])),
    ("/people/invite/many", Programs(&["invitePeople"])),
    ("/people/teams", Programs(&["createTeam", "changeTeam"])),
    ("/people/teams/{id}/calendar", Programs(&["setTeamCalendar"])),
    ("/people/teams/{id}/calendar/country", Programs(&["findHolidays", "setTeamCalendar"])),
    ("/people/teams/{id}/calendar/end", Programs(&["endTeamCalendar"])),
    ("/people/teams/{id}/calendar/file", Programs(&["readHolidays", "setTeamCalendar"])),
    ("/people/{id}", Programs(&["changePerson"])),
    ("/people/{id}/absence", Programs(&["setAbsence"])),
    ("/people/{id}/absence/end", Programs(&["endAbsence"])),
    ("/people/{id}/invite", Programs(&["changePerson", "invitePerson"])),
    ("/people/{id}/leave", Programs(&["deactivatePerson"])),
    ("/people/{id}/map", Programs(&["mapPerson"])),
    ("/people/{id}/reassign", Programs(&["reassignPerson"])),
    ("/people/{id}/reset", Programs(&["resetPassword"])),
    ("/people/{id}/share", Programs(&["moveHandoffs"])),
    ("/playbooks/{name}/edit/drop", Programs(&["dropPlaybookDraft"])),
    ("/playbooks/{name}/edit/form", Programs(&["keepPlaybookDraft"])),
    ("/playbooks/{name}/edit/items", Programs(&["keepPlaybookDraft"])),
    ("/playbooks/{name}/edit/publish", Programs(&["publishPlaybookDraft"])),
    ("/playbooks/{name}/edit/text", Programs(&["keepPlaybookDraft"])),
    ("/portal", Nobody(CUSTOMER)),
    ("/portal/code", Nobody(CUSTOMER)),
    ("/portal/enter", Nobody(CUSTOMER)),
    ("/portal/leave", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/comments", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/goals/{item}", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/milestones/{milestone}/done", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/milestones/{milestone}/own", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/prerequisites/{prerequisite}", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/proposals", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/sign", Nobody(CUSTOMER)),
    ("/portal/plans/{id}/sign/code", Nobody(CUSTOMER)),
    ("/publish-playbook", Programs(&["checkPlaybook", "publishPlaybook"])),
    ("/sample", Nobody("a person looks at made-up data as somebody of it; a program reads its own")),
    ("/settings/events", Programs(&["addEventSource"])),
    ("/settings/events/remove", Programs(&["removeEventSource"])),
    ("/settings/events/rotate", Programs(&["rotateEventSource"])),
    (
        "/settings/events/secret",
        Nobody("a secret is shown again to a person alone; a program is told it once"),
    ),
    ("/settings/notifications", Programs(&["setNotifications"])),
    ("/settings/organisation", Programs(&["changeSettings"])),
    ("/settings/organisation/calendar", Programs(&["changeSettings"])),
    ("/settings/organisation/calendar/country", Programs(&["findHolidays", "changeSettings"])),
    ("/settings/organisation/calendar/file", Programs(&["readHolidays", "changeSettings"])),
    ("/settings/sessions/end", Programs(&["endSession"])),
    ("/settings/start/playbook", Programs(&["changeSettings"])),
    ("/settings/start/sample", Programs(&["addSample"])),
    ("/settings/start/sample/remove", Programs(&["removeSample"])),
    ("/settings/templates/{kind}", Programs(&["checkTemplate", "changeTemplate"])),
    ("/settings/templates/{kind}/restore", Programs(&["restoreTemplate"])),
    ("/settings/tokens", Programs(&["createToken"])),
    ("/settings/tokens/revoke", Programs(&["revokeToken"])),
    (
        "/settings/zone",
        Nobody("in which zone somebody reads times is theirs to say, and no program reads for them"),
    ),
    ("/setup", Nobody(WAY_IN)),
    ("/sign-in", Nobody(WAY_IN)),
    ("/sign-out", Nobody(WAY_IN)),
    ("/theme", Nobody(BROWSER)),
    ("/views", Programs(&["saveView"])),
    ("/views/{id}", Programs(&["changeView"])),
    ("/views/{id}/choice", Programs(&["chooseView"])),
    ("/views/{id}/remove", Programs(&["removeView"])),
    ("/walk", Nobody(BROWSER)),
    ("/welcome", Nobody(WAY_IN)),
];

/// Operations that change something and that no page offers, and why.
const NO_PAGE: &[(&str, &str)] = &[
    ("receiveEvent", "other systems tell of what happened there"),
    ("receiveMail", "a mail server hands mail in"),
    ("eraseTexts", "an operator does it, with the deadline of a request by law in mind"),
    ("ownMilestone", "on the pages a milestone's owner is a field of it"),
];

/// The operations of an action; none where it is not in the table.
pub fn of(path: &str) -> Option<For> {
    ACTIONS.iter().find(|(action, _)| *action == path).map(|(_, what)| *what)
}

#[test]
fn every_action_of_the_pages_has_its_operation_or_says_why_not() {
    let document = throughline_api::openapi();
    let changes: BTreeSet<String> = operations(&document)
        .into_iter()
        .filter(|operation| operation.method != "get" || operation.id == "findHolidays")
        .map(|operation| operation.id)
        .collect();
    let acted: BTreeSet<String> = routes()
        .into_iter()
        .filter(|route| route.methods.contains(&"post"))
        .map(|route| route.path)
        .collect();
    let mut wrong: Vec<String> = acted
        .iter()
        .filter(|path| of(path).is_none())
        .map(|path| format!("{path}: nobody said which operation it is; see operations.rs"))
        .collect();
    let listed: BTreeSet<&str> = ACTIONS.iter().map(|(path, _)| *path).collect();
    assert_eq!(listed.len(), ACTIONS.len(), "an action is listed twice");
    wrong.extend(listed.iter().filter(|path| !acted.contains(**path)).map(|path| format!("{path} is gone")));

    let mut offered: BTreeSet<&str> = BTreeSet::new();
    for (path, what) in ACTIONS {
        match what {
            Programs([]) | Nobody("") => wrong.push(format!("{path} says nothing")),
            Programs(ids) => {
                offered.extend(*ids);
                let unknown = ids.iter().filter(|id| !changes.contains(**id));
                wrong.extend(unknown.map(|id| format!("{path}: the API has no operation {id}")));
            }
            Nobody(_) => {}
        }
    }
    for id in &changes {
        let alone = NO_PAGE.iter().any(|(only, why)| only == id && !why.is_empty());
        if offered.contains(id.as_str()) == alone {
            wrong.push(format!("{id}: offered by a page and said to have none, or neither"));
        }
    }
    report(&wrong);
}

//! What each page needs: the one list, and an address that is not on it fails the matrix.

use throughline_domain::access::Action as A;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody may come.
    Nothing,
    /// A session, of which it is about itself.
    Themselves,
    /// A session, whatever rights come with it.
    Session,
    /// A right somewhere.
    Right(A),
    /// A right on the handoff it is about.
    OnOne(A),
    /// A made-up company: elsewhere it is not there.
    Demo,
    /// To be in the customer's portal, as nobody who works here is, whatever their rights.
    Visitor,
}

/// What an address needs; none where nobody said.
pub fn needs(path: &str, method: &str) -> Option<Needs> {
    use Needs::{Demo, Nothing, OnOne, Right, Session, Themselves, Visitor};
    if path.starts_with("/handoffs/{id}") {
        // Whoever may read it may look at every page of it; what may be pressed there is another matter.
        let forms = ["/items/new", "/items/{item}", "/plan/ask-by-mail", "/plan/customers"];
        let form = forms.iter().any(|end| path.ends_with(end));
        return if method == "get" && !form { Some(OnOne(A::Read)) } else { pressed(path).map(OnOne) };
    }
    Some(match path {
        "/assets/{*path}" | "/problems/{kind}" | "/setup" | "/sign-in" | "/welcome" | "/language"
        | "/theme" | "/walk" => Nothing,
        "/portal" | "/portal/sent" | "/portal/enter" | "/portal/code" => Nothing,
        _ if path.starts_with("/portal/") => Visitor,
        "/sign-out" | "/settings/sessions/end" => Themselves,
        "/"
        | "/search"
        | "/search/lines"
        | "/live"
        | "/settings"
        | "/settings/zone"
        | "/settings/notifications"
        | "/letters"
        | "/letters/{id}"
        | "/sample" => Session,
        "/queue" | "/week" | "/deals" | "/board" => Right(A::Read),
        _ if path.starts_with("/views") => Right(A::Read),
        "/deals/open" => Right(A::Open),
        "/deal-desk" | "/deal-desk/{handoff}/{item}" => Right(A::DecidePromise),
        _ if path.starts_with("/crm") || path.starts_with("/mailbox") => Demo,
        _ if path.starts_with("/import") => Right(A::SendDeals),
        _ if path == "/publish-playbook" || path.ends_with("/versions") && method == "post" => {
            Right(A::ManagePlaybooks)
        }
        _ if path.starts_with("/playbooks/{name}/edit") => Right(A::ManagePlaybooks),
        _ if path.starts_with("/playbooks") => Right(A::ReadPlaybooks),
        "/settings/audit" | "/settings/audit/verify" => Right(A::Audit),
        "/settings/mail" => Right(A::ReadMessages),
        // How the company is set is no secret in it.
        "/settings/organisation" if method == "get" => Session,
        _ if path.starts_with("/settings/tokens") => Right(A::ManageTokens),
        _ if path.starts_with("/settings/") => Right(A::ManageSettings),
        "/people" | "/people/{id}" | "/people/options" | "/people/teams" if method == "get" => {
            Right(A::ReadPeople)
        }
        _ if path.starts_with("/people/teams/{id}/calendar") => Right(A::ManageSettings),
        _ if path.starts_with("/people") => Right(A::ManagePeople),
        _ => return None,
    })
}

/// What a button on a handoff's pages needs.
fn pressed(path: &str) -> Option<A> {
    let rest = path.strip_prefix("/handoffs/{id}/")?;
    Some(match rest {
        "accept" | "return" => A::AnswerOffer,
        "acknowledge" => A::AcknowledgeAmendments,
        "answer-return" => A::AnswerReturn,
        "confirm-kickoff" => A::ConfirmKickoff,
        "criteria/{item}" => A::ConfirmCriterion,
        "finish" => A::Finish,
        "gates/{gate}/attempt" => A::AttemptGate,
        "gates/{gate}/waivers" => A::AskWaiver,
        "marks/{category}" => A::Mark,
        "nominate" => A::Nominate,
        "offer" | "withdraw-offer" => A::Offer,
        "promises/{item}/correct" => A::CorrectPromise,
        "promises/{item}/decide" => A::DecidePromise,
        "promises/{item}/settle" => A::SettlePromise,
        "questions" => A::Ask,
        "questions/{question}" => A::AnswerQuestion,
        "ratings/{rating}" | "signs" | "signs/{number}/take-back" => A::Rate,
        "reassign" => A::Reassign,
        "reopen" => A::Reopen,
        "route" => A::Reroute,
        "seats" | "contributors/add" | "contributors/remove" | "hand-over" | "take-on" | "decline" => {
            A::SetSeat
        }
        "call-sheet"
        | "steps/{step}/report"
        | "steps/{step}/{number}/correct"
        | "steps/{step}/plan"
        | "steps/{step}/call-off" => A::ReportStep,
        "steps/{step}/{number}/confirm" | "steps/{step}/{number}/dispute" => A::ConfirmStep,
        "take-over" => A::TakeOver,
        "waivers/{waiver}/deny" | "waivers/{waiver}/grant" => A::DecideWaiver,
        _ if rest.starts_with("answers/") || rest.starts_with("items/") => A::Fill,
        _ if rest.starts_with("plan") => A::Plan,
        _ => return None,
    })
}

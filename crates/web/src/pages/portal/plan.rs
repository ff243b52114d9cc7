//! The one page: what is asked of them, who is answerable, what comes next, their goals, the plan, and what was said.

use askama::Template;
use axum::{Router, extract::Query, http::Uri, response::Response, routing::get};
use serde::Deserialize;
use throughline_app::portal::{PortalView, view::PortalSignature};
use throughline_domain::HandoffId;
use throughline_http::Web;

use super::{
    Answer, Frame, In, Inside, Lost,
    forms::Typed,
    shown::{
        Agreed, Contact, Goal, Maker, Milestone, Need, Next, OneField, Prerequisite, Proposal, Propose, Said,
    },
};
use crate::{
    answer::{html, html_with, redirect},
    chrome::Chrome,
    i18n::{Key, Text},
    key,
};

/// Of a plan with more milestones than this only one shows what can be done with it.
const LONG: usize = 40;

/// How many milestones of a long plan are in sight at once.
const NEXT: usize = 20;

/// How many things asked of them are in sight at once.
const FIRST: usize = 6;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/portal/plan", get(newest)).route("/portal/plans/{id}", get(show))
}

/// Which milestone is open.
#[derive(Deserialize, Default)]
struct Opened {
    open: Option<String>,
}

/// Another plan of theirs.
struct Other {
    href: String,
    text: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/portal/plan.html")]
struct PlanPage {
    chrome: Chrome,
    f: Frame,
    t: Text,
    base: String,
    account: String,
    company: String,
    greeting: String,
    others: Vec<Other>,
    needs: Vec<Need>,
    /// Those after the first few.
    more: Vec<Need>,
    contact: Contact,
    csm: Option<Contact>,
    next: Vec<Next>,
    goals: Vec<Goal>,
    plan: Option<PlanShown>,
    /// What is wrong with a form the page does not have any more.
    refused: Option<String>,
}

struct PlanShown {
    /// How many milestones there are.
    count: usize,
    reached: usize,
    /// Those in sight: of a long plan what comes next, else all.
    milestones: Vec<Milestone>,
    /// Of a long plan those that were reached, and whether one of them is looked at.
    reached_first: Vec<Milestone>,
    reached_open: bool,
    /// Of a long plan those after the next few, and whether one of them is looked at.
    later: Vec<Milestone>,
    later_open: bool,
    prerequisites: Vec<Prerequisite>,
    proposals: Vec<Proposal>,
    comments: Vec<Said>,
    say: OneField,
    propose: Propose,
    agreed: Agreed,
    /// There is something to sign, and they may.
    sign: bool,
    /// Signatures, where they can be downloaded: those in force first, then earlier ones, the newest first.
    signed: Vec<Signed>,
    /// The key their files are sealed with.
    key: Option<String>,
}

/// A signature's files.
struct Signed {
    plan: String,
    seal: String,
    /// The same on paper, and the seal of that.
    paper: Vec<(String, String)>,
    name: String,
    /// What they are.
    about: String,
}

impl Signed {
    fn paper(&self) -> &[(String, String)] {
        &self.paper
    }
}

impl PlanShown {
    fn comments(&self) -> &[Said] {
        &self.comments
    }
}

#[derive(Template)]
#[template(path = "pages/portal/nothing.html")]
struct NothingPage {
    chrome: Chrome,
    f: Frame,
}

/// The newest of their plans; where there is none yet, that is said.
async fn newest(inside: Inside) -> Answer {
    let listed = inside.web.app.portal_handoffs(&inside.visitor).await?;
    Ok(match listed.first() {
        Some(one) => redirect(&format!("/portal/plans/{}", one.id), None),
        None => html(&NothingPage { chrome: inside.chrome(), f: inside.frame() }),
    })
}

async fn show(inside: Inside, In(id): In<HandoffId>, Query(opened): Query<Opened>) -> Answer {
    Ok(html(&made(&inside, id, None, opened.open.as_deref()).await?))
}

/// The page with a form that was refused in its place.
pub async fn again(inside: &Inside, id: HandoffId, typed: &Typed<'_>) -> Result<Response, Lost> {
    Ok(html_with(typed.status, &made(inside, id, Some(typed), None).await?))
}

/// A form that was shown again stands at the address it was posted to; who reloads that address, or changes the theme
/// there, goes to the plan.
pub async fn above(_: Inside, uri: Uri) -> Response {
    let plan: Vec<&str> = uri.path().split('/').take(4).collect();
    redirect(&plan.join("/"), None)
}

async fn made(
    inside: &Inside,
    id: HandoffId,
    typed: Option<&Typed<'_>>,
    opened: Option<&str>,
) -> Result<PlanPage, Lost> {
    let view = inside.web.app.portal_view(&inside.visitor, id).await?;
    let others = others(inside, id).await?;
    let t = &inside.t;
    let today = inside.today();
    let maker = Maker { t, id, company: &view.company, today, typed };
    let goals = view.criteria.iter().map(|one| maker.goal(one)).collect();
    let key = inside.web.app.seal_key(inside.visitor.org);
    let plan = plan_shown(&maker, &view, opened, key);
    let mut needs: Vec<_> = view.needs.iter().filter_map(|need| maker.need(&view, need)).collect();
    let more = needs.split_off(needs.len().min(FIRST));
    let next = view.next.iter().filter_map(|next| maker.next(&view, next)).collect();
    Ok(PlanPage {
        // What was posted stands at an address that is none to come back to.
        chrome: inside.chrome().at(format!("/portal/plans/{id}")),
        f: inside.frame(),
        t: t.clone(),
        base: format!("/portal/plans/{id}"),
        account: view.account.clone(),
        company: view.company.clone(),
        greeting: t.with(key!("portal-hello"), ("name", view.reader.as_str())).into_owned(),
        others,
        needs,
        more,
        contact: maker.contact(&view.answerable),
        csm: view.csm.as_ref().map(|csm| maker.contact(csm)),
        next,
        goals,
        plan,
        refused: typed.and_then(Typed::homeless),
    })
}

fn plan_shown(
    maker: &Maker<'_>,
    view: &PortalView,
    opened: Option<&str>,
    key: Option<String>,
) -> Option<PlanShown> {
    let plan = view.plan.as_ref()?;
    let long = plan.milestones.len() > LONG;
    let all: Vec<_> = plan.milestones.iter().map(|one| maker.milestone(one, opened, long)).collect();
    let (count, reached) = (all.len(), all.iter().filter(|one| one.reached.is_some()).count());
    let (reached_first, mut milestones): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| long && one.reached.is_some());
    let later = if long { milestones.split_off(milestones.len().min(NEXT)) } else { Vec::new() };
    let looked_at = |list: &[Milestone]| list.iter().any(|one| one.open);
    Some(PlanShown {
        count,
        reached,
        reached_open: looked_at(&reached_first),
        later_open: looked_at(&later),
        milestones,
        reached_first,
        later,
        prerequisites: plan.prerequisites.iter().map(|one| maker.prerequisite(one)).collect(),
        proposals: plan.proposals.iter().map(|one| maker.proposal(plan, one)).collect(),
        comments: plan.comments.iter().map(|one| maker.said(one)).collect(),
        say: maker.comment(None),
        propose: maker.propose(None),
        agreed: maker.agreed(plan),
        signed: if key.is_some() {
            let earlier = plan.earlier.iter().rev().map(|one| files(maker, one, key!("portal-file-earlier")));
            let in_force = plan.signatures.iter().map(|one| files(maker, one, key!("portal-file-of")));
            in_force.chain(earlier).collect()
        } else {
            Vec::new()
        },
        key,
        sign: plan.can_sign,
    })
}

fn files(maker: &Maker<'_>, one: &PortalSignature, about: Key) -> Signed {
    let args = (("name", one.name.as_str()), ("date", maker.t.date(maker.t.local_date(one.at))));
    let base = format!("/portal/plans/{}/signed/{}", maker.id, one.number);
    Signed {
        plan: format!("{base}/plan.json"),
        seal: format!("{base}/plan.seal.json"),
        paper: super::signed::on_paper(&base),
        name: one.name.clone(),
        about: maker.t.with(about, args).into_owned(),
    }
}

/// All of their plans, where there are several.
async fn others(inside: &Inside, id: HandoffId) -> Result<Vec<Other>, Lost> {
    let listed = inside.web.app.portal_handoffs(&inside.visitor).await?;
    if listed.len() < 2 {
        return Ok(Vec::new());
    }
    let since =
        |at| inside.t.with(key!("portal-plan-since"), ("date", inside.t.date(inside.t.local_date(at))));
    let other = |one: &throughline_app::portal::view::PortalListed| Other {
        href: format!("/portal/plans/{}", one.id),
        text: since(one.since).into_owned(),
        current: one.id == id,
    };
    Ok(listed.iter().map(other).collect())
}

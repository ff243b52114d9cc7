//! What a visitor presses. Each is one act of the application, on the state as it is then.

use axum::{Router, response::Response, routing::post};
use throughline_app::{AppError, portal::PortalAct};
use throughline_domain::{HandoffId, ItemId, Key, MilestoneId, handoff::Milestone, handoff::command};
use throughline_http::Web;

use super::{
    Answer, In, Inside, Lost,
    forms::Typed,
    plan::{above, again},
};
use crate::{form::Posted, i18n::Key as Words, key};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/portal/plans/{id}/goals/{item}", post(goal).get(above))
        .route("/portal/plans/{id}/prerequisites/{prerequisite}", post(commit).get(above))
        .route("/portal/plans/{id}/milestones/{milestone}/own", post(own).get(above))
        .route("/portal/plans/{id}/milestones/{milestone}/done", post(done).get(above))
        .route("/portal/plans/{id}/proposals", post(propose).get(above))
        .route("/portal/plans/{id}/comments", post(comment).get(above))
}

/// Where an act is done, and what is said once it is.
struct Place {
    /// The form on the page.
    form: String,
    /// Where the page is looked at again.
    back: String,
    done: Words,
}

impl Place {
    fn new(form: impl Into<String>, back: impl Into<String>, done: Words) -> Self {
        Self { form: form.into(), back: back.into(), done }
    }

    fn of_milestone(milestone: MilestoneId, form: &str, done: Words) -> Self {
        let back = format!("?open={milestone}#milestone-{milestone}");
        Self::new(format!("milestone-{milestone}-{form}"), back, done)
    }
}

async fn does(
    inside: &Inside,
    id: HandoffId,
    posted: &Posted,
    place: Place,
    act: Result<PortalAct, AppError>,
) -> Result<Response, Lost> {
    let done = match act {
        Ok(act) => inside.web.app.portal_act(&inside.visitor, id, act).await,
        Err(why) => Err(why),
    };
    match done {
        Ok(_) => {
            let back = format!("/portal/plans/{id}{}", place.back);
            Ok(inside.back(&back, &inside.t.get(place.done)))
        }
        Err(why) => again(inside, id, &Typed::of(inside, place.form, posted, why)?).await,
    }
}

async fn goal(inside: Inside, In((id, item)): In<(HandoffId, ItemId)>, posted: Posted) -> Answer {
    let right = posted.get("answer") == Some("right");
    let act = || {
        let words = if right { None } else { Some(posted.text("words")?) };
        Ok(PortalAct::Criterion { item, read: posted.typed("read").to_owned(), words })
    };
    let done = if right { key!("portal-goal-right-done") } else { key!("portal-goal-other-done") };
    let place = Place::new(format!("goal-{item}"), format!("#goal-{item}"), done);
    does(&inside, id, &posted, place, act()).await
}

async fn commit(inside: Inside, In((id, prerequisite)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let form = format!("commit-{prerequisite}");
    // Whoever goes through the list of what is asked stays at it.
    let back = if posted.get("from") == Some("needs") { "#needs".to_owned() } else { format!("#{form}") };
    let place = Place::new(form, back, key!("portal-commit-done"));
    does(&inside, id, &posted, place, Ok(PortalAct::Commit { prerequisite })).await
}

async fn own(inside: Inside, In((id, milestone)): In<(HandoffId, MilestoneId)>, posted: Posted) -> Answer {
    let act =
        || Ok(PortalAct::Own(command::OwnMilestone { id: milestone, owner: posted.opt_text("owner")? }));
    let place = Place::of_milestone(milestone, "own", key!("portal-own-done"));
    does(&inside, id, &posted, place, act()).await
}

/// Reached on a day, or not reached after all.
async fn done(inside: Inside, In((id, milestone)): In<(HandoffId, MilestoneId)>, posted: Posted) -> Answer {
    let undone = posted.get("undo").is_some();
    let act = || {
        let on = if undone { None } else { Some(posted.date("on")?) };
        Ok(PortalAct::Complete(command::CompleteMilestone { id: milestone, on }))
    };
    let said = if undone { key!("portal-undone") } else { key!("portal-done") };
    does(&inside, id, &posted, Place::of_milestone(milestone, "done", said), act()).await
}

async fn propose(inside: Inside, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let of = posted.opt_parse::<MilestoneId>("of");
    let place = match &of {
        Ok(Some(milestone)) => Place::of_milestone(*milestone, "change", key!("portal-propose-done")),
        _ => Place::new("propose", "#proposals", key!("portal-propose-done")),
    };
    let act = || {
        let milestone = Milestone {
            title: posted.text("title")?,
            side: posted.one_of("side")?,
            owner: posted.opt_text("owner")?,
            due_on: posted.opt_date("due_on")?,
            reached_on: None,
        };
        Ok(PortalAct::Propose(command::ProposeMilestone { of: of?, milestone }))
    };
    does(&inside, id, &posted, place, act()).await
}

async fn comment(inside: Inside, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let of = posted.opt_parse::<MilestoneId>("milestone");
    let place = match &of {
        Ok(Some(milestone)) => Place::of_milestone(*milestone, "say", key!("portal-say-done")),
        _ => Place::new("say", "#conversation", key!("portal-say-done")),
    };
    let act = || Ok(PortalAct::Comment(command::CommentPlan { milestone: of?, text: posted.text("text")? }));
    does(&inside, id, &posted, place, act()).await
}

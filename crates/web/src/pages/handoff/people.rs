//! Who is on a handoff: one accountable person in each role with whoever works along, and the account handed over to
//! another AE or CSM with everything that goes along (R0.7).

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::{AppError, contributors::Contributing, handover::GoesAlong, read::HandoffView};
use throughline_domain::{
    HandoffId, PersonId, Role,
    access::Action,
    handoff::{Successor, command},
};
use throughline_http::Web;

use super::{
    In, act,
    frame::{self, Frame, View, person, role},
    steps::people_choices,
    taken,
    workload::csm_choices,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Key,
    key,
    pages::people::{
        absence,
        pick::{self, Candidates, Pick},
    },
    ui::{Choice, Control, Field, Person, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/people", get(show))
        .route("/handoffs/{id}/contributors/add", post(add))
        .route("/handoffs/{id}/contributors/remove", post(remove))
        .route("/handoffs/{id}/hand-over", post(hand_over))
        .route("/handoffs/{id}/take-on", post(take_on))
        .route("/handoffs/{id}/decline", post(decline))
}

/// Somebody on the handoff, with whether they are away.
struct Who {
    id: String,
    person: Person,
}

/// A role with everybody in it.
struct RoleRow {
    name: &'static str,
    title: String,
    accountable: Who,
    along: Vec<Who>,
    /// Whom to add.
    add: Option<Pick>,
}

/// The account with somebody, and who is to follow.
struct Change {
    id: &'static str,
    title: String,
    from: Person,
    /// Who is named, and why.
    named: Option<(String, String)>,
    /// The reader is named.
    mine: bool,
    /// To name somebody: where it is posted, and whom.
    name: Option<(String, Vec<Choice>)>,
}

#[derive(Template)]
#[template(path = "pages/handoff/people.html")]
struct PeoplePage {
    chrome: Chrome,
    f: Frame,
    roles: Vec<RoleRow>,
    changes: Vec<Change>,
    along: Vec<(String, Vec<String>)>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let app = &visit.web.app;
    let view = app.view(&visit.caller, id).await?;
    let (t, handoff) = (&visit.t, &view.loaded.handoff);
    let may_set = handoff.life.takes_reports() && view.rights.contains(&Action::SetSeat);
    let candidates = if may_set { Some(Candidates::load(&visit).await?) } else { None };
    let mut roles = Vec::new();
    for (one, seat) in &handoff.seats {
        let field =
            Field::new("person", t.get(key!("hpeople-whom"))).id(format!("add-{}", one.name())).required();
        roles.push(RoleRow {
            name: one.name(),
            title: role(t, *one),
            accountable: who(&visit, &view, seat.person),
            along: seat.contributors.iter().map(|one| who(&visit, &view, *one)).collect(),
            add: candidates
                .as_ref()
                .filter(|_| visit.caller.gives_seat(handoff, *one))
                .map(|candidates| candidates.pick(field, "", Some(seat.person))),
        });
    }
    if let Some(csm) = handoff.csm() {
        roles.push(RoleRow {
            name: Role::Csm.name(),
            title: role(t, Role::Csm),
            accountable: who(&visit, &view, csm),
            along: Vec::new(),
            add: None,
        });
    }
    let page = PeoplePage {
        chrome: visit.chrome(Some(Place::Deals)),
        changes: changes(&visit, &view).await?,
        along: along(&visit, GoesAlong::of(handoff)),
        roles,
        f: Frame::new(&visit, &view, View::People),
    };
    Ok(html(&page))
}

/// A person of the handoff; who is away says so.
fn who(visit: &Visit, view: &HandoffView, id: PersonId) -> Who {
    let shown = person(view, id);
    let away = view.people.get(&id).and_then(|one| absence::beside(visit, &view.loaded.org, one));
    Who { id: id.to_string(), person: if let Some(away) = away { shown.as_a(away) } else { shown } }
}

async fn changes(visit: &Visit, view: &HandoffView) -> Result<Vec<Change>, AppError> {
    let (t, handoff) = (&visit.t, &view.loaded.handoff);
    let base = format!("/handoffs/{}", handoff.id);
    let running = handoff.life.takes_reports();
    let named = |next: &Successor| {
        let by = frame::who(t, view, next.by);
        let args = (("name", view.name(next.to)), ("by", by), ("time", t.moment(next.at)));
        (t.with(key!("hpeople-named"), args).into_owned(), next.reason.to_string())
    };
    let mine = |next: &Option<Successor>| next.as_ref().is_some_and(|next| visit.caller.acts_for(next.to));
    let may = visit.caller.gives_seat(handoff, Role::Ae);
    let ae = if running && may {
        let held = handoff.seats.get(&Role::Ae).map(|seat| seat.person.to_string());
        let mut choices = people_choices(visit, Role::Ae, None).await?;
        choices.retain(|choice| Some(&choice.value) != held.as_ref());
        Some((format!("{base}/hand-over"), choices))
    } else {
        None
    };
    let mut changes = vec![Change {
        id: "ae",
        title: t.get(key!("hpeople-ae")).into_owned(),
        from: person(view, handoff.seller()),
        named: handoff.next_seller.as_ref().map(named),
        mine: mine(&handoff.next_seller),
        name: ae,
    }];
    if let Some(csm) = handoff.csm().filter(|_| handoff.stage.assigned_at().is_some()) {
        let may = running && view.rights.contains(&Action::Reassign);
        let name = if may {
            let mut choices = csm_choices(visit, view).await?;
            choices.retain(|choice| choice.value != csm.to_string());
            Some((format!("{base}/reassign"), choices))
        } else {
            None
        };
        changes.push(Change {
            id: "csm",
            title: t.get(key!("hpeople-csm")).into_owned(),
            from: person(view, csm),
            named: handoff.successor.as_ref().map(named),
            mine: mine(&handoff.successor),
            name,
        });
    }
    Ok(changes)
}

/// What goes along, under headings; what there is none of is left out.
fn along(visit: &Visit, goes: GoesAlong) -> Vec<(String, Vec<String>)> {
    let all: [(Key, Vec<String>); 6] = [
        (key!("hpeople-promises"), goes.promises),
        (key!("hpeople-questions"), goes.questions),
        (key!("hpeople-milestones"), goes.milestones),
        (key!("hpeople-criteria"), goes.criteria),
        (key!("hpeople-people"), goes.people),
        (key!("hpeople-risks"), goes.risks),
    ];
    let some = all.into_iter().filter(|(_, lines)| !lines.is_empty());
    some.map(|(heading, lines)| (visit.t.get(heading).into_owned(), lines)).collect()
}

fn back(id: HandoffId) -> String {
    View::People.href(id)
}

async fn contributing(visit: &Visit, posted: &Posted) -> Result<Contributing, AppError> {
    let found = pick::posted(visit, posted, "person").await?;
    let person =
        found.ok_or_else(|| AppError::invalid("person", visit.t.get(key!("people-pick-somebody"))))?;
    Ok(Contributing { role: posted.one_of::<Role>("role")?, person, reason: posted.opt_text("reason")? })
}

async fn add(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let done = async {
        let who = contributing(&visit, &posted).await?;
        visit.web.app.add_contributor(&visit.caller, id, who).await
    };
    Ok(match done.await {
        Ok(_) => visit.back(&back(id), Tone::Good, &visit.t.get(key!("hpeople-added"))),
        Err(why) => visit.refused(why, &posted, &back(id)).await,
    })
}

async fn remove(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let done = async {
        let who = contributing(&visit, &posted).await?;
        visit.web.app.remove_contributor(&visit.caller, id, who).await
    };
    Ok(match done.await {
        Ok(_) => visit.back(&back(id), Tone::Good, &visit.t.get(key!("hpeople-removed"))),
        Err(why) => visit.refused(why, &posted, &back(id)).await,
    })
}

async fn hand_over(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| {
        Ok(command::HandOver { to: posted.parse::<PersonId>("to")?, reason: posted.text("reason")? })
    });
    Ok(act(&visit, id, command, &posted, &back(id), key!("hpeople-named-flash")).await)
}

async fn take_on(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::TakeOn {}));
    Ok(act(&visit, id, command, &posted, &back(id), key!("hpeople-taken-flash")).await)
}

async fn decline(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Decline { reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back(id), key!("hpeople-declined-flash")).await)
}

/// Whom a form of this view may name, for a form shown again.
pub(super) async fn ae_choices(visit: &Visit) -> Result<Vec<Choice>, AppError> {
    people_choices(visit, Role::Ae, None).await
}

/// A field for who may work along: anybody who can sign in.
pub(super) async fn anybody(visit: &Visit, field: Field) -> Result<Control, AppError> {
    let Pick { field, choices, typed } = Candidates::load(visit).await?.pick(field, "", None);
    Ok(if typed.is_some() { Control::Line(field, "text") } else { Control::Select(field, choices) })
}

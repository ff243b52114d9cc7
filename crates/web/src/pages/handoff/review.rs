//! The receiving team's place: the offer and its answer, the return, the scorecard, what the customer says to their
//! criteria now, the ratings.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    Actor, HandoffId, ItemId, Key, PersonId,
    access::Action,
    gate::Verdict,
    handoff::{Mark, Stage, command},
    playbook::{Category, Gate, MarkedWhen, Rating},
    record::{Body, Criterion, Item, List},
};
use throughline_http::Web;

use super::{
    In, act, answers,
    forms::Form,
    frame::{Frame, View, gap, person},
    gates::local_input,
    items,
    steps::csm_choices,
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, Control, Draft, Person, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/review", get(show))
        .route("/handoffs/{id}/nominate", post(nominate))
        .route("/handoffs/{id}/offer", post(offer))
        .route("/handoffs/{id}/withdraw-offer", post(withdraw))
        .route("/handoffs/{id}/accept", post(accept))
        .route("/handoffs/{id}/reassign", post(reassign))
        .route("/handoffs/{id}/return", post(send_back))
        .route("/handoffs/{id}/answer-return", post(answer_return))
        .route("/handoffs/{id}/marks/{category}", post(mark))
        .route("/handoffs/{id}/criteria/{item}", post(confirm))
        .route("/handoffs/{id}/ratings/{rating}", post(rate))
}

/// Where the offer stands, and what the reader can do about it.
struct OfferView {
    text: String,
    who: Option<Person>,
    /// CSMs to nominate or offer to.
    csms: Option<Vec<Choice>>,
    may_nominate: bool,
    may_offer: bool,
    /// The gate the next request asks, where it is shut.
    shut: Option<(String, Vec<ui::Gap>)>,
    accept: bool,
    send_back: Option<Vec<Choice>>,
    withdraw: bool,
    /// Who may follow the CSM.
    follow: Option<Vec<Choice>>,
    /// Somebody is to follow, and why.
    successor: Option<(String, String)>,
    past: Vec<String>,
}

struct ReturnView {
    code: String,
    reason: String,
    by: String,
    answer: Option<(String, String)>,
    may_answer: bool,
}

struct CategoryView {
    id: String,
    title: String,
    question: String,
    mark: Option<ui::ScoreMark>,
    stale: bool,
    by: Option<String>,
    note: Option<String>,
    /// What it looks at in the record, where the mark found something to mend: address and question.
    asks: Vec<(String, String)>,
    form: Option<(String, Vec<Control>)>,
    later: bool,
}

struct CriterionView {
    id: String,
    words: String,
    measure: Option<String>,
    said: Option<(Tone, String)>,
    evidence: Option<ui::Evidence>,
    form: Option<(String, Vec<Control>)>,
}

struct RatingView {
    id: String,
    title: String,
    question: String,
    given: Option<(u8, String, Vec<String>)>,
    form: Option<(String, Vec<Control>)>,
    opens: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/handoff/review.html")]
struct ReviewPage {
    chrome: Chrome,
    f: Frame,
    offer: OfferView,
    returns: Vec<ReturnView>,
    categories: Vec<CategoryView>,
    why_not_mark: Option<String>,
    criteria: Vec<CriterionView>,
    ratings: Vec<RatingView>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let playbook = view.loaded.playbook.clone();
    let may_mark = view.rights.contains(&Action::Mark) && view.loaded.handoff.life.takes_reports();
    let categories = playbook.iter().flat_map(|playbook| &playbook.scorecard.categories);
    let ratings = playbook.iter().flat_map(|playbook| &playbook.ratings);
    let page = ReviewPage {
        chrome: visit.chrome(Some(Place::Deals)),
        offer: offer_view(&visit, &view).await?,
        returns: returns(t, &view),
        categories: categories.map(|one| category_view(t, &view, one, may_mark)).collect(),
        why_not_mark: (!may_mark).then(|| t.get(key!("review-marks-others")).into_owned()),
        criteria: view
            .loaded
            .handoff
            .record
            .list(List::Criteria)
            .filter_map(|item| criterion_view(t, &view, item))
            .collect(),
        ratings: ratings.map(|one| rating_view(t, &view, one)).collect(),
        f: Frame::new(&visit, &view, View::Review),
    };
    Ok(html(&page))
}

fn who(t: &Text, view: &HandoffView, actor: Actor) -> String {
    match actor.person() {
        Some(id) => person(view, id).name,
        None => t.get(key!("answer-by-program")).into_owned(),
    }
}

async fn offer_view(visit: &Visit, view: &HandoffView) -> Result<OfferView, throughline_app::AppError> {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let live = handoff.life.is_live() && view.loaded.playbook.is_some();
    let may = |action: Action| live && view.rights.contains(&action);
    let me = visit.caller.person();
    let preparing = handoff.stage == Stage::Preparing;
    let may_nominate = preparing && may(Action::Nominate);
    let may_offer = preparing && may(Action::Offer);
    let csms = if may_nominate || may_offer { Some(csm_choices(visit, view).await?) } else { None };
    let shut = |gate: Gate| {
        let answer = view
            .gate(gate)
            .filter(|answer| answer.verdict == Verdict::Refused && handoff.passed(gate).is_none())?;
        let args = (("gate", words::word(t, gate)), ("n", answer.gaps.len()));
        Some((
            t.with(key!("record-gate-shut"), args).into_owned(),
            answer.gaps.iter().map(|one| gap(t, one)).collect(),
        ))
    };
    let mut shown = OfferView {
        text: String::new(),
        who: handoff.csm().map(|csm| person(view, csm)),
        csms,
        may_nominate,
        may_offer,
        shut: None,
        accept: false,
        send_back: None,
        withdraw: false,
        follow: None,
        successor: None,
        past: Vec::new(),
    };
    match &handoff.stage {
        Stage::Preparing => {
            shown.text = match &handoff.nominated {
                None => t.get(key!("review-nobody")).into_owned(),
                Some(nominated) => {
                    t.with(key!("review-nominated"), ("time", t.moment(nominated.at))).into_owned()
                }
            };
            shown.shut = shut(Gate::Handoff).filter(|_| live);
        }
        Stage::Offered { to, at } => {
            shown.text = t.with(key!("review-offered"), ("time", t.moment(*at))).into_owned();
            let mine = me == Some(*to);
            let leads = visit.caller.roles().contains(&throughline_domain::Role::CsLeader);
            shown.accept = mine && may(Action::AnswerOffer);
            shown.send_back = ((mine || leads) && may(Action::AnswerOffer)).then(|| codes(view));
            shown.withdraw = may(Action::Offer);
            shown.shut = shut(Gate::CsmAssignment);
        }
        Stage::Assigned { at, .. } => {
            shown.text = t.with(key!("review-assigned"), ("time", t.moment(*at))).into_owned();
        }
        Stage::Owned { since, .. } => {
            shown.text = t.with(key!("review-owned"), ("time", t.moment(*since))).into_owned();
        }
    }
    if let Some(named) = &handoff.successor {
        let args = (("name", person(view, named.to).name), ("time", t.moment(named.at)));
        shown.successor =
            Some((t.with(key!("review-successor"), args).into_owned(), named.reason.to_string()));
        shown.accept |= me == Some(named.to) && may(Action::AnswerOffer);
    }
    if handoff.stage.assigned_at().is_some() && may(Action::Reassign) {
        shown.follow = Some(csm_choices(visit, view).await?);
    }
    let past = handoff.offers.iter().rev().map(|offer| {
        let name = person(view, offer.to).name;
        match offer.answered_at {
            Some(answered) => {
                let args = (("name", name), ("time", t.moment(offer.at)), ("answered", t.moment(answered)));
                t.with(key!("review-offer-answered"), args).into_owned()
            }
            None => {
                t.with(key!("review-offer-open"), (("name", name), ("time", t.moment(offer.at)))).into_owned()
            }
        }
    });
    shown.past = past.collect();
    Ok(shown)
}

/// Why a record can be sent back.
pub fn codes(view: &HandoffView) -> Vec<Choice> {
    let codes = view.loaded.playbook.iter().flat_map(|playbook| &playbook.offer.refusal_codes);
    codes.map(|code| Choice::new(code.id.to_string(), code.label.clone())).collect()
}

/// The forms of this view, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let t = &visit.t;
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    let marks = playbook.scorecard.categories.iter().map(|one| category_view(t, view, one, true).form);
    let criteria = view.loaded.handoff.record.list(List::Criteria);
    let criteria = criteria.filter_map(|item| criterion_view(t, view, item)).map(|one| one.form);
    let ratings = playbook.ratings.iter().map(|one| rating_view(t, view, one).form);
    marks.chain(criteria).chain(ratings).flatten().collect()
}

fn returns(t: &Text, view: &HandoffView) -> Vec<ReturnView> {
    let codes = view
        .loaded
        .playbook
        .as_ref()
        .map(|playbook| playbook.offer.refusal_codes.clone())
        .unwrap_or_default();
    let may_answer = view.loaded.handoff.life.is_live() && view.rights.contains(&Action::AnswerReturn);
    let shown = view.loaded.handoff.returns.iter().rev().map(|back| {
        let code = codes
            .iter()
            .find(|code| code.id == back.code)
            .map_or_else(|| back.code.to_string(), |code| code.label.clone());
        let by = (("name", who(t, view, back.by)), ("time", t.moment(back.at)));
        ReturnView {
            code,
            reason: back.reason.to_string(),
            by: t.with(key!("review-returned-by"), by).into(),
            answer: back.answered.as_ref().map(|answered| {
                let by = (("name", who(t, view, answered.by)), ("time", t.moment(answered.at)));
                (answered.text.to_string(), t.with(key!("review-answered-by"), by).into_owned())
            }),
            may_answer: may_answer && back.answered.is_none(),
        }
    });
    shown.collect()
}

fn category_view(t: &Text, view: &HandoffView, category: &Category, may_mark: bool) -> CategoryView {
    let handoff = &view.loaded.handoff;
    let id = &category.id.value;
    let held = handoff.marks.get(id);
    let later = category.when == MarkedWhen::AfterIntro && !introduced(view);
    let form = (may_mark && !later).then(|| {
        let mut fields: Vec<(String, String)> =
            held.iter().map(|held| ("mark".to_owned(), words::data_name(held.mark))).collect();
        fields.extend(
            held.and_then(|held| held.note.as_ref()).map(|note| ("note".to_owned(), note.to_string())),
        );
        let values = Posted { action: String::new(), fields };
        let prefix = format!("mark-{id}");
        let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
        let marks = words::choices::<Mark>(t, &[values.typed("mark")]);
        let note = draft.named("note", key!("review-note")).hint(t.get(key!("review-note-hint")));
        let controls = vec![
            Control::Radios(draft.named("mark", key!("review-mark")).required(), marks),
            Control::Area(note),
        ];
        (format!("/handoffs/{}/marks/{id}", handoff.id), controls)
    });
    CategoryView {
        id: format!("category-{id}"),
        title: category.title.clone(),
        question: category.question.clone(),
        mark: held.map(|held| words::score(held.mark)),
        stale: held.is_some_and(|held| held.stale),
        by: held.map(|held| {
            t.with(key!("review-marked-by"), (("name", who(t, view, held.by)), ("time", t.moment(held.at))))
                .into()
        }),
        note: held.and_then(|held| held.note.as_ref()).map(ToString::to_string),
        asks: to_mend(view, category),
        form,
        later,
    }
}

/// Where the record answers to a category that is not clear: whoever owes the mending begins there (R2.12).
fn to_mend(view: &HandoffView, category: &Category) -> Vec<(String, String)> {
    let handoff = &view.loaded.handoff;
    let marked = handoff.marks.get(&category.id.value);
    let Some(playbook) =
        view.loaded.playbook.as_ref().filter(|_| marked.is_some_and(|marked| marked.mark != Mark::Clear))
    else {
        return Vec::new();
    };
    let looked_at = playbook.asks().filter(|ask| ask.category.as_ref() == Some(&category.id.value));
    looked_at.map(|ask| (format!("/handoffs/{}#ask-{}", handoff.id, ask.id.value), ask.ask.clone())).collect()
}

/// Whether the warm introduction was reported, or ownership has moved.
fn introduced(view: &HandoffView) -> bool {
    let handoff = &view.loaded.handoff;
    let step = view
        .loaded
        .playbook
        .as_ref()
        .and_then(|playbook| playbook.step_of(throughline_domain::playbook::StepKind::WarmIntro));
    handoff.stage.is_owned()
        || step.and_then(|step| handoff.step(&step.id.value)).is_some_and(|state| state.happened().is_some())
}

fn criterion_view(t: &Text, view: &HandoffView, item: &Item) -> Option<CriterionView> {
    let Body::Criterion(Criterion { words, measure, confirmation, .. }) = &item.body else { return None };
    let handoff = &view.loaded.handoff;
    let may = view.rights.contains(&Action::ConfirmCriterion) && handoff.life.takes_reports();
    let form = may.then(|| {
        let values =
            Posted { action: String::new(), fields: vec![("at".to_owned(), local_input(t, view.now))] };
        let prefix = format!("criterion-{}", item.id);
        let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
        let still = vec![
            Choice::new("yes", t.get(key!("review-criterion-still"))),
            Choice::new("no", t.get(key!("review-criterion-changed"))),
        ];
        let mut controls = vec![
            Control::Radios(
                draft.named("still_accurate", key!("review-criterion-question")).required(),
                still,
            ),
            Control::Area(
                draft
                    .named("words", key!("review-criterion-words"))
                    .hint(t.get(key!("review-criterion-words-hint"))),
            ),
            Control::Line(draft.named("at", key!("review-criterion-at")).required(), "datetime-local"),
        ];
        controls.extend(items::evidence(&draft));
        (format!("/handoffs/{}/criteria/{}", handoff.id, item.id), controls)
    });
    Some(CriterionView {
        id: format!("criterion-{}", item.id),
        words: words.to_string(),
        measure: measure.as_ref().map(ToString::to_string),
        said: confirmation.as_ref().map(|said| {
            let args = (("name", who(t, view, said.by)), ("time", t.moment(said.at)));
            let (tone, key) = if said.still_accurate {
                (Tone::Good, key!("review-criterion-confirmed"))
            } else {
                (Tone::Info, key!("review-criterion-corrected"))
            };
            (tone, t.with(key, args).into())
        }),
        evidence: confirmation.as_ref().and_then(|said| answers::evidence(t, &said.evidence, None)),
        form,
    })
}

fn rating_view(t: &Text, view: &HandoffView, rating: &Rating) -> RatingView {
    let handoff = &view.loaded.handoff;
    let id = &rating.id.value;
    let held = handoff.ratings.get(id);
    let step = view
        .loaded
        .playbook
        .as_ref()
        .and_then(|playbook| playbook.steps.iter().find(|step| step.rating.as_ref() == Some(id)));
    let reading = step.and_then(|step| view.reading(&step.id.value));
    // As the decision does: a rating whose step has a clock opens with that clock's window.
    let is_open = match (step.and_then(|step| step.due.as_ref()), reading) {
        (None, _) => true,
        (Some(_), Some(reading)) => {
            reading.due_at.is_some() && reading.opens_at.is_none_or(|opens| opens <= view.now)
        }
        (Some(_), None) => false,
    };
    let may = view.rights.contains(&Action::Rate) && handoff.life.takes_reports();
    let form = (may && is_open).then(|| {
        let mut fields: Vec<(String, String)> = Vec::new();
        if let Some(held) = held {
            fields.push(("score".to_owned(), held.score.to_string()));
            fields.extend(held.reason.iter().map(|reason| ("reason".to_owned(), reason.to_string())));
            fields.extend(held.comment.iter().map(|comment| ("comment".to_owned(), comment.to_string())));
        }
        let values = Posted { action: String::new(), fields };
        let prefix = format!("rate-{id}");
        let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
        let scores = (1..=5_u8).rev().map(|score| {
            let label = t.get(match score {
                5 => key!("review-score-5"),
                4 => key!("review-score-4"),
                3 => key!("review-score-3"),
                2 => key!("review-score-2"),
                _ => key!("review-score-1"),
            });
            Choice::new(score.to_string(), label).chosen(values.typed("score") == score.to_string())
        });
        let reasons = rating.reasons.iter().map(|reason| {
            Choice::new(reason.id.to_string(), reason.label.clone())
                .chosen(values.typed("reason") == reason.id.as_str())
        });
        let hint = t.with(key!("review-reason-hint"), ("low", rating.low));
        let controls = vec![
            Control::Radios(draft.field("score", rating.question.clone()).required(), scores.collect()),
            Control::Select(draft.named("reason", key!("review-reason")).hint(hint), reasons.collect()),
            draft.area("comment", key!("review-comment")),
        ];
        (format!("/handoffs/{}/ratings/{id}", handoff.id), controls)
    });
    RatingView {
        id: format!("rating-{id}"),
        title: rating.title.clone(),
        question: rating.question.clone(),
        given: held.map(|held| {
            let by = (("name", who(t, view, held.by)), ("time", t.moment(held.at)));
            let reason =
                held.reason.as_ref().and_then(|code| rating.reasons.iter().find(|one| one.id == *code));
            let texts = reason
                .map(|reason| reason.label.clone())
                .into_iter()
                .chain(held.comment.as_ref().map(ToString::to_string));
            (held.score, t.with(key!("review-rated-by"), by).into(), texts.collect())
        }),
        form,
        opens: (!is_open && held.is_none()).then(|| match reading.and_then(|reading| reading.opens_at) {
            Some(at) => t.with(key!("review-rating-opens"), ("time", t.moment(at))).into(),
            None => t.get(key!("review-rating-later")).into_owned(),
        }),
    }
}

async fn nominate(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Nominate { csm: posted.parse::<PersonId>("csm")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-nominated-flash")).await)
}

async fn offer(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Offer { to: posted.parse::<PersonId>("csm")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-offered-flash")).await)
}

async fn withdraw(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::WithdrawOffer { reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-withdrawn-flash")).await)
}

async fn accept(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Accept {}));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-accepted-flash")).await)
}

async fn reassign(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| {
        Ok(command::Reassign { to: posted.parse::<PersonId>("to")?, reason: posted.text("reason")? })
    });
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-reassigned-flash")).await)
}

async fn send_back(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command =
        taken(|| Ok(command::SendBack { code: posted.parse("code")?, reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "return"), key!("review-returned-flash")).await)
}

async fn answer_return(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::AnswerReturn { text: posted.text("text")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "return"), key!("review-answered-flash")).await)
}

async fn mark(visit: Visit, In((id, category)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = back(id, &format!("category-{category}"));
    let command = taken(|| {
        let (mark, note) = (posted.one_of("mark")?, posted.opt_text("note")?);
        Ok(command::MarkCategory { category, mark, note })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("review-marked-flash")).await)
}

async fn confirm(visit: Visit, In((id, item)): In<(HandoffId, ItemId)>, posted: Posted) -> Answer {
    let back = back(id, &format!("criterion-{item}"));
    let command = taken(|| {
        let still = posted.opt_yes("still_accurate")?;
        Ok(command::ConfirmCriterion {
            item,
            still_accurate: still
                .ok_or_else(|| throughline_app::AppError::invalid("still_accurate", "must be chosen"))?,
            words: posted.opt_text("words")?,
            at: posted.moment("at", &visit.t)?,
            evidence: posted.evidence()?,
        })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("review-criterion-flash")).await)
}

async fn rate(visit: Visit, In((id, rating)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = back(id, &format!("rating-{rating}"));
    let command = taken(|| {
        Ok(command::Rate {
            rating,
            score: posted.parse("score")?,
            reason: posted.opt_parse("reason")?,
            comment: posted.opt_text("comment")?,
        })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("review-rated-flash")).await)
}

fn back(id: HandoffId, anchor: &str) -> String {
    format!("/handoffs/{id}/review#{anchor}")
}

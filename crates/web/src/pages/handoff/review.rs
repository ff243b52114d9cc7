//! The receiving team's place: the offer with its returns, the scorecard, what the customer says to their criteria
//! now, the ratings.

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    Actor, HandoffId, ItemId, Key,
    access::Action,
    handoff::{Mark, command},
    playbook::{Category, MarkedWhen, Rating},
    record::{Body, Criterion, Item, List},
};
use throughline_http::Web;

use super::{
    In, act, answers,
    forms::Form,
    frame::{self, Frame, View},
    gates::local_input,
    items,
    offer::{OfferView, ReturnView, offer_view, returns},
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, Control, Draft, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/review", get(show))
        .route("/handoffs/{id}/marks/{category}", post(mark))
        .route("/handoffs/{id}/criteria/{item}", post(confirm))
        .route("/handoffs/{id}/ratings/{rating}", post(rate))
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
    read: String,
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
    /// It was given, and is not the reader's to see (R3.12).
    unseen: bool,
    form: Option<(String, Vec<Control>)>,
    opens: Option<String>,
    /// The whole form is in sight at once: nothing quicker stands above it.
    unfolded: bool,
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
    quick: Option<Quick>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let playbook = view.loaded.playbook.clone();
    let may_mark = view.rights.contains(&Action::Mark) && view.loaded.handoff.life.takes_reports();
    let categories = playbook.iter().flat_map(|playbook| &playbook.scorecard.categories);
    let ratings = playbook.iter().flat_map(|playbook| &playbook.ratings);
    let quick = quick(t, &view);
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
        ratings: ratings
            .map(|one| {
                let shown = rating_view(&visit, &view, one);
                let quicker = quick.as_ref().is_some_and(|quick| quick.title == one.title);
                RatingView { unfolded: shown.unfolded && !quicker, ..shown }
            })
            .collect(),
        quick,
        f: Frame::new(&visit, &view, View::Review),
    };
    Ok(html(&page))
}

pub(super) fn who(t: &Text, view: &HandoffView, actor: Actor) -> String {
    frame::who(t, view, actor)
}

/// The forms of this view, by where they are posted to.
pub fn forms(visit: &Visit, view: &HandoffView) -> Vec<Form> {
    let t = &visit.t;
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    let marks = playbook.scorecard.categories.iter().map(|one| category_view(t, view, one, true).form);
    let criteria = view.loaded.handoff.record.list(List::Criteria);
    let criteria = criteria.filter_map(|item| criterion_view(t, view, item)).map(|one| one.form);
    let ratings = playbook.ratings.iter().map(|one| rating_view(visit, view, one).form);
    marks.chain(criteria).chain(ratings).flatten().collect()
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
        let values = Posted::filled(fields);
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
    let Body::Criterion(criterion) = &item.body else { return None };
    let Criterion { words, measure, confirmation, .. } = criterion;
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
        read: criterion.imprint(),
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

fn rating_view(visit: &Visit, view: &HandoffView, rating: &Rating) -> RatingView {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let id = &rating.id.value;
    let held = handoff.ratings.get(id);
    let step = view
        .loaded
        .playbook
        .as_ref()
        .and_then(|playbook| playbook.steps.iter().find(|step| step.rating.as_ref() == Some(id)));
    let reading = step.and_then(|step| view.reading(&step.id.value));
    let is_open = is_open(view, rating);
    let sees = visit.caller.sees_ratings(handoff);
    let may = view.rights.contains(&Action::Rate) && handoff.life.takes_reports();
    let form = (may && is_open).then(|| {
        let mut fields: Vec<(String, String)> = Vec::new();
        if let Some(held) = held {
            fields.push(("score".to_owned(), held.score.to_string()));
            fields.extend(held.reason.iter().map(|reason| ("reason".to_owned(), reason.to_string())));
            fields.extend(held.comment.iter().map(|comment| ("comment".to_owned(), comment.to_string())));
        }
        let values = Posted::filled(fields);
        let prefix = format!("rate-{id}");
        let draft = Draft { t, values: &values, wrong: None, prefix: &prefix };
        let scores = (1..=5_u8).rev().map(|score| {
            Choice::new(score.to_string(), score_label(t, score))
                .chosen(values.typed("score") == score.to_string())
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
        unseen: held.is_some() && !sees,
        given: held.filter(|_| sees).map(|held| {
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
        unfolded: held.is_none(),
        opens: (!is_open && held.is_none()).then(|| match reading.and_then(|reading| reading.opens_at) {
            Some(at) => t.with(key!("review-rating-opens"), ("time", t.moment(at))).into(),
            None => t.get(key!("review-rating-later")).into_owned(),
        }),
    }
}

/// As the decision does: a rating whose step has a clock opens with that clock's window.
fn is_open(view: &HandoffView, rating: &Rating) -> bool {
    let Some(playbook) = &view.loaded.playbook else { return false };
    let step = playbook.steps.iter().find(|step| step.rating.as_ref() == Some(&rating.id.value));
    let reading = step.and_then(|step| view.reading(&step.id.value));
    match (step.and_then(|step| step.due.as_ref()), reading) {
        (None, _) => true,
        (Some(_), Some(reading)) => {
            reading.due_at.is_some() && reading.opens_at.is_none_or(|opens| opens <= view.now)
        }
        (Some(_), None) => false,
    }
}

fn score_label(t: &Text, score: u8) -> String {
    t.get(match score {
        5 => key!("review-score-5"),
        4 => key!("review-score-4"),
        3 => key!("review-score-3"),
        2 => key!("review-score-2"),
        _ => key!("review-score-1"),
    })
    .into_owned()
}

/// The rating whose moment is now and that nobody gave yet, in two keys (R3.12).
pub struct Quick {
    /// After what it is given.
    pub title: String,
    /// The one question (R6.11).
    pub question: String,
    /// Where it is posted to.
    pub action: String,
    /// Each score with its words and its keys.
    pub scores: Vec<(u8, String, String)>,
    /// From here down a reason is asked for.
    pub low: u8,
}

/// The same, for whoever may give it.
pub fn quick(t: &Text, view: &HandoffView) -> Option<Quick> {
    let handoff = &view.loaded.handoff;
    if !view.rights.contains(&Action::Rate) || !handoff.life.takes_reports() {
        return None;
    }
    let open = |one: &&Rating| !handoff.ratings.contains_key(&one.id.value) && is_open(view, one);
    let rating = view.loaded.playbook.as_ref()?.ratings.iter().find(open)?;
    Some(Quick {
        title: rating.title.clone(),
        question: rating.question.clone(),
        action: format!("/handoffs/{}/ratings/{}", handoff.id, rating.id.value),
        scores: (1..=5).map(|score| (score, score_label(t, score), format!("r {score}"))).collect(),
        low: rating.low,
    })
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
            read: posted.get("read").map(str::to_owned),
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

pub(super) fn back(id: HandoffId, anchor: &str) -> String {
    format!("/handoffs/{id}/review#{anchor}")
}

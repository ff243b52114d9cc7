//! Inviting many at once: pasted lines, each told what came of it; the faulty ones stay to be mended.

use askama::Template;
use axum::http::StatusCode;
use throughline_app::people::pasted::{Became, Fault, MOST_LINES, PastedLine};
use throughline_domain::{Role, access::Action};

use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place, role_key},
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::{
        parts::{self, Wrong},
        people::grant_words,
    },
    ui::{Field, Shown, Tone},
    visit::{Answer, Visit},
};

/// What came of a line, as a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Invited,
    Would,
    Here,
    Faulty,
}

impl Shown for Mark {
    fn tone(&self) -> Tone {
        match self {
            Self::Invited => Tone::Good,
            Self::Would => Tone::Info,
            Self::Here => Tone::Calm,
            Self::Faulty => Tone::Bad,
        }
    }
    fn icon(&self) -> &'static str {
        match self {
            Self::Invited => "circle-check",
            Self::Would => "hourglass",
            Self::Here => "user-check",
            Self::Faulty => "circle-alert",
        }
    }
    fn key(&self) -> Key {
        match self {
            Self::Invited => key!("pasted-invited"),
            Self::Would => key!("pasted-would"),
            Self::Here => key!("pasted-here"),
            Self::Faulty => key!("pasted-faulty"),
        }
    }
}

struct Row {
    number: usize,
    who: String,
    email: String,
    roles: String,
    mark: Mark,
    why: String,
    link: Option<Field>,
}

#[derive(Template)]
#[template(path = "pages/people/pasted.html")]
struct PastedPage {
    t: Text,
    chrome: Chrome,
    lines: Field,
    refused: Option<String>,
    rows: Vec<Row>,
    invited: usize,
    faulty: usize,
    checked: bool,
    roles: String,
}

fn made(visit: &Visit, typed: &str, wrong: Option<&Wrong>) -> PastedPage {
    let t = visit.t.clone();
    PastedPage {
        lines: Field::new("lines", t.get(key!("pasted-lines")))
            .value(typed)
            .hint(t.with(key!("pasted-hint"), ("n", MOST_LINES)))
            .required()
            .error(parts::at(wrong, "lines")),
        refused: parts::beside(wrong, &["lines"]),
        chrome: visit.chrome(Some(Place::People)),
        roles: t.list(&Role::ALL.map(|role| role_as_written(&t, role))),
        rows: Vec::new(),
        invited: 0,
        faulty: 0,
        checked: false,
        t,
    }
}

/// A role in the reader's words, and where these are others, as a line names it.
fn role_as_written(t: &Text, role: Role) -> String {
    let (said, written) = (t.get(role_key(role)), role.title());
    if said.eq_ignore_ascii_case(written) {
        said.into_owned()
    } else {
        t.with(key!("pasted-role"), (("role", said), ("written", written))).into_owned()
    }
}

/// The form.
pub async fn page(visit: Visit) -> Answer {
    visit.caller.may(Action::ManagePeople)?;
    Ok(html(&made(&visit, "", None)))
}

/// Invites whoever can be, or only says what would become of each line.
pub async fn invite(visit: Visit, posted: Posted) -> Answer {
    let (typed, checked) = (posted.typed("lines"), posted.typed("do") == "check");
    let lines = match visit.web.app.invite_pasted(&visit.caller, typed, checked).await {
        Ok(lines) => lines,
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            return Ok(html_with(wrong.status, &made(&visit, typed, Some(&wrong))));
        }
    };
    let is = |line: &PastedLine, mark| mark_of(line, checked) == mark;
    let count = |mark| lines.iter().filter(|line| is(line, mark)).count();
    let (invited, faulty) = (count(Mark::Invited) + count(Mark::Would), count(Mark::Faulty));
    // What was only checked stays as it was typed; of what was done only the faults are left to do.
    let left: Vec<&str> =
        lines.iter().filter(|line| is(line, Mark::Faulty)).map(|line| line.text.as_str()).collect();
    let left = if checked { typed.to_owned() } else { left.join("\n") };
    let page = PastedPage {
        invited,
        faulty,
        checked,
        rows: lines.into_iter().map(|line| row(&visit, line, checked)).collect(),
        ..made(&visit, &left, None)
    };
    let nothing = invited == 0 && faulty > 0;
    let status = if nothing { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html_with(status, &page))
}

fn mark_of(line: &PastedLine, checked: bool) -> Mark {
    match line.became {
        Became::Invited { .. } if checked => Mark::Would,
        Became::Invited { .. } => Mark::Invited,
        Became::Here(_) => Mark::Here,
        Became::Faulty(_) => Mark::Faulty,
    }
}

fn row(visit: &Visit, line: PastedLine, checked: bool) -> Row {
    let (t, mark) = (&visit.t, mark_of(&line, checked));
    let (person, link, why) = match line.became {
        Became::Invited { person, path } => (Some(person), path, String::new()),
        Became::Here(person) => (Some(person), None, t.get(key!("pasted-here-text")).into_owned()),
        Became::Faulty(fault) => (None, None, fault_words(t, &fault)),
    };
    let link = link.map(|path| {
        let name = format!("link-{}", line.number);
        Field::new(name, t.get(key!("people-link"))).value(visit.web.url(&path))
    });
    let grants = person.iter().flat_map(|person| person.grants.iter().copied());
    let roles: Vec<String> = grants.map(|grant| grant_words(t, grant)).collect();
    Row {
        number: line.number,
        who: person.as_ref().map_or(line.text, |person| person.name.clone()),
        email: person.and_then(|person| person.email).unwrap_or_default(),
        roles: t.list(&roles),
        mark,
        why,
        link,
    }
}

fn fault_words(t: &Text, fault: &Fault) -> String {
    match fault {
        Fault::Parts => t.get(key!("pasted-fault-parts")),
        Fault::Part { field, reason } => {
            t.with(key!("pasted-fault-part"), (("field", field.as_str()), ("reason", reason.as_str())))
        }
        Fault::Role { name } if name.is_empty() => t.get(key!("pasted-fault-no-role")),
        Fault::Role { name } => t.with(key!("pasted-fault-role"), ("name", name.as_str())),
        Fault::Twice { line } => t.with(key!("pasted-fault-twice"), ("line", *line)),
        Fault::Left => t.get(key!("pasted-fault-left")),
    }
    .into_owned()
}

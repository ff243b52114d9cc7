//! People ask for things, and ask again until they know what became of it.

use std::{cell::RefCell, rc::Rc};

use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, AppError, Caller, Clock, HandleOptions};
use throughline_domain::{
    HandoffId, PersonId,
    handoff::{Command, Recorded},
};

use super::{World, told};
use crate::{turns::Task, work};

/// One request of somebody, sent again until its outcome is known.
pub struct Request {
    pub id: HandoffId,
    pub by: PersonId,
    pub command: Command,
    /// Its idempotency key, as it is kept.
    pub key: String,
    pub since: Timestamp,
    pub stands: Stands,
}

/// What the client knows of it.
pub enum Stands {
    /// Not sent, or nobody knows what became of it.
    Open,
    UnderWay,
    /// It led to this version; the facts, where this client saw them.
    Done {
        version: u64,
        facts: Vec<Recorded>,
    },
    /// Nothing happened.
    Nothing,
    /// Nobody asks any more.
    GivenUp,
}

impl World {
    /// Somebody sends a request again whose outcome they do not know, or does the next thing.
    pub(super) fn somebody_asks(&mut self) {
        let open = |request: &Request| matches!(request.stands, Stands::Open);
        let again: Vec<usize> = {
            let requests = self.requests.borrow();
            (0..requests.len()).filter(|number| open(&requests[*number])).collect()
        };
        let number = match self.dice.one_of(&again) {
            Some(number) if !self.dice.one_in(3) => *number,
            _ => match self.a_new_request() {
                Some(number) => number,
                None => return,
            },
        };
        self.sends(number);
    }

    fn a_new_request(&mut self) -> Option<usize> {
        let id = *self.dice.one_of(&self.handoffs())?;
        let handoff = self.handoff(id);
        self.numbered += 1;
        let listed = self.lists.entry(id).or_default().pop_front();
        let (by, command) = match listed {
            Some((by, command)) if !self.dice.one_in(4) => (by.person()?, command),
            _ if self.dice.one_in(3) => work::unplanned(&self.dice, &handoff, self.numbered)?,
            _ => {
                let most = 3 + self.dice.roll(8);
                let mode = self.company.mode;
                let moves = work::planned(&handoff, &self.company.calendars, mode, self.wall.now(), most);
                let list = self.lists.entry(id).or_default();
                *list = moves.into();
                let (by, command) = list.pop_front()?;
                (by.person()?, command)
            }
        };
        let key = format!("person:{by}:request-{}", self.numbered);
        let since = self.wall.now();
        let mut requests = self.requests.borrow_mut();
        requests.push(Request { id, by, command, key, since, stands: Stands::Open });
        Some(requests.len() - 1)
    }

    pub(super) fn sends(&mut self, number: usize) {
        let Some((node, app)) = self.a_node() else { return };
        let org = self.company.org;
        let (id, by, command, key) = {
            let mut requests = self.requests.borrow_mut();
            let request = &mut requests[number];
            // Answers are remembered for a week: later nobody may ask again.
            if self.wall.now().duration_since(request.since) > SignedDuration::from_hours(4 * 24) {
                request.stands = Stands::GivenUp;
                return;
            }
            request.stands = Stands::UnderWay;
            (request.id, request.by, request.command.clone(), request.key.clone())
        };
        let (requests, weather) = (self.requests.clone(), self.weather.clone());
        let attempt = Attempt { requests: requests.clone(), number };
        self.tasks.push(Task::new(node, "request", async move {
            let verb = command.verb();
            let stands = match handled(&app, org, id, by, command, &key).await {
                Ok(stands) => stands,
                Err(AppError::Unavailable(_) | AppError::KeyReused) => Stands::Open,
                Err(why) => {
                    told(&weather, verb, &why);
                    Stands::Nothing
                }
            };
            attempt.ends(stands);
        }));
    }
}

/// A request under way; when its node falls nobody knows what became of it.
struct Attempt {
    requests: Rc<RefCell<Vec<Request>>>,
    number: usize,
}

impl Attempt {
    fn ends(&self, stands: Stands) {
        self.requests.borrow_mut()[self.number].stands = stands;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut requests = self.requests.borrow_mut();
        let request = &mut requests[self.number];
        if matches!(request.stands, Stands::UnderWay) {
            request.stands = Stands::Open;
        }
    }
}

/// A command by its key, as the API does it: what was answered before is answered again.
async fn handled(
    app: &App,
    org: throughline_domain::OrgId,
    id: HandoffId,
    by: PersonId,
    command: Command,
    key: &str,
) -> Result<Stands, AppError> {
    let caller: Caller = app.caller(org, by).await?;
    if let Some(row) = app.remembered(&caller, key).await? {
        return Ok(Stands::Done { version: row.body.parse().unwrap(), facts: Vec::new() });
    }
    let options =
        HandleOptions { idempotency: Some((key.to_owned(), "request".to_owned())), ..Default::default() };
    let handled = app.handle(&caller, id, command, options).await?;
    Ok(match handled.changed {
        true => Stands::Done { version: handled.loaded.version, facts: handled.facts },
        false => Stands::Nothing,
    })
}

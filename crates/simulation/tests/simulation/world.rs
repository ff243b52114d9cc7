//! One world: a company, three nodes that serve it, and time that passes. All of it follows from a seed.
//!
//! Each turn chance picks one: some task goes on until its next request, somebody asks for something, a node sweeps,
//! time passes, a clock goes wrong, a node falls. In the end the weather calms, everybody finishes what they began, and
//! the world is judged.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    rc::Rc,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use throughline_app::{
    App, AppError, Caller, Clock, HandleOptions, ManualClock,
    sweep::{Outgoing, Swept},
};
use throughline_domain::{
    Actor, HandoffId, PersonId,
    handoff::{Command, Handoff, Recorded},
};
use throughline_messages::Mailbox;
use throughline_store::ports::Handoffs;

use crate::{
    clocks::NodeClock,
    company::{Company, founded},
    dice::{Dice, Drawn},
    faults::Wire,
    news::{self, Delivery},
    post::Server,
    turns::{Task, at_once},
    watch::Watch,
    weather::{Lie, Weather},
    work,
};

/// Servers on the one store.
const NODES: usize = 3;
/// At most so much under way at once.
const CROWD: usize = 14;
/// What every node does beside requests.
const SWEEPS: [&str; 6] = ["clocks", "outbox", "post", "events", "openings", "tidy"];

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

struct Node {
    clock: Arc<NodeClock>,
    /// None: it is down.
    app: Option<App>,
}

pub struct World {
    pub company: Company,
    pub weather: Arc<Weather>,
    pub wall: Arc<ManualClock>,
    pub requests: Rc<RefCell<Vec<Request>>>,
    pub server: Arc<Server>,
    pub turns: u64,
    pub crashes: u64,
    dice: Dice,
    nodes: Vec<Node>,
    tasks: Vec<Task>,
    deliveries: Rc<RefCell<Vec<Delivery>>>,
    lists: BTreeMap<HandoffId, VecDeque<(Actor, Command)>>,
    numbered: usize,
}

impl World {
    pub fn new(seed: u64, lie: Option<Lie>) -> Self {
        let dice = Dice::new(seed);
        let wall = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
        let company = founded(&dice, &wall);
        let weather = Arc::new(Weather::new(dice.next(), lie, Watch::new(company.calendars.clone())));
        let server = Arc::new(Server { weather: weather.clone(), taken: Default::default() });
        let deliveries = company.news.iter().enumerate().map(|(number, deal)| Delivery {
            from: news::late(&dice, deal),
            left: if dice.one_in(3) { 2 } else { 1 },
            deal: deal.clone(),
            number,
            under_way: false,
        });
        let deliveries = Rc::new(RefCell::new(deliveries.collect()));
        let node = |_| Node { clock: Arc::new(NodeClock::new(wall.clone())), app: None };
        let mut world = Self {
            nodes: (0..NODES).map(node).collect(),
            company,
            weather,
            wall,
            requests: Rc::default(),
            server,
            turns: 0,
            crashes: 0,
            dice,
            tasks: Vec::new(),
            deliveries,
            lists: BTreeMap::new(),
            numbered: 0,
        };
        (0..NODES).for_each(|node| world.starts(node));
        world
    }

    /// So many turns, whatever breaks.
    pub fn goes_on(&mut self, turns: u64) {
        self.weather.calms(false);
        for _ in 0..turns {
            self.turns += 1;
            self.turn();
        }
    }

    fn turn(&mut self) {
        match self.dice.roll(1_000) {
            0..670 => self.polls(),
            670..780 if self.tasks.len() < CROWD => self.somebody_asks(),
            780..810 if self.tasks.len() < CROWD => self.news_come(),
            810..890 if self.tasks.len() < CROWD => {
                let (node, which) = (self.dice.roll(NODES), self.dice.roll(SWEEPS.len() + 4));
                // Clocks and messages are looked at more often than the rest.
                self.sweeps(node, SWEEPS.get(which).copied().unwrap_or(SWEEPS[which % 2]));
            }
            890..960 => self.time_passes(),
            960..965 => self.a_clock_goes_wrong(),
            965..973 => {
                let task = self.dice.roll(self.tasks.len().max(1));
                let held = u32::try_from(self.dice.within(20, 150)).unwrap();
                if let Some(task) = self.tasks.get_mut(task) {
                    task.held = held;
                }
            }
            973..985 => self.a_node_falls(),
            985..1_000 => {
                let node = self.dice.roll(NODES);
                if self.nodes[node].app.is_none() {
                    self.starts(node);
                }
            }
            _ => self.polls(),
        }
        for task in &mut self.tasks {
            task.held = task.held.saturating_sub(1);
        }
    }

    /// One of those who can goes on.
    fn polls(&mut self) {
        let free: Vec<usize> = (0..self.tasks.len()).filter(|task| self.tasks[*task].held == 0).collect();
        let Some(task) = self.dice.one_of(&free).copied() else { return };
        if self.tasks[task].goes_on() {
            let done = self.tasks.swap_remove(task);
            self.weather.notes(&format!("{} is through with {}", done.node, done.what));
        }
    }

    fn starts(&mut self, node: usize) {
        let wire = Wire { store: self.company.store.clone(), weather: self.weather.clone(), node };
        let outgoing = Outgoing {
            post: self.server.clone(),
            from: Mailbox::new("Handoffs", "handoffs@acme.example".parse().unwrap()),
            public_url: "https://handoffs.acme.example".to_owned(),
        };
        let app = App::new(Arc::new(wire), self.nodes[node].clock.clone())
            .with_chance(Arc::new(Drawn::new(self.dice.next())))
            .with_mail(outgoing);
        self.weather.notes(&format!("{node} starts"));
        self.nodes[node].app = Some(app);
    }

    /// Whatever it was at ends where it is; what its clients asked for, nobody knows the outcome of.
    fn a_node_falls(&mut self) {
        let node = self.dice.roll(NODES);
        if self.nodes[node].app.take().is_none() {
            return;
        }
        self.crashes += 1;
        self.weather.notes(&format!("{node} falls"));
        self.tasks.retain(|task| task.node != node);
    }

    fn time_passes(&mut self) {
        let by = match self.dice.roll(20) {
            0..8 => SignedDuration::from_secs(self.dice.within(1, 20)),
            8..12 => SignedDuration::from_mins(self.dice.within(1, 40)),
            12..17 => SignedDuration::from_mins(self.dice.within(60, 300)),
            _ => SignedDuration::from_mins(self.dice.within(480, 1_200)),
        };
        self.wall.advance(by);
        self.weather.notes(&format!("it is {}", self.wall.now()));
    }

    /// Somebody sets a node's clock an hour or a day wrong, or right again.
    fn a_clock_goes_wrong(&mut self) {
        let hours = [0, 0, 0, 1, -1, 24, -24][self.dice.roll(7)];
        let node = self.dice.roll(NODES);
        self.nodes[node].clock.set_wrong_by(SignedDuration::from_hours(hours));
        self.weather.notes(&format!("{node} is wrong by {hours} h"));
    }

    /// A node that is up, by chance.
    fn a_node(&self) -> Option<(usize, App)> {
        let up: Vec<usize> = (0..NODES).filter(|node| self.nodes[*node].app.is_some()).collect();
        let node = *self.dice.one_of(&up)?;
        Some((node, self.nodes[node].app.clone()?))
    }

    fn runs(&self, node: usize, what: &'static str) -> bool {
        self.tasks.iter().any(|task| (task.node, task.what) == (node, what))
    }

    fn sweeps(&mut self, node: usize, what: &'static str) {
        let Some(app) = self.nodes[node].app.clone().filter(|_| !self.runs(node, what)) else { return };
        let (org, weather) = (self.company.org, self.weather.clone());
        self.tasks.push(Task::new(node, what, async move {
            if let Err(why) = sweep(&app, org, what).await {
                told(&weather, what, &why);
            }
        }));
    }

    /// The handoffs there are, as everybody can see.
    pub fn handoffs(&self) -> Vec<HandoffId> {
        at_once(self.company.store.ids(self.company.org, None, 1_000)).unwrap()
    }

    pub fn handoff(&self, id: HandoffId) -> Handoff {
        let stored = at_once(self.company.store.load(self.company.org, id)).unwrap().unwrap();
        serde_json::from_str(&stored.snapshot).unwrap()
    }

    /// Somebody sends a request again whose outcome they do not know, or does the next thing.
    fn somebody_asks(&mut self) {
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

    fn sends(&mut self, number: usize) {
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

    fn news_come(&mut self) {
        let due: Vec<usize> = {
            let (deliveries, now) = (self.deliveries.borrow(), self.wall.now());
            let fits = |one: &Delivery| one.left > 0 && one.from <= now && !one.under_way;
            (0..deliveries.len()).filter(|number| fits(&deliveries[*number])).collect()
        };
        let (Some(number), Some((node, app))) = (self.dice.one_of(&due).copied(), self.a_node()) else {
            return;
        };
        self.delivers(node, app, number);
    }

    fn delivers(&mut self, node: usize, app: App, place: usize) {
        let (org, weather, deliveries) = (self.company.org, self.weather.clone(), self.deliveries.clone());
        let (deal, number) = {
            let mut deliveries = deliveries.borrow_mut();
            deliveries[place].under_way = true;
            (deliveries[place].deal.clone(), deliveries[place].number)
        };
        let underway = UnderWay { deliveries: deliveries.clone(), place };
        self.tasks.push(Task::new(node, "news", async move {
            match news::tells(&app, org, deal, number).await {
                Ok(true) => deliveries.borrow_mut()[place].left -= 1,
                Ok(false) => {}
                Err(why) => told(&weather, "news", &why),
            }
            drop(underway);
        }));
    }

    /// The weather calms; everybody comes back and finishes, and nothing is left to do.
    pub fn comes_to_rest(&mut self) {
        self.weather.calms(true);
        for node in 0..NODES {
            self.nodes[node].clock.set_wrong_by(SignedDuration::ZERO);
            if self.nodes[node].app.is_none() {
                self.starts(node);
            }
        }
        self.all_finish();
        // The last of the news arrives, and whoever does not know what became of a request asks once more.
        for place in 0..self.company.news.len() {
            while self.deliveries.borrow()[place].left > 0 {
                let until = self.deliveries.borrow()[place].from;
                if self.wall.now() < until {
                    self.wall.set(until);
                }
                let Some((node, app)) = self.a_node() else { return };
                self.delivers(node, app, place);
                self.all_finish();
            }
        }
        let requests = self.requests.borrow().len();
        for number in 0..requests {
            if matches!(self.requests.borrow()[number].stands, Stands::Open) {
                self.sends(number);
                self.all_finish();
            }
        }
        self.works_off();
        // Claims of nodes whose clocks ran ahead end at last; digests and quiet hours pass.
        for _ in 0..3 {
            self.wall.advance(SignedDuration::from_hours(25));
            self.works_off();
        }
    }

    /// Nobody serves for some days; then one node does, alone. What it told of clocks comes in the order in which it was
    /// to be told.
    pub fn sleeps_and_wakes(&mut self, days: i64) {
        let before = self.weather.watching(|watch| watch.told.len());
        self.wall.advance(SignedDuration::from_hours(24 * days));
        self.works_off();
        self.weather.watching(|watch| watch.look_at_order(before));
        // Digests and quiet hours pass.
        self.wall.advance(SignedDuration::from_hours(25));
        self.works_off();
    }

    fn all_finish(&mut self) {
        for _ in 0..100_000 {
            if self.tasks.is_empty() {
                return;
            }
            self.tasks.iter_mut().for_each(|task| task.held = 0);
            self.polls();
        }
        panic!("tasks that never end");
    }

    /// Sweeps until nothing is left, past the ends of claims that nobody holds any more.
    fn works_off(&mut self) {
        for _ in 0..3 {
            self.wall.advance(SignedDuration::from_secs(310));
            for _ in 0..1_000 {
                let Some(app) = self.nodes[0].app.clone() else { return };
                let (org, weather) = (self.company.org, self.weather.clone());
                let taken = Rc::new(RefCell::new(0));
                let counted = taken.clone();
                self.tasks.push(Task::new(0, "work off", async move {
                    for what in ["events", "openings", "clocks", "outbox", "post"] {
                        match sweep(&app, org, what).await {
                            Ok(swept) => *counted.borrow_mut() += swept.taken,
                            Err(why) => told(&weather, what, &why),
                        }
                    }
                }));
                self.all_finish();
                if *taken.borrow() == 0 {
                    break;
                }
            }
        }
    }
}

/// A delivery under way; fallen or done, it is no longer.
struct UnderWay {
    deliveries: Rc<RefCell<Vec<Delivery>>>,
    place: usize,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Ok(mut deliveries) = self.deliveries.try_borrow_mut() {
            deliveries[self.place].under_way = false;
        }
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

async fn sweep(app: &App, org: throughline_domain::OrgId, what: &str) -> Result<Swept, AppError> {
    match what {
        "clocks" => app.sweep_clocks().await,
        "outbox" => app.sweep_outbox().await,
        "post" => app.sweep_post().await,
        "events" => app.sweep_events().await.map(|taken| Swept { taken, failed: 0 }),
        "openings" => app.sweep_openings(org).await,
        _ => app.tidy(org).await.map(|()| Swept::default()),
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

/// Refusals are everyday; what is broken on our side is not.
fn told(weather: &Weather, what: &str, why: &AppError) {
    weather.notes(&format!("{what}: {why}"));
    weather.watching(|watch| match why {
        AppError::Broken(why) => watch.wrong(format!("{what}: {why}")),
        AppError::Unavailable(_) => watch.sees("unavailable"),
        _ => watch.sees("refused"),
    });
}

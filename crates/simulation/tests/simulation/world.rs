//! One world: a company, three nodes that serve it, and time that passes. All of it follows from a seed.
//!
//! Each turn chance picks one: some task goes on until its next request, somebody asks for something, a node sweeps,
//! time passes, a clock goes wrong, a node falls. In the end the weather calms, everybody finishes what they began, and
//! the world is judged.

mod deliveries;
mod nodes;
mod requests;
mod rest;

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    rc::Rc,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, AppError, Clock, ManualClock};
use throughline_domain::{
    Actor, HandoffId,
    handoff::{Command, Handoff},
};
use throughline_store::ports::Handoffs;

pub use self::requests::{Request, Stands};
use crate::{
    clocks::NodeClock,
    company::{Company, founded},
    dice::Dice,
    news::{Delivery, late},
    post::Server,
    turns::{Task, at_once},
    watch::Watch,
    weather::{Lie, Weather},
};

/// Servers on the one store.
const NODES: usize = 3;
/// At most so much under way at once.
const CROWD: usize = 14;
/// What every node does beside requests.
const SWEEPS: [&str; 6] = ["clocks", "outbox", "post", "events", "openings", "tidy"];

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
            from: late(&dice, deal),
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

    /// The handoffs there are, as everybody can see.
    pub fn handoffs(&self) -> Vec<HandoffId> {
        at_once(self.company.store.ids(self.company.org, None, 1_000)).unwrap()
    }

    pub fn handoff(&self, id: HandoffId) -> Handoff {
        let stored = at_once(self.company.store.load(self.company.org, id)).unwrap().unwrap();
        serde_json::from_str(&stored.snapshot).unwrap()
    }
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

//! How a world comes to rest: the weather calms, everybody finishes what they began, and nothing is left to do.

use std::{cell::RefCell, rc::Rc};

use jiff::SignedDuration;
use throughline_app::Clock;

use super::{NODES, Stands, World, nodes::sweep, told};
use crate::turns::Task;

impl World {
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

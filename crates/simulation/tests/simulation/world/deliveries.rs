//! The CRM's news on their way to some node.

use std::{cell::RefCell, rc::Rc};

use throughline_app::{App, Clock};

use super::{World, told};
use crate::{
    news::{self, Delivery},
    turns::Task,
};

impl World {
    pub(super) fn news_come(&mut self) {
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

    pub(super) fn delivers(&mut self, node: usize, app: App, place: usize) {
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

//! Servers start, sweep, fall, and have wrong clocks.

use std::sync::Arc;

use jiff::SignedDuration;
use throughline_app::{
    App, AppError,
    sweep::{Outgoing, Swept},
};
use throughline_messages::Mailbox;

use super::{NODES, World, told};
use crate::{dice::Drawn, faults::Wire, turns::Task};

impl World {
    pub(super) fn starts(&mut self, node: usize) {
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
    pub(super) fn a_node_falls(&mut self) {
        let node = self.dice.roll(NODES);
        if self.nodes[node].app.take().is_none() {
            return;
        }
        self.crashes += 1;
        self.weather.notes(&format!("{node} falls"));
        self.tasks.retain(|task| task.node != node);
    }

    /// Somebody sets a node's clock an hour or a day wrong, or right again.
    pub(super) fn a_clock_goes_wrong(&mut self) {
        let hours = [0, 0, 0, 1, -1, 24, -24][self.dice.roll(7)];
        let node = self.dice.roll(NODES);
        self.nodes[node].clock.set_wrong_by(SignedDuration::from_hours(hours));
        self.weather.notes(&format!("{node} is wrong by {hours} h"));
    }

    /// A node that is up, by chance.
    pub(super) fn a_node(&self) -> Option<(usize, App)> {
        let up: Vec<usize> = (0..NODES).filter(|node| self.nodes[*node].app.is_some()).collect();
        let node = *self.dice.one_of(&up)?;
        Some((node, self.nodes[node].app.clone()?))
    }

    fn runs(&self, node: usize, what: &'static str) -> bool {
        self.tasks.iter().any(|task| (task.node, task.what) == (node, what))
    }

    pub(super) fn sweeps(&mut self, node: usize, what: &'static str) {
        let Some(app) = self.nodes[node].app.clone().filter(|_| !self.runs(node, what)) else { return };
        let (org, weather) = (self.company.org, self.weather.clone());
        self.tasks.push(Task::new(node, what, async move {
            if let Err(why) = sweep(&app, org, what).await {
                told(&weather, what, &why);
            }
        }));
    }
}

pub(super) async fn sweep(app: &App, org: throughline_domain::OrgId, what: &str) -> Result<Swept, AppError> {
    match what {
        "clocks" => app.sweep_clocks().await,
        "outbox" => app.sweep_outbox().await,
        "post" => app.sweep_post().await,
        "events" => app.sweep_events().await.map(|taken| Swept { taken, failed: 0 }),
        "openings" => app.sweep_openings(org).await,
        _ => app.tidy(org).await.map(|()| Swept::default()),
    }
}

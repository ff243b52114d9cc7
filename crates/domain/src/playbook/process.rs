//! The process as data: gates, steps and their clocks, promise routing, the scorecard, agendas, plans and routes.
//!
//! Shapes only: what a playbook may say. Whether it says something that can work is the check's question, what
//! follows from it that of the gates and clocks.

mod due;
mod escalation;
mod gate;
mod kickoff;
mod measure;
mod promise;
mod review;
mod route;
mod step;

pub use due::*;
pub use escalation::*;
pub use gate::*;
pub use kickoff::*;
pub use measure::*;
pub use promise::*;
pub use review::*;
pub use route::*;
pub use step::*;

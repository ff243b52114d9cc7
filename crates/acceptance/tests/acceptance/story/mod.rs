//! How a test speaks: who does what on which handoff at what time, and what is then to be seen.

mod answers;
mod case;
mod company;
mod http;
mod people;
mod seen;

pub use answers::{answer_to, evidence, promise};
pub use case::Case;
pub use company::{Company, DealNews};
pub use http::{Answer, send};
pub use people::*;
pub use seen::{Check, Gap, Problem, View};

//! What the JSON API and the pages share: state, sessions, problems, limits, the server itself.
//!
//! Absent on purpose: any page, any verb. A handler gets its caller from an extractor here and asks the
//! application; refusals become problems in one place.

pub mod csrf;
pub mod extract;
pub mod headers;
pub mod health;
pub mod layers;
pub mod limit;
pub mod metrics;
pub mod problem;
pub mod server;
pub mod session;
pub mod state;
#[cfg(test)]
mod testing;

pub use layers::layers;
pub use problem::Problem;
pub use server::{Patience, serve};
pub use session::{ApiCaller, SignedIn};
pub use state::{ServerSettings, Web};

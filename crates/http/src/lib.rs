//! What the JSON API and the pages share: state, sessions, problems, limits, the server itself.
//!
//! Absent on purpose: any page, any verb. A handler gets its caller from an extractor here and asks the
//! application; refusals become problems in one place.

pub mod problem;
pub mod session;
pub mod state;

pub use problem::Problem;
pub use session::{ApiCaller, SignedIn};
pub use state::Web;

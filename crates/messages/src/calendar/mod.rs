//! Meetings in people's calendars: the file that puts one there, moves it or takes it away, and the answer that comes
//! back (RFC 5545, 5546, 6047).

pub mod invite;
pub mod meeting;
pub mod reply;

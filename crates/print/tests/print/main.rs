//! What is set on paper, read back with a program of others.

mod reading;
mod sample;
mod sheets;

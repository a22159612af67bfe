//! People and bad weather for the tests of Hearthkeep, and a search for what must not be legible.

pub mod canonical;
pub mod legible;
pub mod sample;
pub mod year;

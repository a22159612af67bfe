//! People and bad weather for the tests of Hearthkeep.

pub mod sample;
pub mod year;

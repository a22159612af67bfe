//! People and bad weather for the tests of Hearthkeep.

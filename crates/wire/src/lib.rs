//! What client and relay say to each other.

//! The encrypted group as a pure state machine.

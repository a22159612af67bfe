//! What the app can do: unlock, write, share, sync, back up. The one API.

pub mod view;

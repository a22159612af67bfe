//! What the app can do: unlock, write, share, sync, back up.

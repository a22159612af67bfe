//! Backups, exports and imports as streams.

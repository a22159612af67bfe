//! Full-text index whose every file is sealed.

//! A text as a CRDT: check, apply, merge, snapshot, lines, Markdown.

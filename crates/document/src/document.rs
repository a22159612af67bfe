//! A document, and the only door through which bytes get into it.

use crate::check::{Limits, check_update};
use crate::json::Lines;
use crate::line::{Attrs, Line};
use crate::refused::{Fault, Refused, Stage};
use crate::{build, markdown, words};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Any, ClientID, Doc, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextRef};
use yrs::{Transact, Update};

/// The name of the one text.
const TEXT: &str = "t";

/// Whose update it is, and so under which client ids it may write.
#[derive(Debug, Clone, Copy)]
pub enum Author<'a> {
    /// The editor of this computer.
    Editor,
    /// Another device, with the client ids that are registered to it.
    Device(&'a [u64]),
    /// A member's snapshot, which repeats what others wrote.
    Snapshot,
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Something that can be read is different now.
    pub lines: bool,
}

/// A text that several devices may edit.
pub struct Document {
    doc: Doc,
    text: TextRef,
}

// A document holds a member's words: none of them in a log.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Document(…)")
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// A document without a line.
    #[must_use]
    pub fn new() -> Self {
        // The core never edits, so its own client id never gets into a document. Deleted text is
        // collected: what was deleted has left the snapshot.
        let doc = Doc::with_options(Options {
            guid: "".into(),
            offset_kind: OffsetKind::Utf16,
            skip_gc: false,
            ..Options::with_client_id(ClientID::new(0))
        });
        let text = doc.get_or_insert_text(TEXT);
        Self { doc, text }
    }

    /// Opens a snapshot.
    ///
    /// # Errors
    /// [`Refused`] when the bytes are damaged.
    pub fn open(snapshot: &[u8]) -> Result<Self, Refused> {
        check_update(snapshot, &Limits::SNAPSHOT, &|_| 0, &|_| true)?;
        Self::opened(snapshot)
    }

    /// A fresh document that holds these lines.
    ///
    /// # Errors
    /// [`Refused::TooMany`] when they are more than a document may hold.
    pub fn from_lines(lines: &[Line]) -> Result<Self, Refused> {
        Self::open(&build::update_of(lines, build::BUILDER, &[]))
    }

    /// A fresh document from Markdown: imports, restored versions, prompts.
    ///
    /// # Errors
    /// [`Refused::TooMany`] when the text is longer than a document may be.
    pub fn from_markdown(text: &str) -> Result<Self, Refused> {
        Self::from_lines(&markdown::lines_from_markdown(text))
    }

    /// This document, changed to hold these lines and nothing else: an earlier state that comes
    /// back. It is a change like any other, so an editor that has the document open can take it in.
    /// `client` is a fresh random id of at least 1024 under which nothing was written yet.
    ///
    /// # Errors
    /// [`Refused::NotTheirs`] when somebody wrote under that id; [`Refused::TooMany`].
    pub fn rewritten(&self, lines: &[Line], client: u32) -> Result<Self, Refused> {
        let state = self.state();
        let mut known: Vec<(u64, u64)> =
            state.iter().map(|(id, clock)| (id.get(), u64::from(*clock))).collect();
        known.retain(|(_, end)| *end > 0);
        known.sort_unstable();
        let client = u64::from(client);
        if client < 1024 || known.iter().any(|(id, _)| *id == client) {
            return Err(Refused::NotTheirs { client });
        }
        let mut copy = Self::opened(&self.snapshot())?;
        copy.apply(&build::update_of(lines, client, &known), Author::Snapshot)?;
        Ok(copy)
    }

    /// Takes an update in, on a copy that must survive being saved and opened again.
    ///
    /// # Errors
    /// [`Refused`]; then this document is as it was. A [`Refused::Gap`] may be tried again once
    /// what is missing is here; everything else is to be quarantined with its bytes.
    pub fn apply(&mut self, update: &[u8], author: Author<'_>) -> Result<Change, Refused> {
        let known = self.state();
        let known = |client: u64| match client_id(client) {
            Some(id) => u64::from(known.get(&id)),
            None => 0,
        };
        let limits =
            if matches!(author, Author::Snapshot) { Limits::SNAPSHOT } else { Limits::UPDATE };
        check_update(update, &limits, &known, &|client| match author {
            Author::Editor | Author::Snapshot => true,
            Author::Device(ids) => ids.contains(&client),
        })?;
        let copy = Self::opened(&self.snapshot())?;
        let copy = copy.guarded(|copy| copy.take(update))?;
        let saved = copy.snapshot();
        let again = Self::open(&saved)?;
        let lines = copy.lines();
        if again.lines() != lines {
            return Err(Refused::Unsound { stage: Stage::Different });
        }
        let change = Change { lines: lines != self.lines() };
        *self = again;
        Ok(change)
    }

    /// The whole document without what was deleted: the only thing that is stored.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// What this document has, for somebody who wants to send what it lacks.
    #[must_use]
    pub fn state_vector(&self) -> Vec<u8> {
        self.state().encode_v1()
    }

    /// The update that brings somebody with that state vector up to here.
    ///
    /// # Errors
    /// [`Refused::Malformed`] when `since` is not a state vector.
    pub fn diff(&self, since: &[u8]) -> Result<Vec<u8>, Refused> {
        let fault = Refused::Malformed { at: 0, fault: Fault::StateVector };
        // A state vector is at most 14 bytes a client, and a document has at most 256 clients.
        // The library makes room for as many clients as are claimed: the claim is looked at first.
        if since.len() > 16 << 10 || claimed_clients(since).is_none_or(|claimed| claimed > 256) {
            return Err(fault);
        }
        let since = catch_unwind(|| StateVector::decode_v1(since)).ok().and_then(Result::ok);
        Ok(self.doc.transact().encode_diff_v1(&since.ok_or(fault)?))
    }

    /// The lines, from which everything that is read comes.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let txn = self.doc.transact();
        let mut lines = Lines::default();
        for part in self.text.diff(&txn, |_| ()) {
            let attrs = part.attributes.map(|attrs| attrs_of(&attrs)).unwrap_or_default();
            match part.insert {
                Out::Any(Any::String(text)) => lines.text(&text, &attrs),
                Out::Any(embed) => lines.embed(value_of(&embed), &attrs),
                // The check lets no other kind in.
                Out::YText(_)
                | Out::YArray(_)
                | Out::YMap(_)
                | Out::YXmlElement(_)
                | Out::YXmlFragment(_)
                | Out::YXmlText(_)
                | Out::YDoc(_)
                | Out::UndefinedRef(_) => {}
            }
        }
        lines.finish()
    }

    /// The words without marks.
    #[must_use]
    pub fn plain_text(&self) -> String {
        words::plain_text(&self.lines())
    }

    /// The text as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown_of(&self.lines())
    }

    /// Names of marks, line attributes and embeds that this version does not know.
    #[must_use]
    pub fn unknown(&self) -> BTreeSet<String> {
        markdown::unknown_names(&self.lines())
    }

    fn state(&self) -> StateVector {
        self.doc.transact().state_vector()
    }

    /// Opens bytes that have been checked.
    fn opened(snapshot: &[u8]) -> Result<Self, Refused> {
        Self::new().guarded(|fresh| fresh.take(snapshot))
    }

    /// Runs `work` so that a panic of the library costs this copy and nothing else. The copy is
    /// then leaked, for dropping a half-changed store may panic once more and end the process.
    fn guarded(self, work: impl FnOnce(&Self) -> Result<(), Stage>) -> Result<Self, Refused> {
        let copy = ManuallyDrop::new(self);
        match catch_unwind(AssertUnwindSafe(|| work(&copy))) {
            Ok(Ok(())) => Ok(ManuallyDrop::into_inner(copy)),
            Ok(Err(stage)) => Err(Refused::Unsound { stage }),
            Err(_) => Err(Refused::Unsound { stage: Stage::Panic }),
        }
    }

    fn take(&self, update: &[u8]) -> Result<(), Stage> {
        let update = Update::decode_v1(update).map_err(|_| Stage::Decode)?;
        // A transaction commits when it is dropped: not while a panic unwinds.
        let mut txn = ManuallyDrop::new(self.doc.transact_mut());
        let applied = txn.apply_update(update);
        drop(ManuallyDrop::into_inner(txn));
        applied.map_err(|_| Stage::Apply)?;
        if self.doc.transact().has_missing_updates() {
            return Err(Stage::Pending);
        }
        Ok(())
    }
}

fn client_id(client: u64) -> Option<ClientID> {
    (client < 1 << 53).then(|| ClientID::new(client))
}

fn attrs_of(attrs: &yrs::types::Attrs) -> Attrs {
    attrs.iter().map(|(name, value)| (name.to_string(), value_of(value))).collect()
}

fn value_of(any: &Any) -> Value {
    match any {
        Any::Null | Any::Undefined | Any::Buffer(_) => Value::Null,
        Any::Bool(flag) => Value::Bool(*flag),
        Any::Number(yrs::Number::Int(number)) => Value::from(*number),
        Any::Number(yrs::Number::Float(number)) => Value::from(*number),
        Any::String(text) => Value::String(text.to_string()),
        Any::Array(items) => items.iter().map(value_of).collect(),
        Any::Map(map) => map.iter().map(|(key, value)| (key.clone(), value_of(value))).collect(),
    }
}

/// The count that a state vector begins with: a varint of seven bits a byte, lowest first.
fn claimed_clients(since: &[u8]) -> Option<u64> {
    let end = since.iter().take(8).position(|byte| *byte < 0x80)?;
    let digits = since.get(..=end)?.iter().rev();
    Some(digits.fold(0, |count, byte| (count << 7) | u64::from(byte & 0x7f)))
}

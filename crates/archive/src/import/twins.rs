//! Two entries that claim one id and say different things: a note that was copied in another app.
//! Both are worth having.

use crate::import::{ImportedEntry, stable_id};
use hearthkeep_model::{AttachmentId, EntryId};
use std::collections::BTreeMap;

/// What was said under each id so far.
#[derive(Default)]
pub(crate) struct Twins {
    said: BTreeMap<EntryId, EntryId>,
}

impl Twins {
    /// Gives an entry an id of its own when another one came with its id and says something else.
    /// It is made of what the entry says: the same at every repetition.
    pub(crate) fn told_apart(&mut self, mut entry: ImportedEntry) -> ImportedEntry {
        let own = own_id(&entry);
        if *self.said.entry(entry.id).or_insert(own) == own {
            return entry;
        }
        entry.id = own;
        for picture in &mut entry.pictures {
            let (of, was) = (own.to_string(), picture.id.to_string());
            picture.id = AttachmentId::from_bytes(stable_id("twin", &[&of, &was]));
            let (was, now) = (format!("](hk:{was})"), format!("](hk:{})", picture.id));
            entry.markdown = entry.markdown.replace(&was, &now);
        }
        entry
    }
}

fn own_id(entry: &ImportedEntry) -> EntryId {
    let ImportedEntry { id, fields, markdown, .. } = entry;
    let (id, at) = (id.to_string(), fields.moment.rfc3339());
    let mut parts = vec![id.as_str(), &at, &fields.title, markdown];
    parts.extend(fields.tags.iter().chain(&fields.feelings).map(String::as_str));
    EntryId::from_bytes(stable_id("twin", &parts))
}

//! An entry as Markdown with front matter: what a person reads in a backup or an export.

use crate::backup::{picture_name, utc};
use crate::item::EntryItem;
use serde::Serialize;

/// Front matter as it is written. Empty fields are left out.
#[derive(Serialize)]
struct FrontMatter<'a> {
    id: String,
    at: String,
    day: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    feelings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    drawer: Option<String>,
}

/// As in an archive: pictures lie two folders up.
pub(crate) fn archived(entry: &EntryItem) -> String {
    page(entry, "../../")
}

/// Front matter, an empty line, and the text with its pictures below `root`.
pub(crate) fn page(entry: &EntryItem, root: &str) -> String {
    let fields = &entry.fields;
    let front = FrontMatter {
        id: entry.id.to_string(),
        at: fields.moment.rfc3339(),
        day: fields.moment.day.to_string(),
        title: &fields.title,
        tags: &fields.tags,
        feelings: &fields.feelings,
        drawer: entry.drawer.map(utc),
    };
    // Texts and lists of texts always have a form in YAML.
    let front = serde_yaml_ng::to_string(&front).unwrap_or_default();
    let mut text = entry.text.clone();
    for item in &entry.attachments {
        let place = format!("]({root}{})", picture_name(item.id, &item.media));
        text = text.replace(&format!("](hk:{})", item.id), &place);
    }
    format!("---\n{front}---\n\n{text}\n")
}

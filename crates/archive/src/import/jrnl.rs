//! jrnl's JSON export.

use crate::ArchiveError;
use crate::error::shown;
use crate::import::elements::{Broken, each};
use crate::import::front::lived;
use crate::import::{Found, ImportLimits, ImportedEntry, Sink, Unfit, stable_id, tell, unreadable};
use hearthkeep_model::{EntryFields, EntryId};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::Path;

#[derive(Deserialize)]
struct Exported {
    date: String,
    time: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    tags: Vec<String>,
}

/// Reads the export. jrnl knows no zones: its times were lived in `zone`.
pub(crate) fn read(
    path: &Path,
    limits: &ImportLimits,
    zone: &TimeZone,
    sink: &mut Sink<'_>,
) -> Result<(), ArchiveError> {
    let file = File::open(path).map_err(|error| ArchiveError::io(path, error))?;
    let name = shown(path);
    let mut number = 0u32;
    each(file.take(limits.json), limits.entry, &mut |value| {
        number = number.saturating_add(1);
        if number > limits.entries {
            return Err(Broken::Unfit(Unfit::TooMany));
        }
        let date: Option<String> = value
            .as_ref()
            .ok()
            .and_then(|value| value.get("date"))
            .and_then(serde_json::Value::as_str)
            .map(|date| date.chars().take(40).collect());
        match value.and_then(|value| entry_of(value, zone)) {
            Ok(entry) => Ok(tell(sink, Found::Entry(entry))?),
            Err(why) => {
                let date = date.map(|date| format!(" ({date})")).unwrap_or_default();
                Ok(unreadable(sink, format!("{name}, entry {number}{date}"), why)?)
            }
        }
    })
    .or_else(|broken| broken.told(sink, &name, number))
}

fn entry_of(value: serde_json::Value, zone: &TimeZone) -> Result<ImportedEntry, Unfit> {
    let exported: Exported = serde_json::from_value(value).map_err(|_| Unfit::Shape)?;
    let date: Date = exported.date.parse().map_err(|_| Unfit::Time)?;
    let time: Time = exported.time.parse().map_err(|_| Unfit::Time)?;
    let Exported { date: day, time: hour, title, body, tags } = exported;
    let id = EntryId::from_bytes(stable_id("jrnl", &[&day, &hour, &title, &body]));
    // jrnl keeps the sign before a tag.
    let tags = tags.iter().map(|tag| tag.trim_start_matches(['@', '#', '+']).to_owned());
    let fields = EntryFields {
        moment: lived(date.to_datetime(time), zone)?,
        title: title.trim().to_owned(),
        tags: tags.filter(|tag| !tag.is_empty()).collect(),
        feelings: vec![],
    };
    Ok(ImportedEntry { id, fields, markdown: body.trim_end().to_owned(), pictures: vec![] })
}

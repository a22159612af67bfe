//! Day One's JSON export: a zip with a JSON file for each journal, and pictures named by their MD5.

use crate::ArchiveError;
use crate::error::shown;
use crate::import::elements::{self, Broken};
use crate::import::front::instant_in;
use crate::import::links::{Fate, repoint};
use crate::import::zipped::Zip;
use crate::import::{
    Found, ImportLimits, ImportedEntry, ImportedPicture, Sink, Source, Unfit, UnreadableItem,
    stable_id, tell, unreadable,
};
use hearthkeep_model::{AttachmentId, EntryFields, EntryId, Moment};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const FORMAT: &str = "dayone";

/// An entry as the export has it. What is not here has no place in a journal of ours.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exported {
    uuid: String,
    creation_date: String,
    time_zone: Option<String>,
    text: Option<String>,
    tags: Option<Vec<String>>,
    photos: Option<Vec<Photo>>,
}

#[derive(Deserialize)]
struct Photo {
    identifier: Option<String>,
    md5: Option<String>,
}

/// Reads all journals of the export.
pub(crate) fn read(
    path: &Path,
    limits: &ImportLimits,
    sink: &mut Sink<'_>,
) -> Result<(), ArchiveError> {
    let mut text = Zip::open(path, limits)?;
    let mut photos = Photos::of(Zip::open(path, limits)?);
    let journal = |name: &&str| name.ends_with(".json") && !name.contains('/');
    let journals: Vec<String> = text.names().filter(journal).map(str::to_owned).collect();
    if journals.is_empty() {
        return Err(ArchiveError::NotAnImport { file: shown(path) });
    }
    let mut left = limits.entries;
    for journal in journals {
        let reader = match text.reader(&journal, limits.json) {
            Ok(reader) => reader,
            Err(why) => {
                unreadable(sink, journal.as_str(), why)?;
                continue;
            }
        };
        let mut number = 0u32;
        elements::each(reader, limits.entry, &mut |value| {
            number = number.saturating_add(1);
            left = match left.checked_sub(1) {
                Some(left) => left,
                None => return Err(Broken::Unfit(Unfit::TooMany)),
            };
            let what = named(value.as_ref().ok(), &journal, number);
            let (entry, lost) = match value.and_then(|value| entry_of(value, &mut photos)) {
                Ok(read) => read,
                Err(why) => return Ok(unreadable(sink, what, why)?),
            };
            for item in lost {
                tell(sink, Found::Unreadable(item))?;
            }
            Ok(tell(sink, Found::Entry(entry))?)
        })
        .or_else(|broken| broken.told(sink, &journal, number))?;
    }
    Ok(())
}

/// How an entry that cannot be read is named: by its date, else by its place.
fn named(value: Option<&serde_json::Value>, journal: &str, number: u32) -> String {
    let text = |key: &str| value?.get(key).and_then(serde_json::Value::as_str);
    let name: Option<String> = text("creationDate").map(|date| date.chars().take(40).collect());
    match name.or_else(|| text("uuid").map(|id| id.chars().take(40).collect())) {
        Some(name) => format!("{journal}, entry {number} ({name})"),
        None => format!("{journal}, entry {number}"),
    }
}

fn entry_of(
    value: serde_json::Value,
    photos: &mut Photos,
) -> Result<(ImportedEntry, Vec<UnreadableItem>), Unfit> {
    let exported: Exported = serde_json::from_value(value).map_err(|_| Unfit::Shape)?;
    if exported.uuid.is_empty() || exported.uuid.len() > 100 {
        return Err(Unfit::Shape);
    }
    let moment = lived(&exported)?;
    let id = EntryId::from_bytes(stable_id(FORMAT, &[&exported.uuid]));
    let mut pictures: Vec<ImportedPicture> = Vec::new();
    let mut lost = Vec::new();
    let mut known: BTreeMap<String, AttachmentId> = BTreeMap::new();
    for photo in exported.photos.iter().flatten() {
        let (Some(identifier), Some(md5)) = (&photo.identifier, &photo.md5) else { continue };
        let Some((name, size)) = photos.named(md5) else {
            let what = format!("photo {} of {}", short(md5), moment.rfc3339());
            lost.push(UnreadableItem { what, why: Unfit::Missing });
            continue;
        };
        let picture = AttachmentId::from_bytes(stable_id(FORMAT, &[&exported.uuid, identifier]));
        if known.insert(identifier.clone(), picture).is_none() {
            let shown = name.rsplit('/').next().unwrap_or_default().to_owned();
            pictures.push(ImportedPicture {
                id: picture,
                name: shown,
                size,
                source: Source::Zipped(name),
            });
        }
    }
    // Old exports write the scheme with its slashes escaped.
    let text =
        exported.text.unwrap_or_default().replace("dayone-moment:\\/\\/", "dayone-moment://");
    let mut markdown = repoint(&text, |to| match to.strip_prefix("dayone-moment:") {
        Some(moment) => {
            let identifier = moment.trim_start_matches('/');
            known.remove(identifier).map_or(Fate::Gone, Fate::Is)
        }
        None => Fate::Stays,
    });
    // Pictures that the text does not mention stand below it.
    for picture in known.into_values() {
        markdown.push_str(&format!("\n\n![](hk:{picture})"));
    }
    let fields = EntryFields {
        moment,
        title: String::new(),
        tags: exported.tags.unwrap_or_default(),
        feelings: vec![],
    };
    Ok((ImportedEntry { id, fields, markdown, pictures }, lost))
}

fn lived(exported: &Exported) -> Result<Moment, Unfit> {
    let utc = Moment::parse_rfc3339(&exported.creation_date).map_err(|_| Unfit::Time)?;
    match exported.time_zone.as_deref() {
        None | Some("") => Ok(utc),
        Some(zone) => {
            // A zone that is not known is no reason to lose the entry: its instant is.
            let zone = TimeZone::get(&zone.replace('\\', "")).unwrap_or(TimeZone::UTC);
            instant_in(utc.at, &zone)
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(32).collect()
}

/// The photos of an export, by their MD5.
struct Photos {
    zip: Zip,
    names: BTreeMap<String, String>,
}

impl Photos {
    fn of(zip: Zip) -> Self {
        let mut names = BTreeMap::new();
        for name in zip.names() {
            let md5 = name.strip_prefix("photos/").and_then(|below| below.split_once('.'));
            if let Some((md5, ending)) = md5
                && !ending.contains('/')
            {
                names.insert(md5.to_ascii_lowercase(), name.to_owned());
            }
        }
        Self { zip, names }
    }

    fn named(&mut self, md5: &str) -> Option<(String, u64)> {
        let name = self.names.get(&md5.to_ascii_lowercase())?;
        Some((name.clone(), self.zip.said_size(name)?))
    }
}

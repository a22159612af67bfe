//! The JSON of an archive (FORMATS, "The archive"). Only here do items meet serde.

use crate::backup::manifest::{hex, unhex};
use crate::backup::name;
use crate::item::{
    AttachmentItem, EntryItem, ErasedItem, GroupItem, GroupRow, NoteText, VersionItem,
};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hearthkeep_model::{AttachmentId, EntryFields, EntryId, Moment, Timestamp, VersionId};
use serde::{Deserialize, Serialize};

const ENTRY: &str = "hearthkeep-entry";
const SETTINGS: &str = "hearthkeep-settings";
const GROUP: &str = "hearthkeep-group";

/// A text that is not what it should be. The caller knows where it stands.
#[derive(Debug)]
pub(crate) struct Malformed;

#[derive(Serialize, Deserialize)]
struct EntryJson {
    format: String,
    version: u32,
    id: String,
    at: String,
    day: String,
    title: String,
    tags: Vec<String>,
    feelings: Vec<String>,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    changed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawer: Option<String>,
    shared: bool,
    attachments: Vec<AttachmentJson>,
    versions: Vec<VersionJson>,
}

#[derive(Serialize, Deserialize)]
struct AttachmentJson {
    id: String,
    name: String,
    #[serde(rename = "type")]
    media: String,
    size: u64,
    sha256: String,
    file: String,
}

#[derive(Serialize, Deserialize)]
struct VersionJson {
    id: String,
    at: String,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lines: Option<serde_json::Value>,
}

struct FieldsJson {
    at: String,
    day: String,
    title: String,
    tags: Vec<String>,
    feelings: Vec<String>,
}

/// An instant as RFC 3339 in UTC.
pub(crate) fn utc(at: Timestamp) -> String {
    Moment::new(at, 0).rfc3339().replace("+00:00", "Z")
}

fn instant(text: &str) -> Result<Timestamp, Malformed> {
    Moment::parse_rfc3339(text).map(|moment| moment.at).map_err(|_| Malformed)
}

fn moment(at: &str, day: &str) -> Result<Moment, Malformed> {
    let mut moment = Moment::parse_rfc3339(at).map_err(|_| Malformed)?;
    moment.day = day.parse().map_err(|_| Malformed)?;
    Ok(moment)
}

fn fields_json(fields: &EntryFields) -> FieldsJson {
    FieldsJson {
        at: fields.moment.rfc3339(),
        day: fields.moment.day.to_string(),
        title: fields.title.clone(),
        tags: fields.tags.clone(),
        feelings: fields.feelings.clone(),
    }
}

fn fields_of(json: FieldsJson) -> Result<EntryFields, Malformed> {
    let FieldsJson { at, day, title, tags, feelings } = json;
    Ok(EntryFields { moment: moment(&at, &day)?, title, tags, feelings })
}

/// The `.json` of an entry.
pub(crate) fn entry_bytes(entry: &EntryItem) -> Result<Vec<u8>, serde_json::Error> {
    let FieldsJson { at, day, title, tags, feelings } = fields_json(&entry.fields);
    let attachment = |item: &AttachmentItem| AttachmentJson {
        id: item.id.to_string(),
        name: item.name.clone(),
        media: item.media.clone(),
        size: item.size,
        sha256: hex(&item.sha256),
        file: name::picture(item.id, &item.media),
    };
    let version = |item: &VersionItem| VersionJson {
        id: item.id.to_string(),
        at: utc(item.at),
        text: item.text.clone(),
        lines: item.lines.clone(),
    };
    serde_json::to_vec(&EntryJson {
        format: ENTRY.to_owned(),
        version: 1,
        id: entry.id.to_string(),
        at,
        day,
        title,
        tags,
        feelings,
        text: entry.text.clone(),
        document: entry.document.as_ref().map(|bytes| BASE64_STANDARD.encode(bytes)),
        changed: utc(entry.changed),
        drawer: entry.drawer.map(utc),
        shared: entry.shared,
        attachments: entry.attachments.iter().map(attachment).collect(),
        versions: entry.versions.iter().map(version).collect(),
    })
}

/// Reads the `.json` of an entry.
pub(crate) fn entry_of(bytes: &[u8]) -> Result<EntryItem, Malformed> {
    let json: EntryJson = serde_json::from_slice(bytes).map_err(|_| Malformed)?;
    if json.format != ENTRY || json.version != 1 {
        return Err(Malformed);
    }
    let EntryJson { at, day, title, tags, feelings, .. } = json;
    Ok(EntryItem {
        id: json.id.parse::<EntryId>().map_err(|_| Malformed)?,
        fields: fields_of(FieldsJson { at, day, title, tags, feelings })?,
        text: json.text,
        document: json
            .document
            .map(|text| BASE64_STANDARD.decode(text).map_err(|_| Malformed))
            .transpose()?,
        changed: instant(&json.changed)?,
        drawer: json.drawer.as_deref().map(instant).transpose()?,
        shared: json.shared,
        attachments: json.attachments.into_iter().map(attachment_of).collect::<Result<_, _>>()?,
        versions: json.versions.into_iter().map(version_of).collect::<Result<_, _>>()?,
    })
}

fn attachment_of(json: AttachmentJson) -> Result<AttachmentItem, Malformed> {
    Ok(AttachmentItem {
        id: json.id.parse().map_err(|_| Malformed)?,
        name: json.name,
        media: json.media,
        size: json.size,
        sha256: unhex(&json.sha256).ok_or(Malformed)?,
    })
}

fn version_of(json: VersionJson) -> Result<VersionItem, Malformed> {
    Ok(VersionItem {
        id: json.id.parse::<VersionId>().map_err(|_| Malformed)?,
        at: instant(&json.at)?,
        text: json.text,
        lines: json.lines,
    })
}

/// A line of `erased.jsonl`.
#[derive(Serialize, Deserialize)]
pub(crate) struct ErasedJson {
    id: String,
}

impl From<&ErasedItem> for ErasedJson {
    fn from(item: &ErasedItem) -> Self {
        Self { id: item.id.to_string() }
    }
}

impl TryFrom<ErasedJson> for ErasedItem {
    type Error = Malformed;

    fn try_from(json: ErasedJson) -> Result<Self, Malformed> {
        Ok(Self { id: json.id.parse().map_err(|_| Malformed)? })
    }
}

/// `settings.json`.
#[derive(Serialize, Deserialize)]
pub(crate) struct SettingsJson {
    format: String,
    version: u32,
    pub(crate) values: serde_json::Value,
}

impl SettingsJson {
    pub(crate) fn new(values: serde_json::Value) -> Self {
        Self { format: SETTINGS.to_owned(), version: 1, values }
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<serde_json::Value, Malformed> {
        let json: Self = serde_json::from_slice(bytes).map_err(|_| Malformed)?;
        (json.format == SETTINGS && json.version == 1).then_some(json.values).ok_or(Malformed)
    }
}

/// The first line of a group's first file.
#[derive(Serialize, Deserialize)]
pub(crate) struct GroupJson {
    format: String,
    version: u32,
    id: String,
    name: String,
    own_name: String,
    relay: String,
}

impl From<&GroupItem> for GroupJson {
    fn from(item: &GroupItem) -> Self {
        Self {
            format: GROUP.to_owned(),
            version: 1,
            id: item.id.to_string(),
            name: item.name.clone(),
            own_name: item.own_name.clone(),
            relay: item.relay.clone(),
        }
    }
}

impl TryFrom<GroupJson> for GroupItem {
    type Error = Malformed;

    fn try_from(json: GroupJson) -> Result<Self, Malformed> {
        if json.format != GROUP || json.version != 1 {
            return Err(Malformed);
        }
        let id = json.id.parse().map_err(|_| Malformed)?;
        Ok(Self { id, name: json.name, own_name: json.own_name, relay: json.relay })
    }
}

/// Another line of a group's file.
#[derive(Serialize, Deserialize)]
pub(crate) struct RowJson {
    table: String,
    key: String,
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<NoteJson>,
}

#[derive(Serialize, Deserialize)]
struct NoteJson {
    author: String,
    mine: bool,
    day: String,
    kind: String,
    text: String,
}

/// A line of a group's file: its head, or a row.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum GroupLine {
    Head(GroupJson),
    Row(RowJson),
}

impl From<&GroupRow> for RowJson {
    fn from(row: &GroupRow) -> Self {
        let note = |note: &NoteText| NoteJson {
            author: note.author.clone(),
            mine: note.mine,
            day: note.day.clone(),
            kind: note.kind.clone(),
            text: note.text.clone(),
        };
        Self {
            table: row.table.clone(),
            key: hex(&row.key),
            value: BASE64_STANDARD.encode(&row.value),
            note: row.note.as_ref().map(note),
        }
    }
}

impl TryFrom<RowJson> for GroupRow {
    type Error = Malformed;

    fn try_from(json: RowJson) -> Result<Self, Malformed> {
        let (pairs, rest) = json.key.as_bytes().as_chunks::<2>();
        let pair = |[high, low]: &[u8; 2]| {
            let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
            digit(*high).zip(digit(*low)).map(|(high, low)| (high << 4) | low)
        };
        let key: Option<Vec<u8>> = pairs.iter().map(pair).collect();
        Ok(Self {
            table: json.table,
            key: key.filter(|_| rest.is_empty()).ok_or(Malformed)?,
            value: BASE64_STANDARD.decode(json.value).map_err(|_| Malformed)?,
            note: json.note.map(|NoteJson { author, mine, day, kind, text }| NoteText {
                author,
                mine,
                day,
                kind,
                text,
            }),
        })
    }
}

/// A line of `attachments.jsonl`.
#[derive(Serialize, Deserialize)]
pub(crate) struct PlaceJson {
    id: String,
    file: String,
    size: u64,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pack: Option<String>,
}

/// Where a picture lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) id: AttachmentId,
    pub(crate) file: String,
    pub(crate) size: u64,
    pub(crate) sha256: [u8; 32],
    pub(crate) pack: Option<[u8; 32]>,
}

impl From<&Place> for PlaceJson {
    fn from(place: &Place) -> Self {
        Self {
            id: place.id.to_string(),
            file: place.file.clone(),
            size: place.size,
            sha256: hex(&place.sha256),
            pack: place.pack.as_ref().map(|pack| hex(pack)),
        }
    }
}

impl TryFrom<PlaceJson> for Place {
    type Error = Malformed;

    fn try_from(json: PlaceJson) -> Result<Self, Malformed> {
        let below = json.file.strip_prefix("attachments/").ok_or(Malformed)?;
        let id: AttachmentId = json.id.parse().map_err(|_| Malformed)?;
        if name::picture_id(below) != Some(id) || name::permitted(json.file.as_bytes()).is_none() {
            return Err(Malformed);
        }
        Ok(Self {
            id,
            file: json.file,
            size: json.size,
            sha256: unhex(&json.sha256).ok_or(Malformed)?,
            pack: json.pack.map(|pack| unhex(&pack).ok_or(Malformed)).transpose()?,
        })
    }
}

//! A journal as the archive takes it: entries with versions and pictures, some at a time.

use crate::ClientError;
use crate::archive::kept;
use crate::view::{WholeAttachment, WholeEntry};
use hearthkeep_archive::{AttachmentItem, EntryItem, GroupItem, GroupRow, VersionItem};
use hearthkeep_document::{Document, lines_from_json, lines_from_markdown, markdown_of};
use hearthkeep_model::{EntryId, GroupId};
use hearthkeep_store::{AttachmentMeta, Entry, Store, Table, Thing, VersionHead};
use std::collections::BTreeMap;

/// Tables of groups that a backup keeps. Never the state of key agreement, content keys, cursors
/// or what waits to be sent: a backup must not be able to speak for a device.
pub(crate) const GROUP_TABLES: [(Table, &str); 4] = [
    (Table::GroupMeta, "group_meta"),
    (Table::GroupRecord, "group_record"),
    (Table::Draft, "draft"),
    (Table::Quarantine, "quarantine"),
];

/// Entries with all that belongs to them, in this order. What was erased meanwhile is left out, and
/// what is damaged, which is listed: the rest is worth having.
pub(crate) async fn entries(store: &Store, ids: &[EntryId]) -> Result<Vec<EntryItem>, ClientError> {
    let bodies = store.entries(ids).await?;
    let mut bodies: BTreeMap<_, _> = bodies.into_iter().map(|body| (body.head.id, body)).collect();
    let mut versions = by_entry(store.versions(ids).await?, |version| version.entry);
    let mut pictures = by_entry(store.attachments_of(ids).await?, |picture| picture.entry);
    let mut items = Vec::with_capacity(bodies.len());
    for id in ids {
        let Some(body) = bodies.remove(id) else { continue };
        let versions = versions.remove(id).unwrap_or_default();
        items.push(item(store, body, versions, pictures.remove(id).unwrap_or_default()).await?);
    }
    Ok(items)
}

fn by_entry<T>(things: Vec<T>, entry: impl Fn(&T) -> EntryId) -> BTreeMap<EntryId, Vec<T>> {
    let mut sorted: BTreeMap<EntryId, Vec<T>> = BTreeMap::new();
    for thing in things {
        sorted.entry(entry(&thing)).or_default().push(thing);
    }
    sorted
}

/// An entry with all that belongs to it.
pub(crate) async fn entry(store: &Store, id: EntryId) -> Result<EntryItem, ClientError> {
    let body = store.entry(id).await?;
    let (versions, pictures) = (store.versions(&[id]).await?, store.attachments_of(&[id]).await?);
    item(store, body, versions, pictures).await
}

async fn item(
    store: &Store,
    Entry { head, snapshot }: Entry,
    newest_first: Vec<VersionHead>,
    pictures: Vec<AttachmentMeta>,
) -> Result<EntryItem, ClientError> {
    let document = Document::open(&snapshot)?;
    let lines = document.lines();
    let text = markdown_of(&lines);
    let exact = (lines_from_markdown(&text) != lines).then(|| snapshot.to_vec());
    let mut versions = Vec::new();
    for version in newest_first {
        // A version that does not open is listed as damaged; the others are worth keeping.
        if let Ok(item) = version_item(store, version).await {
            versions.push(item);
        }
    }
    versions.reverse();
    let attachments = pictures.into_iter().map(attachment_item).collect();
    Ok(EntryItem {
        id: head.id,
        fields: head.fields,
        text,
        document: exact,
        changed: head.changed,
        drawer: head.trashed,
        shared: head.shared,
        attachments,
        versions,
    })
}

async fn version_item(store: &Store, head: VersionHead) -> Result<VersionItem, ClientError> {
    let json = store.version_text(head.id).await?;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
    let lines = lines_from_json(&json)?;
    let text = markdown_of(&lines);
    let exact = (lines_from_markdown(&text) != lines).then_some(json);
    Ok(VersionItem { id: head.id, at: head.at, text, lines: exact })
}

fn attachment_item(meta: AttachmentMeta) -> AttachmentItem {
    AttachmentItem {
        id: meta.id,
        name: meta.name,
        media: meta.media_type,
        size: meta.size,
        sha256: meta.sha256,
    }
}

/// The settings that travel: all but what is about this computer.
pub(crate) async fn settings(store: &Store) -> Result<serde_json::Value, ClientError> {
    let mut values = serde_json::Map::new();
    for Thing { key, value, .. } in store.scan(Table::Settings, &[]).await? {
        let name = String::from_utf8(key).unwrap_or_default();
        if name != kept::SETTING
            && !name.is_empty()
            && let Ok(value) = serde_json::from_slice(&value)
        {
            values.insert(name, value);
        }
    }
    Ok(values.into())
}

/// Groups with the rows that a backup keeps of them.
pub(crate) async fn groups(store: &Store) -> Result<Vec<(GroupItem, Vec<GroupRow>)>, ClientError> {
    let mut groups: BTreeMap<[u8; 16], Vec<GroupRow>> = BTreeMap::new();
    for (table, name) in GROUP_TABLES {
        for Thing { scope, key, value, .. } in store.scan_all(table).await? {
            let Ok(group) = <[u8; 16]>::try_from(scope.as_slice()) else { continue };
            let row = GroupRow { table: name.to_owned(), key, value: value.to_vec(), note: None };
            groups.entry(group).or_default().push(row);
        }
    }
    let item = |id, rows: &[GroupRow]| {
        let kept = rows.iter().find(|row| row.key == b"keepsake");
        let kept = kept.and_then(|row| hearthkeep_group::Keepsake::from_bytes(&row.value));
        let relay = kept.as_ref().and_then(|kept| kept.door().ok()).map(|door| door.relay);
        let (name, own_name) = kept.map(|kept| (kept.name, kept.own_name)).unwrap_or_default();
        GroupItem { id: GroupId::from_bytes(id), name, own_name, relay: relay.unwrap_or_default() }
    };
    Ok(groups.into_iter().map(|(id, rows)| (item(id, &rows), rows)).collect())
}

/// An entry as the command line gives it out.
pub(crate) async fn whole_entry(store: &Store, id: EntryId) -> Result<WholeEntry, ClientError> {
    let Entry { head, snapshot } = store.entry(id).await?;
    let hex = |bytes: &[u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let attachment = |meta: AttachmentMeta| WholeAttachment {
        id: meta.id.to_string(),
        name: meta.name,
        size: u32::try_from(meta.size).unwrap_or(u32::MAX),
        sha256: hex(&meta.sha256),
    };
    Ok(WholeEntry {
        id: id.to_string(),
        at: head.fields.moment.rfc3339(),
        title: head.fields.title,
        tags: head.fields.tags,
        feelings: head.fields.feelings,
        text: Document::open(&snapshot)?.markdown(),
        attachments: store.attachments_of(&[id]).await?.into_iter().map(attachment).collect(),
    })
}

//! A journal as a map of all that counts of it, so that two journals can be compared.

use hearthkeep_client::view::{EntryFilter, EntryRow, Settings};
use hearthkeep_client::{ClientError, Hearthkeep};
use std::collections::BTreeMap;

/// More entries than any test's journal has.
const ALL: u32 = 10_000;
/// Letters of a picture's id.
const ID: usize = 32;

/// Rows, texts, versions and pictures of an open journal and its drawer, and its settings.
///
/// # Errors
/// What the core says of anything that does not open.
pub async fn canonical(app: &Hearthkeep) -> Result<BTreeMap<String, String>, ClientError> {
    let mut all = BTreeMap::new();
    for drawer in [false, true] {
        let filter = EntryFilter { drawer, ..EntryFilter::default() };
        for row in app.entries(&filter, 0, ALL)?.rows {
            entry(app, &row, &mut all).await?;
        }
    }
    // Whether the words were tried is about the words, and a journal that came back has new ones.
    let settings = Settings { words_rehearsed: false, ..app.settings().await? };
    all.insert("settings".to_owned(), format!("{settings:?}"));
    Ok(all)
}

async fn entry(
    app: &Hearthkeep,
    row: &EntryRow,
    all: &mut BTreeMap<String, String>,
) -> Result<(), ClientError> {
    let id = &row.id;
    all.insert(format!("{id} row"), format!("{row:?}"));
    let markdown = app.entry_markdown(id).await?;
    for picture in markdown.split("](hk:").skip(1).filter_map(|after| after.get(..ID)) {
        let there = app.picture(picture).await?;
        all.insert(format!("{id} {picture}"), format!("{} {:?}", there.media_type, there.bytes));
    }
    for version in app.versions(id).await? {
        let text = app.version_text(id, &version.id).await?;
        all.insert(format!("{id} {}", version.id), format!("{version:?} {text}"));
    }
    all.insert(format!("{id} text"), markdown);
    Ok(())
}

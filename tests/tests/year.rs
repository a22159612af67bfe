//! A year from an old app comes in whole: counts, hashes, hours and words as they were there.
#![allow(clippy::unwrap_used, reason = "a test may stop when its own ground gives way")]

use hearthkeep_client::view::{EntryFilter, ImportFormat};
use hearthkeep_client::{Cost, Events, Hearthkeep, SystemClock};
use hearthkeep_tests::year::{self, ENTRIES, PICTURES, SENTENCE};
use std::collections::BTreeMap;
use std::sync::Arc;

const SEED: u64 = 20_261_124;

#[tokio::test]
async fn a_year_comes_in_with_its_zones_and_pictures_and_the_damaged_entry_is_named() {
    let place = tempfile::tempdir().unwrap();
    let export = place.path().join("export.zip");
    let year = year::write(&export, SEED).unwrap();
    let clock = Arc::new(SystemClock::new());
    let profile = place.path().join("profile");
    let app = Hearthkeep::open_at_cost(&profile, clock, Events::unheard(), Cost::Least).unwrap();
    app.create_vault("a long walk by the sea").await.unwrap();
    let preview = app.import_preview(&export).await.unwrap();
    let counts = |n: usize| u32::try_from(n).unwrap();
    assert_eq!(
        (preview.format, preview.entries, preview.pictures),
        (ImportFormat::DayOne, counts(ENTRIES), counts(PICTURES))
    );
    let imported = app.import(&export, |_| {}).await.unwrap();
    assert_eq!(
        (imported.added, imported.known, imported.pictures),
        (counts(ENTRIES), 0, counts(PICTURES)),
        "seed {SEED}"
    );
    assert_eq!(
        imported.unreadable.iter().map(|item| item.what.as_str()).collect::<Vec<_>>(),
        [year.damaged]
    );
    let mut written: BTreeMap<(String, String), _> = BTreeMap::new();
    for entry in &year.entries {
        written.insert((entry.at.clone(), entry.words.clone()), entry);
    }
    let rows = app.entries(&EntryFilter::default(), 0, 1000).unwrap().rows;
    assert_eq!(rows.len(), ENTRIES);
    for row in rows {
        let text = app.entry_markdown(&row.id).await.unwrap();
        // Markdown ends its last line.
        let text = text.trim_end();
        let (words, picture) = text
            .split_once("\n\n![](hk:")
            .map_or((text, None), |(words, id)| (words, Some(id.trim_end_matches(')'))));
        let entry = written.remove(&(row.at.clone(), words.to_owned())).expect("it was written so");
        assert_eq!(row.tags, entry.tags);
        let picture = match picture {
            Some(id) => Some(app.picture(id).await.unwrap().bytes.to_vec()),
            None => None,
        };
        assert_eq!(picture, entry.picture);
    }
    assert_eq!(app.find_everywhere(&format!("\"{SENTENCE}\"")).await.unwrap().len(), 1);
    let again = app.import(&export, |_| {}).await.unwrap();
    assert_eq!((again.added, again.known), (0, counts(ENTRIES)));
}

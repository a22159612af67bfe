//! What a vault keeps, and that it is the same after it was closed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that fails may stop"
)]

mod common;

use common::{create, head, id, put, reopen};
use hearthkeep_model::{AttachmentId, Timestamp, VersionId};
use hearthkeep_store::{AttachmentMeta, Store, StoreError, Table, VersionHead};

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let place = tempfile::tempdir().unwrap();
    let (folder, store, secrets) = create(place.path()).await;
    let mut tx = store.begin().await.unwrap();
    tx.put_entry(&head(1, "first"), b"one").unwrap();
    tx.put_entry(&head(2, "second"), b"two").unwrap();
    let version = VersionHead {
        id: VersionId::from_bytes([7; 16]),
        entry: id(1),
        at: Timestamp(5),
        words: 3,
    };
    tx.put_version(&version, "earlier words".as_bytes()).unwrap();
    let picture = AttachmentId::from_bytes([9; 16]);
    store.write_attachment(picture, b"\x89PNG").unwrap();
    let meta = AttachmentMeta::of(picture, id(1), "sea.png", "image/png", b"\x89PNG");
    tx.put_attachment(&meta);
    tx.put_setting("look", b"dark");
    let changes = tx.commit().await.unwrap();
    assert_eq!(changes.entries.len(), 2);
    store.close().await;
    assert!(matches!(store.entry(id(1)).await, Err(StoreError::Closed)));
    drop((store, folder));

    let store = reopen(place.path(), &secrets).await;
    let titles: Vec<_> = store.heads().iter().map(|head| head.fields.title.clone()).collect();
    assert_eq!(titles, ["second", "first"]);
    assert_eq!(*store.head(id(1)).unwrap(), head(1, "first"));
    assert_eq!(store.entry_text(id(1)).await.unwrap().as_slice(), b"one");
    assert_eq!(store.versions(&[id(1)]).await.unwrap(), [version]);
    let text = store.version_text(VersionId::from_bytes([7; 16])).await.unwrap();
    assert_eq!(text.as_slice(), b"earlier words");
    assert_eq!(store.attachments_of(&[id(1)]).await.unwrap(), [meta]);
    assert_eq!(store.read_attachment(picture).unwrap().as_slice(), b"\x89PNG");
    assert_eq!(store.setting("look").await.unwrap().unwrap().as_slice(), b"dark");
    let kept = store.secrets().await.unwrap();
    assert_eq!(kept.account.expose(), secrets.account.expose());
    assert_eq!(store.number(), changes.number);
}

#[tokio::test]
async fn pages_hold_many_headers_and_a_page_that_is_damaged_is_rebuilt() {
    let place = tempfile::tempdir().unwrap();
    let (folder, store, secrets) = create(place.path()).await;
    let mut tx = store.begin().await.unwrap();
    (0..700).for_each(|n| tx.put_entry(&head(n, "many"), &n.to_be_bytes()).unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.erase_entry(id(300)).await.unwrap();
    tx.put_head(&head(301, "renamed")).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    drop((store, folder));

    let db = place.path().join("vault.db");
    raw(&db, "UPDATE page SET sealed = zeroblob(length(sealed)) WHERE no = 1").await;
    let store = reopen(place.path(), &secrets).await;
    assert_eq!(store.heads().len(), 699);
    assert_eq!(store.head(id(301)).unwrap().fields.title, "renamed");
    assert_eq!(store.entry_text(id(301)).await.unwrap().as_slice(), 301u32.to_be_bytes());
    assert_eq!(store.damaged().len(), 1);
    assert_eq!(store.damaged()[0].table, Table::Page);
    // 699 of one commit stay together, however small the limit is.
    let first = store.changed_since(0, 2).await.unwrap();
    assert_eq!(first.entries.len(), 698);
    let second = store.changed_since(first.last.unwrap(), 2).await.unwrap();
    assert_eq!((second.entries.len(), second.last), (1, Some(store.number() - 1)));
    let wanted = [id(301), id(5_000), id(2)];
    let mut some = store.entries(&wanted).await.unwrap();
    some.sort_by_key(|entry| entry.head.id);
    assert_eq!(some.iter().map(|entry| entry.head.id).collect::<Vec<_>>(), [id(2), id(301)]);
    store.close().await;
    drop(store);
    let store = reopen(place.path(), &secrets).await;
    assert_eq!((store.heads().len(), store.damaged().len()), (699, 0));
}

#[tokio::test]
async fn d3_a_damaged_row_is_listed_and_swapped_rows_are_refused_while_the_rest_opens() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    for n in 0..4 {
        put(&store, n, "words").await;
    }
    let db = place.path().join("vault.db");
    raw(
        &db,
        "UPDATE body SET sealed = (SELECT sealed FROM body ORDER BY change LIMIT 1)
        WHERE change = (SELECT max(change) FROM body)",
    )
    .await;
    assert!(matches!(
        store.entry(id(3)).await,
        Err(StoreError::Damaged { table: Table::Entry, .. })
    ));
    assert_eq!(store.entry_text(id(0)).await.unwrap().as_slice(), b"words");
    let damaged = store.damaged();
    assert_eq!(damaged.len(), 1);
    assert_eq!(store.entry_of(&damaged[0]).unwrap().id, id(3), "the list still knows what it was");
    let checked = store.check().await.unwrap();
    assert_eq!((checked.entries, checked.damaged.len(), checked.database_sound), (3, 1, true));
    assert_eq!(store.changed_since(0, 10).await.unwrap().entries.len(), 3);
    // Where there are only damaged ones, there is still a place to go on from.
    let after = store.changed_since(store.number() - 1, 10).await.unwrap();
    assert_eq!((after.entries.len(), after.last), (0, Some(store.number())));
    assert_eq!(store.entries(&[id(0), id(3)]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_group_keeps_its_rows_in_the_order_in_which_they_came() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    let (one, two) = (b"group one", b"group two");
    let mut tx = store.begin().await.unwrap();
    for key in ["c", "a", "b"] {
        tx.put(Table::Outbox, one, key.as_bytes(), key.as_bytes());
    }
    tx.put(Table::Outbox, two, b"a", b"other");
    assert_eq!(tx.get(Table::Outbox, one, b"a").await.unwrap().unwrap().as_slice(), b"a");
    assert_eq!(tx.scan(Table::Outbox, one).await.unwrap().len(), 3);
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.put(Table::Outbox, one, b"c", b"again");
    tx.delete(Table::Outbox, one, b"a");
    assert_eq!(tx.scan(Table::Outbox, one).await.unwrap().len(), 2);
    tx.commit().await.unwrap();
    let rows = store.scan(Table::Outbox, one).await.unwrap();
    let values: Vec<_> =
        rows.iter().map(|row| (row.key.as_slice(), row.value.as_slice())).collect();
    assert_eq!(values, [(&b"c"[..], &b"again"[..]), (b"b", b"b")]);
    assert_eq!(store.scan_after(Table::Outbox, one, rows[0].seq, 9).await.unwrap().len(), 1);
    assert_eq!(store.scan_all(Table::Outbox).await.unwrap().len(), 3);
    let mut tx = store.begin().await.unwrap();
    tx.delete_scope(Table::Outbox, one);
    assert_eq!(tx.get(Table::Outbox, one, b"c").await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(store.scan_all(Table::Outbox).await.unwrap().len(), 1);
    assert_eq!(store.get(Table::GroupState, two, b"a").await.unwrap(), None);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    put(&store, 1, "kept").await;
    let number = store.number();
    let mut tx = store.begin().await.unwrap();
    tx.put_entry(&head(2, "gone"), b"gone").unwrap();
    tx.erase_entry(id(1)).await.unwrap();
    drop(tx);
    assert_eq!((store.heads().len(), store.number()), (1, number));
    assert_eq!(store.entry_text(id(1)).await.unwrap().as_slice(), b"kept");
}

#[tokio::test]
async fn erasing_takes_versions_and_pictures_along_and_is_remembered() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    put(&store, 1, "words").await;
    let picture = AttachmentId::from_bytes([9; 16]);
    store.write_attachment(picture, b"picture").unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.put_attachment(&AttachmentMeta::of(picture, id(1), "a", "image/png", b"picture"));
    let version = VersionHead {
        id: VersionId::from_bytes([7; 16]),
        entry: id(1),
        at: Timestamp(5),
        words: 3,
    };
    tx.put_version(&version, b"earlier").unwrap();
    tx.commit().await.unwrap();
    let before = store.number();
    let mut tx = store.begin().await.unwrap();
    tx.erase_entry(id(1)).await.unwrap();
    let changes = tx.commit().await.unwrap();
    store.wipe().await.unwrap();
    assert!(changes.erased.contains(&id(1)));
    assert!(matches!(store.entry(id(1)).await, Err(StoreError::NoEntry(_))));
    assert!(store.versions(&[id(1)]).await.unwrap().is_empty());
    assert!(matches!(store.read_attachment(picture), Err(StoreError::NoAttachment(_))));
    assert_eq!(store.erased_between(before, u64::MAX).await.unwrap(), [id(1)]);
    assert_eq!(store.erased_between(before, before).await.unwrap(), []);
    assert_eq!(std::fs::metadata(place.path().join("vault.db-wal")).unwrap().len(), 0);
    put(&store, 1, "written again").await;
    assert_eq!(store.erased_between(before, u64::MAX).await.unwrap(), []);
}

#[tokio::test]
async fn a_file_that_belongs_to_no_row_is_swept() {
    let place = tempfile::tempdir().unwrap();
    let (folder, store, secrets) = create(place.path()).await;
    store.write_attachment(AttachmentId::from_bytes([1; 16]), b"never committed").unwrap();
    store.close().await;
    drop((store, folder));
    let store = reopen(place.path(), &secrets).await;
    assert_eq!(std::fs::read_dir(place.path().join("attachments")).unwrap().count(), 0);
    drop(store);
}

#[tokio::test]
async fn another_vaults_database_is_refused() {
    let (mine, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, store, secrets) = create(mine.path()).await;
    let (other, other_store, _) = create(theirs.path()).await;
    store.close().await;
    other_store.close().await;
    std::fs::copy(theirs.path().join("vault.db"), mine.path().join("vault.db")).unwrap();
    let key = folder.read_slots().unwrap().open_with_words(&secrets.phrase).unwrap();
    assert!(matches!(Store::unlock(&folder, key).await, Err(StoreError::OtherVault)));
    drop(other);
}

async fn raw(db: &std::path::Path, sql: &'static str) {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(db);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

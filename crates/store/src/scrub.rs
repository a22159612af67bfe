//! Zeroes what lies between the rows of a database's pages.
//!
//! `secure_delete` overwrites a row where it lies. But when SQLite moves rows from one page to
//! another, to make room or to fill it up, their bytes stay behind in the unallocated part of the
//! page that they left; and when such a row is deleted later, that copy of it is still whole. That
//! part of a page is nobody's (<https://www.sqlite.org/fileformat2.html>, 1.6), so it can be zeroed
//! in place: as long as no connection is open, whose memory of the page would bring the bytes back.

use crate::StoreError;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

/// Bytes of the database's own head, in front of its first page's.
const HEAD: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Zeroes the unallocated part of every page. The log must be empty and no connection open.
pub(crate) fn scrub(database: &Path) -> Result<(), StoreError> {
    let at = |error| StoreError::file(database, error);
    let mut file = OpenOptions::new().read(true).write(true).open(database).map_err(at)?;
    pass(&mut file).map_err(at)
}

fn pass(file: &mut File) -> io::Result<()> {
    let Some(size) = page_size(file)? else { return Ok(()) };
    let (mut page, mut start, mut first, mut zeroed) = (vec![0; size], 0u64, HEAD, false);
    file.rewind()?;
    while read_page(file, &mut page)? {
        if let Some(gap) = unallocated(&page, first)
            && let Some(bytes) = page.get_mut(gap.clone())
            && bytes.iter().any(|byte| *byte != 0)
        {
            bytes.fill(0);
            file.seek(SeekFrom::Start(start.saturating_add(wide(gap.start))))?;
            file.write_all(bytes)?;
            zeroed = true;
        }
        start = start.saturating_add(wide(size));
        file.seek(SeekFrom::Start(start))?;
        first = 0;
    }
    if zeroed { file.sync_all() } else { Ok(()) }
}

/// The size of this database's pages; none where it is not laid out as we lay it out.
fn page_size(file: &mut File) -> io::Result<Option<usize>> {
    let mut head = [0; HEAD];
    file.rewind()?;
    match file.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let size = number(&head, 16).filter(|size| size.is_power_of_two() && *size >= 512);
    // Nothing kept free at the ends of pages, and no pages that only point to others.
    let plain = head.get(20) == Some(&0) && head.get(52..56) == Some(&[0; 4]);
    Ok(size.filter(|_| head.starts_with(MAGIC) && plain))
}

fn read_page(file: &mut File, page: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(page) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// What lies between the list of a tree page's cells and the first of them. `first` is where the
/// page's head begins.
fn unallocated(page: &[u8], first: usize) -> Option<Range<usize>> {
    let head = match page.get(first)? {
        2 | 5 => 12,
        10 | 13 => 8,
        // Free, or the rest of a long row: secure_delete has zeroed what is not used.
        _ => return None,
    };
    let cells = number(page, first.checked_add(3)?)?;
    let list = first.checked_add(head)?;
    let gap = list.checked_add(cells.checked_mul(2)?)?..number(page, first.checked_add(5)?)?;
    let mut places =
        (0..cells).map(|cell| number(page, list.saturating_add(cell.saturating_mul(2))));
    // A page that does not hang together is left as it is: it is for SQLite to say so.
    let whole = gap.start <= gap.end
        && gap.end <= page.len()
        && places.all(|place| place.is_some_and(|place| place >= gap.end && place < page.len()));
    whole.then_some(gap)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*two)))
}

fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{open_reader, open_writer};
    use rand::{Rng, RngCore, SeedableRng, rngs::StdRng};
    use sqlx::{Connection, SqliteConnection};
    use std::collections::{BTreeMap, BTreeSet};

    const PUT: &str = "INSERT INTO thing (tbl, scope, key, sealed) VALUES (8, x'00', ?, ?)
        ON CONFLICT (tbl, scope, key) DO UPDATE SET sealed = excluded.sealed";
    const DELETE: &str = "DELETE FROM thing WHERE key = ?";

    /// Rows that come, grow, shrink and go, until SQLite has moved many of them: those that are
    /// there, and what was there before.
    async fn churn(
        writer: &mut SqliteConnection,
        random: &mut StdRng,
    ) -> (BTreeMap<Vec<u8>, Vec<u8>>, Vec<Vec<u8>>) {
        let (mut kept, mut gone) = (BTreeMap::new(), Vec::new());
        for _ in 0..600 {
            let key = vec![random.random_range(0..200u8)];
            if random.random_ratio(1, 5) {
                sqlx::query(DELETE).bind(key.as_slice()).execute(&mut *writer).await.unwrap();
                gone.extend(kept.remove(&key));
                continue;
            }
            let mut value = vec![0; random.random_range(100..3_000)];
            random.fill_bytes(&mut value);
            let put = sqlx::query(PUT).bind(key.as_slice()).bind(value.as_slice());
            put.execute(&mut *writer).await.unwrap();
            gone.extend(kept.insert(key, value));
        }
        (kept, gone)
    }

    /// How often the beginnings of these values lie in a file.
    fn copies(database: &Path, values: &[&Vec<u8>]) -> usize {
        let begins = values.iter().map(|value| *value.first_chunk().unwrap());
        let begins: BTreeSet<[u8; 16]> = begins.collect();
        let bytes = std::fs::read(database).unwrap();
        let begins_here =
            |here: &&[u8]| here.first_chunk().is_some_and(|here| begins.contains(here));
        bytes.windows(16).filter(begins_here).count()
    }

    #[tokio::test]
    async fn of_every_row_there_is_one_copy_and_of_what_is_gone_none() {
        let mut behind = 0;
        for seed in 0..4 {
            let place = tempfile::tempdir().unwrap();
            let database = place.path().join("vault.db");
            let mut writer = open_writer(&database, true).await.unwrap();
            let (kept, gone) = churn(&mut writer, &mut StdRng::seed_from_u64(seed)).await;
            writer.close().await.unwrap();
            let (here, past): (Vec<_>, Vec<_>) = (kept.values().collect(), gone.iter().collect());
            behind += copies(&database, &[&here[..], &past].concat()) - here.len();
            scrub(&database).unwrap();
            assert_eq!(copies(&database, &here), here.len(), "seed {seed}");
            assert_eq!(copies(&database, &past), 0, "seed {seed}");
            let mut reader = open_reader(&database).await.unwrap();
            let sound = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut reader);
            let sound: String = sound.await.unwrap();
            assert_eq!(sound, "ok", "seed {seed}");
            let rows = sqlx::query_as("SELECT key, sealed FROM thing").fetch_all(&mut reader);
            let rows: Vec<(Vec<u8>, Vec<u8>)> = rows.await.unwrap();
            assert_eq!(rows.into_iter().collect::<BTreeMap<_, _>>(), kept, "seed {seed}");
        }
        assert!(behind > 0, "SQLite leaves copies behind when it moves rows");
    }

    #[test]
    fn what_is_no_database_of_ours_is_left_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("vault.db");
        for bytes in [vec![], b"SQLite format 3\0".to_vec(), vec![13; 40_000]] {
            std::fs::write(&file, &bytes).unwrap();
            scrub(&file).unwrap();
            assert_eq!(std::fs::read(&file).unwrap(), bytes);
        }
    }
}

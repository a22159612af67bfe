//! A year of somebody's journal as Day One exports it, made from a seed: what is in it is known
//! beforehand, so that what an app made of it can be compared.

use flate2::Crc;
use flate2::write::ZlibEncoder;
use jiff::tz::TimeZone;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// Entries that can be read.
pub const ENTRIES: usize = 420;
/// Pictures, each in an entry of its own.
pub const PICTURES: usize = 60;
/// A sentence that one entry of March has, and no other.
pub const SENTENCE: &str = "The ice on the harbour broke while I stood there.";

const ZONES: [&str; 3] = ["Europe/Vienna", "America/St_Johns", "Asia/Tokyo"];
const TAGS: [&str; 5] = ["night", "walk", "meeting", "family", "sleep"];
const STARTS: [&str; 8] = [
    "I slept badly and got up early.",
    "The kitchen was quiet.",
    "We met at six and I said little.",
    "I called my sister back.",
    "A wave came in the afternoon and went.",
    "Rain all day.",
    "I walked home the long way.",
    "Somebody laughed on the stairs.",
];
const ENDS: [&str; 6] = [
    "It was enough.",
    "I do not know what to make of it.",
    "Tomorrow I will try again.",
    "I am glad that I went.",
    "Nobody asked, and that was good.",
    "I put the phone in the drawer.",
];

/// What the export holds.
#[derive(Debug, Clone)]
pub struct Year {
    /// What can be read, in the order of the export.
    pub entries: Vec<Written>,
    /// How the one that cannot be read is named.
    pub damaged: &'static str,
}

/// An entry as it was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// When, with its offset, RFC 3339.
    pub at: String,
    /// Its words, without its picture.
    pub words: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its picture.
    pub picture: Option<Vec<u8>>,
}

/// Writes the export. The same seed gives the same one.
///
/// # Errors
/// What the file system says.
pub fn write(path: &Path, seed: u64) -> io::Result<Year> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut zip = zip::ZipWriter::new(File::create(path)?);
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let (mut entries, mut exported) = (Vec::new(), Vec::new());
    for number in 0..ENTRIES {
        let (written, mut entry) = one(number, &mut rng)?;
        if let Some(picture) = &written.picture {
            let name = format!("{:032x}", rng.random::<u128>());
            zip.start_file(format!("photos/{name}.png"), stored)?;
            zip.write_all(picture)?;
            let identifier = format!("{:032X}", rng.random::<u128>());
            let text = format!("{}\n\n![](dayone-moment://{identifier})", written.words);
            let photos = json!([{ "identifier": identifier, "md5": name, "type": "png" }]);
            if let Some(fields) = entry.as_object_mut() {
                fields.extend([("text".to_owned(), json!(text)), ("photos".to_owned(), photos)]);
            }
        }
        entries.push(written);
        exported.push(entry);
    }
    let damaged =
        json!({ "uuid": "DAMAGED", "creationDate": "2026-02-31T99:00:00Z", "text": "lost" });
    exported.insert(200, damaged);
    zip.start_file("Journal.json", SimpleFileOptions::default())?;
    let all = json!({ "metadata": { "version": "1.0" }, "entries": exported });
    zip.write_all(all.to_string().as_bytes())?;
    zip.finish()?;
    Ok(Year { entries, damaged: "Journal.json, entry 201 (2026-02-31T99:00:00Z)" })
}

/// One of the year, about every twenty-one hours from the first of December on.
fn one(number: usize, rng: &mut ChaCha8Rng) -> io::Result<(Written, Value)> {
    let hours = i64::try_from(number).map_err(io::Error::other)?.saturating_mul(21);
    let second = 1_764_547_200_i64.saturating_add(hours.saturating_mul(3600));
    let second = second.saturating_add(rng.random_range(0..3600));
    let at = jiff::Timestamp::from_second(second).map_err(io::Error::other)?;
    let zone = ZONES.choose(rng).copied().unwrap_or("UTC");
    let local = TimeZone::get(zone).map_err(io::Error::other)?;
    let offset = local.to_offset(at);
    let mut words = format!("{} {}", pick(&STARTS, rng), pick(&ENDS, rng));
    if number == 130 {
        words = format!("{words} {SENTENCE}");
    }
    let mut tags: Vec<String> =
        TAGS.iter().filter(|_| rng.random_ratio(1, 5)).map(|tag| (*tag).to_owned()).collect();
    tags.sort_unstable();
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hour, minute) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    let lived = format!("{}{sign}{hour:02}:{minute:02}", offset.to_datetime(at));
    let picture = number % 7 == 3 && number / 7 < PICTURES;
    let picture = if picture { Some(png(rng)?) } else { None };
    let entry = json!({
        "uuid": format!("{:032X}", rng.random::<u128>()),
        "creationDate": at.to_string(),
        "timeZone": zone,
        "text": words,
        "tags": tags,
        "starred": rng.random_ratio(1, 20),
    });
    Ok((Written { at: lived, words, tags, picture }, entry))
}

fn pick(from: &[&'static str], rng: &mut ChaCha8Rng) -> &'static str {
    from.choose(rng).copied().unwrap_or_default()
}

/// A small picture that a browser can show: noise in one colour.
fn png(rng: &mut ChaCha8Rng) -> io::Result<Vec<u8>> {
    const SIDE: u32 = 32;
    let mut pixels = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..SIDE {
        pixels.write_all(&[0])?;
        let line: Vec<u8> = (0..SIDE).map(|_| rng.random()).collect();
        pixels.write_all(&line)?;
    }
    let mut head = Vec::new();
    head.extend_from_slice(&SIDE.to_be_bytes());
    head.extend_from_slice(&SIDE.to_be_bytes());
    // Eight bits of grey.
    head.extend_from_slice(&[8, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &head);
    chunk(&mut png, *b"IDAT", &pixels.finish()?);
    chunk(&mut png, *b"IEND", &[]);
    Ok(png)
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(data);
    png.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    png.extend_from_slice(&kind);
    png.extend_from_slice(data);
    png.extend_from_slice(&crc.sum().to_be_bytes());
}

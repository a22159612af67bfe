//! What a member finds, and what is no longer there to be found.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "everything here is a test or serves one"
)]

use hearthkeep_crypto::{IndexKey, ProfileKey};
use hearthkeep_model::{Day, EntryId, Timestamp};
use hearthkeep_search::{Facts, Filter, FoundIds, Index, Opened, Query, Scan, Snippets};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn id(number: u16) -> EntryId {
    let mut bytes = [7u8; 16];
    bytes[0..2].copy_from_slice(&number.to_be_bytes());
    EntryId::from_bytes(bytes)
}

fn facts(number: u16) -> Facts {
    Facts {
        at: Timestamp(i64::from(number) * 1000),
        day: Day(i32::from(number)),
        tags: Vec::new(),
        feelings: Vec::new(),
        shared: false,
        drawer: false,
    }
}

struct Shelf {
    folder: tempfile::TempDir,
    profile: ProfileKey,
}

impl Shelf {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), profile: ProfileKey::generate() }
    }

    fn key(&self) -> IndexKey {
        self.profile.index_key()
    }

    fn open(&self) -> (Index, Opened) {
        Index::open_or_rebuild(self.folder.path(), self.key()).unwrap()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn query(typed: &str) -> Query {
    Query::parse(typed, Filter::default())
}

fn hits(index: &Index, typed: &str) -> Vec<u16> {
    let found = index.find(&query(typed), 50).unwrap();
    assert_eq!(found.total, found.ids.len());
    (0..1000).filter(|number| found.ids.contains(&id(*number))).collect()
}

fn filled(texts: &[&str]) -> (Shelf, Index) {
    let shelf = Shelf::new();
    let (index, opened) = shelf.open();
    assert_eq!(opened, Opened::Rebuild);
    for (number, text) in (0..).zip(texts) {
        index.add(id(number), text, &facts(number)).unwrap();
    }
    (shelf, index)
}

#[test]
fn a_sentence_from_march_is_found_while_it_is_typed() {
    let (_shelf, index) = filled(&[
        "Walked home slowly; the garden smelled of rain.",
        "Rief an. Die Straße war leer, über mir Möwen.",
        "今天我去了会议",
        "I don't know. Can’t sleep.",
        "walking helps, gardens too",
    ]);
    assert_eq!(hits(&index, "gard"), [0, 4]);
    assert_eq!(hits(&index, "walk "), [0, 4], "forms of a word are found");
    assert_eq!(hits(&index, "STRASSE"), [1]);
    assert_eq!(hits(&index, "mowen"), [1]);
    assert_eq!(hits(&index, "会议"), [2]);
    assert_eq!(hits(&index, "议"), [2]);
    assert!(hits(&index, "议会").is_empty());
    assert_eq!(hits(&index, "dont"), [3]);
    assert_eq!(hits(&index, "don’t can't"), [3]);
    assert_eq!(hits(&index, "\"garden smelled\""), [0]);
    assert!(hits(&index, "\"smelled garden\"").is_empty());
    assert_eq!(hits(&index, "graden"), [0, 4], "one slip is forgiven");
    assert!(hits(&index, "xyzzy").is_empty());
    assert_eq!(hits(&index, ""), [0, 1, 2, 3, 4], "nothing typed: all");
}

#[test]
fn the_newest_come_first_and_all_are_counted() {
    let (_shelf, index) = filled(&["calm"; 40]);
    let found = index.find(&query("calm"), 3).unwrap();
    assert_eq!(found, FoundIds { ids: vec![id(39), id(38), id(37)], total: 40 });
}

#[test]
fn filters_narrow() {
    let shelf = Shelf::new();
    let (index, _) = shelf.open();
    for number in 0..10 {
        let mut facts = facts(number);
        facts.tags = if number % 2 == 0 { vec!["family".to_owned()] } else { Vec::new() };
        facts.feelings = if number == 4 { vec!["proud of it".to_owned()] } else { Vec::new() };
        facts.shared = number == 6;
        facts.drawer = number == 8;
        index.add(id(number), "calm evening", &facts).unwrap();
    }
    let find = |filter: Filter| {
        let found = index.find(&Query::parse("calm", filter), 50).unwrap();
        (0..10).filter(|number| found.ids.contains(&id(*number))).collect::<Vec<u16>>()
    };
    let tag = Some("family".to_owned());
    assert_eq!(find(Filter { tag: tag.clone(), ..Filter::default() }), [0, 2, 4, 6]);
    assert_eq!(find(Filter { tag, from: Some(Day(3)), ..Filter::default() }), [4, 6]);
    assert_eq!(find(Filter { to: Some(Day(1)), ..Filter::default() }), [0, 1]);
    let feeling = Some("proud of it".to_owned());
    assert_eq!(find(Filter { feeling, ..Filter::default() }), [4]);
    assert_eq!(find(Filter { shared: true, ..Filter::default() }), [6]);
    assert_eq!(find(Filter { drawer: true, ..Filter::default() }), [8]);
}

#[test]
fn a_saved_index_is_whole_after_it_was_opened_again() {
    let (shelf, index) = filled(&["one morning", "two evenings"]);
    index.save(17).unwrap();
    drop(index);
    let (index, opened) = shelf.open();
    assert_eq!((opened, index.watermark().unwrap()), (Opened::Whole, 17));
    assert_eq!(hits(&index, "evening"), [1]);
    let _owed = index.put(id(1), "two nights", &facts(1)).unwrap();
    assert_eq!((hits(&index, "evening"), hits(&index, "night")), (vec![], vec![1]));
    index.save(18).unwrap();
    assert_eq!(shelf.open().0.watermark().unwrap(), 18);
}

#[test]
fn nothing_legible_lies_on_the_disk() {
    let (shelf, index) = filled(&["MARKERWORD in the morning"]);
    index.save(1).unwrap();
    let mut files = 0;
    for file in fs::read_dir(shelf.path()).unwrap() {
        let file = file.unwrap();
        let bytes = fs::read(file.path()).unwrap();
        for word in ["markerword", "MARKERWORD", "segments", "tantivy", "body", "meta.json"] {
            assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
        }
        let name = file.file_name().into_string().unwrap();
        assert!(name == "list" || name.len() == 32, "{name}");
        files += 1;
    }
    assert!(files > 3);
}

#[test]
fn a_flipped_cut_missing_or_older_file_means_building_anew() {
    let (shelf, index) = filled(&["one", "two"]);
    index.save(1).unwrap();
    let older = tempfile::tempdir().unwrap();
    copy(shelf.path(), older.path());
    let _owed = index.put(id(0), "three", &facts(0)).unwrap();
    index.save(2).unwrap();
    drop(index);
    let whole = tempfile::tempdir().unwrap();
    copy(shelf.path(), whole.path());
    let names: Vec<_> =
        fs::read_dir(shelf.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    for name in &names {
        for harm in 0..4 {
            copy(whole.path(), shelf.path());
            let file = shelf.path().join(name);
            let bytes = fs::read(&file).unwrap();
            match harm {
                0 => flip(&file, bytes, 60),
                1 => fs::write(&file, &bytes[..bytes.len() / 2]).unwrap(),
                2 => fs::remove_file(&file).unwrap(),
                _ => flip(&file, bytes, 1_000_000),
            }
            let (index, opened) = shelf.open();
            assert_eq!(opened, Opened::Rebuild, "{name:?} {harm}");
            assert!(index.is_empty().unwrap());
        }
    }
    copy(whole.path(), shelf.path());
    assert_eq!(shelf.open().1, Opened::Whole);
    let list = fs::read(older.path().join("list")).unwrap();
    fs::write(shelf.path().join("list"), list).unwrap();
    assert_eq!(shelf.open().1, Opened::Rebuild, "an older list names files that are gone");
}

#[test]
fn no_byte_of_an_index_file_can_be_changed_and_no_file_stands_in_for_another() {
    let (shelf, index) = filled(&["one quiet morning", "two evenings"]);
    index.save(1).unwrap();
    drop(index);
    let files: Vec<_> = fs::read_dir(shelf.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    let rebuilds = |what: &str| {
        let (index, opened) = shelf.open();
        assert_eq!(opened, Opened::Rebuild, "{what}");
        assert!(index.is_empty().unwrap(), "{what}");
    };
    for (path, bytes) in &files {
        // Version, nonce and commitment byte by byte; of the rest a thick sample.
        for at in (0..60).chain((60..bytes.len()).step_by(23)) {
            flip(path, bytes.clone(), at);
            rebuilds(&format!("{path:?} flipped at {at}"));
        }
        for (other, content) in files.iter().filter(|(other, _)| other != path) {
            fs::write(path, content).unwrap();
            rebuilds(&format!("{other:?} in the place of {path:?}"));
        }
        fs::write(path, [bytes.as_slice(), b"x"].concat()).unwrap();
        rebuilds(&format!("{path:?} is longer"));
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(shelf.open().1, Opened::Whole);
}

fn flip(file: &Path, mut bytes: Vec<u8>, at: usize) {
    let at = at.min(bytes.len() - 1);
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(to).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn a_removed_word_is_in_no_dictionary_after_purging() {
    let (shelf, index) = filled(&["secretword and calm", "calm", "other words"]);
    index.save(1).unwrap();
    let before: Vec<_> =
        fs::read_dir(shelf.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    let _owed = index.remove(id(0)).unwrap();
    assert!(hits(&index, "secretword").is_empty());
    assert!(index.holds_word("secretword").unwrap(), "only merging takes it out");
    index.save(2).unwrap();
    drop(index);
    let (index, _) = shelf.open();
    assert!(index.purge_owed().unwrap(), "what is owed is known after a restart");
    index.purge(2).unwrap();
    assert!(!index.holds_word("secretword").unwrap());
    assert!(!index.purge_owed().unwrap());
    assert_eq!(hits(&index, "calm"), [1]);
    for name in before.iter().filter(|name| *name != "list") {
        assert!(!shelf.path().join(name).exists(), "an old file is still there");
    }
    let (index, opened) = shelf.open();
    assert_eq!(opened, Opened::Whole);
    assert!(!index.holds_word("secretword").unwrap());
    assert_eq!(hits(&index, "calm"), [1]);
}

#[test]
fn purging_an_index_that_owes_nothing_or_holds_nothing_is_no_harm() {
    let shelf = Shelf::new();
    let (index, _) = shelf.open();
    index.purge(0).unwrap();
    index.add(id(1), "one", &facts(1)).unwrap();
    let _owed = index.remove(id(1)).unwrap();
    index.purge(1).unwrap();
    assert!(index.is_empty().unwrap());
    assert!(!index.holds_word("one").unwrap());
    assert_eq!(shelf.open().1, Opened::Whole);
}

/// A snippet with what is marked in brackets.
fn shown(text: &str, typed: &str) -> String {
    let marked = |piece: hearthkeep_search::Piece| {
        if piece.found { format!("[{}]", piece.text) } else { piece.text }
    };
    Snippets::new(&query(typed)).of(text).into_iter().map(marked).collect()
}

#[test]
fn a_snippet_marks_what_was_searched_for() {
    let text = "First line.\nI walked slowly through the gardens after the meeting, and called.";
    let shown = |typed: &str| shown(text, typed);
    assert_eq!(
        shown("garden walk "),
        "I [walked] slowly through the [gardens] after the meeting, and called."
    );
    assert!(shown("meetnig").contains("[meeting]"));
    assert!(shown("called").starts_with("… "), "{}", shown("called"));
    assert_eq!(shown("xyzzy"), "First line.");
    let pieces = Snippets::new(&query("東京タワー")).of("昨日東京タワーへ行った");
    assert!(pieces.iter().any(|piece| piece.found && piece.text == "東京タワー"), "{pieces:?}");
    for odd in ["", "🌱", "é", "\n\n", "a\u{301}"] {
        let _pieces = Snippets::new(&query("a")).of(odd);
    }
}

#[test]
fn a_snippet_marks_a_phrase_as_one_and_never_a_word_of_it_alone() {
    let text = "Two days, then two words on the door. Words enough: two words.";
    assert_eq!(
        shown(text, "\"two words\""),
        "Two days, then [two words] on the door. Words enough: [two words]."
    );
    assert_eq!(
        shown(text, "\"two words\" enuogh"),
        "Two days, then [two words] on the door. Words [enough]: [two words]."
    );
    assert_eq!(shown("now\nand then, now or never", "\"now or\""), "and then, [now or] never");
    // A phrase that goes over the end of a line is shown as far as the line goes.
    assert_eq!(shown("the last\nword of it", "\"last word\""), "the [last]");
}

#[test]
fn a_snippet_shows_a_long_match_whole_and_cuts_the_rest_at_a_word() {
    let long = "the water was so still that the hills stood in it twice and nobody on the path spoke \
                a word until the very end of it when a child asked whether the other hills were real";
    let text = format!("We went. Then {long}, and we laughed all the way home.");
    let found = shown(&text, &format!("\"{long}\""));
    assert_eq!(found, format!("We went. Then [{long}] …"));

    let words = "evening ".repeat(40);
    let found = shown(&words, "\"nothing of it\" evening");
    assert!(found.ends_with("[evening] …"), "{found}");
    assert!(found.replace(['[', ']'], "").chars().count() <= 162, "{found}");

    let text = format!("garden {}two words and more", "x ".repeat(74));
    let found = shown(&text, "garden \"two words\"");
    assert!(found.ends_with("x …") && !found.contains("two"), "{found}");
    let found = shown(&"今天我去了会议".repeat(40), "今天");
    assert!(found.starts_with("[今天]我去") && found.ends_with(" …"), "{found}");
}

const VOCABULARY: &[&str] = &[
    "calm",
    "calmer",
    "calmly",
    "garden",
    "gardens",
    "walk",
    "walked",
    "walking",
    "Straße",
    "strasse",
    "Möwe",
    "café",
    "don't",
    "don’t",
    "night",
    "nights",
    "今天我去了会议",
    "東京",
    "ไทย",
    "one",
    "two",
    "three",
    "sponsor",
    "call",
    "called",
    "calling",
    "rain",
    "a",
    "I",
];

fn text(rng: &mut impl Rng) -> String {
    let count = rng.random_range(0..12);
    let words: Vec<&str> = (0..count).map(|_| *VOCABULARY.choose(rng).unwrap()).collect();
    words.join([" ", ", ", "\n"][rng.random_range(0..3)])
}

fn question(rng: &mut impl Rng) -> Query {
    let word = |rng: &mut dyn rand::RngCore| {
        let word: Vec<char> = VOCABULARY.choose(rng).unwrap().chars().collect();
        let mut word = word[..rng.random_range(1..=word.len())].to_vec();
        if rng.random_bool(0.2) && word.len() > 2 {
            let at = rng.random_range(0..word.len());
            word.remove(at);
        }
        word.into_iter().collect::<String>()
    };
    let mut typed: Vec<String> = (0..rng.random_range(0..4)).map(|_| word(rng)).collect();
    if rng.random_bool(0.3) {
        let words = [VOCABULARY.choose(rng).unwrap(), VOCABULARY.choose(rng).unwrap()];
        typed.insert(0, format!("\"{} {}\"", words[0], words[1]));
    }
    let end = if rng.random_bool(0.5) { " " } else { "" };
    let filter = Filter {
        from: rng.random_bool(0.2).then(|| Day(rng.random_range(0..60))),
        to: rng.random_bool(0.2).then(|| Day(rng.random_range(0..60))),
        tag: rng.random_bool(0.2).then(|| "family".to_owned()),
        feeling: None,
        shared: rng.random_bool(0.1),
        drawer: rng.random_bool(0.1),
    };
    Query::parse(&(typed.join(" ") + end), filter)
}

fn scanned(entries: &BTreeMap<u16, (String, Facts)>, query: &Query) -> FoundIds {
    let look = |scan: &mut Scan| {
        for (number, (text, facts)) in entries {
            scan.look(id(*number), text, facts);
        }
    };
    let mut scan = Scan::new(query);
    look(&mut scan);
    if !scan.is_forgiving_useful() {
        return scan.finish(30);
    }
    let mut again = scan.forgiving().unwrap();
    look(&mut again);
    again.finish(30)
}

/// Random puts, removes, saves, purges and kills; after each the index answers as the scan does.
#[test]
fn the_index_finds_what_the_scan_finds() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_125);
    println!("SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let shelf = Shelf::new();
    let (mut index, _) = shelf.open();
    let mut entries: BTreeMap<u16, (String, Facts)> = BTreeMap::new();
    let mut saved = entries.clone();
    let mut asked = 0;
    for _ in 0..120 {
        match rng.random_range(0..20) {
            0..=10 => {
                let number = rng.random_range(0..60);
                let mut facts = facts(number);
                facts.tags = if rng.random() { vec!["family".to_owned()] } else { Vec::new() };
                facts.shared = rng.random_bool(0.3);
                facts.drawer = rng.random_bool(0.1);
                let text = text(&mut rng);
                let _owed = index.put(id(number), &text, &facts).unwrap();
                entries.insert(number, (text, facts));
            }
            11..=14 => {
                let number = rng.random_range(0..60);
                let _owed = index.remove(id(number)).unwrap();
                entries.remove(&number);
            }
            15 | 16 => {
                index.save(1).unwrap();
                saved = entries.clone();
            }
            17 => {
                index.purge(2).unwrap();
                saved = entries.clone();
            }
            18 => {
                drop(index);
                index = shelf.open().0;
                entries = saved.clone();
            }
            _ => {}
        }
        for _ in 0..3 {
            let query = question(&mut rng);
            let found = index.find(&query, 30).unwrap();
            assert_eq!(found, scanned(&entries, &query), "SEED={seed} {query:?}");
            asked += found.total;
        }
    }
    assert!(asked > 250, "the questions found too little to prove anything: {asked}");
}

//! Bytes from somebody who means harm: refused with the culprit, and the document lives on.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "everything here is a test or serves one"
)]

use hearthkeep_document::{Author, Document, Fault, Refused};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

const STRING: u8 = 4;
const LEFT: u8 = 0x80;

/// Writes updates as the format allows them, and as it does not.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn n(mut self, mut number: u64) -> Self {
        while number >= 0x80 {
            self.0.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
        self
    }

    fn b(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn s(self, text: &str) -> Self {
        self.n(text.len() as u64).b(text.as_bytes())
    }

    /// One client, one block in the root text.
    fn one(client: u64, clock: u64, kind: u8) -> Self {
        Self::default().n(1).n(1).n(client).n(clock).b(&[kind, 1]).s("t")
    }

    fn end(self) -> Vec<u8> {
        self.n(0).0
    }
}

fn typed(client: u64, text: &str) -> Vec<u8> {
    Bytes::one(client, 0, STRING).s(text).end()
}

fn document(text: &str) -> Document {
    let mut document = Document::new();
    document.apply(&typed(7, text), Author::Editor).unwrap();
    document
}

fn fault(update: &[u8]) -> Option<Fault> {
    let mut document = document("before\n");
    let bytes = document.snapshot();
    let refused = document.apply(update, Author::Editor).unwrap_err();
    assert_eq!(document.snapshot(), bytes, "a refused update changes nothing");
    match refused {
        Refused::Malformed { fault, .. } => Some(fault),
        Refused::TooMany { .. } | Refused::Gap { .. } | Refused::NotTheirs { .. } => None,
        Refused::Unsound { .. } => panic!("the check should have seen it: {refused}"),
    }
}

#[test]
fn text_is_taken_and_survives() {
    let document = document("one 🌱\ntwo\n");
    assert_eq!(document.plain_text(), "one 🌱\ntwo");
    assert_eq!(Document::open(&document.snapshot()).unwrap().lines(), document.lines());
}

#[test]
fn deep_nesting_never_reaches_the_stack() {
    let deep = 100_000;
    let any = Bytes::one(9, 0, 8).n(1).b(&[117, 1].repeat(deep)).b(&[126]).end();
    assert_eq!(fault(&any), Some(Fault::Kind));
    let json = format!("{{\"a\":{}1{}}}", "[".repeat(20), "]".repeat(20));
    assert_eq!(fault(&Bytes::one(9, 0, 5).s(&json).end()), Some(Fault::Json));
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    assert_eq!(fault(&Bytes::one(9, 0, 5).s(&long).end()), Some(Fault::Json));
    let nested = Bytes::one(9, 0, 7).n(0).end();
    assert_eq!(fault(&nested), Some(Fault::Kind));
    let parent = Bytes::default().n(1).n(1).n(9).n(0).b(&[STRING, 0]).n(7).n(0).s("x").end();
    assert_eq!(fault(&parent), Some(Fault::Place));
    let key = Bytes::default().n(1).n(1).n(9).n(0).b(&[STRING | 0x20, 1]).s("t").s("k").s("x");
    assert_eq!(fault(&key.end()), Some(Fault::Place));
}

#[test]
fn crowds_of_clients_are_refused_before_they_are_counted() {
    let mut empty = Bytes::default().n(100_000);
    for client in 0..100_000 {
        empty = empty.n(0).n(client).n(0);
    }
    let mut document = document("before\n");
    assert_eq!(
        document.apply(&empty.end(), Author::Editor),
        Err(Refused::TooMany { what: "clients", count: 100_000, most: 256 })
    );
    let huge = Bytes::default().n(1 << 26).end();
    assert_eq!(fault(&huge), Some(Fault::Count));
    let blocks = Bytes::default().n(1).n(1 << 26).n(9).n(0).end();
    assert_eq!(fault(&blocks), Some(Fault::Count));
    assert_eq!(fault(&Bytes::default().n(1).n(0).n(9).n(0).end()), Some(Fault::Empty));
    let big = document.apply(&vec![0; (1 << 20) + 1], Author::Editor);
    assert!(matches!(big, Err(Refused::TooMany { what: "bytes", .. })));
}

#[test]
fn clocks_at_the_edge_are_refused() {
    let mut document = document("before\n");
    let at_edge = Bytes::default().n(1).n(1).n(7).n((1 << 32) - 1).b(&[0]).n(1).end();
    let gap = Refused::Gap { client: 7, have: 7, from: (1 << 32) - 1 };
    assert_eq!(document.apply(&at_edge, Author::Editor), Err(gap));
    let long = Bytes::default().n(1).n(1).n(9).n(0).b(&[0]).n(1 << 31).end();
    assert_eq!(fault(&long), Some(Fault::Clock));
    let wide = Bytes::default().n(1).n(1).n(1 << 53).n(0).b(&[0]).n(1).end();
    assert_eq!(fault(&wide), Some(Fault::Client));
}

#[test]
fn a_gap_is_told_and_held_outside() {
    let mut document = document("before\n");
    let ahead = Bytes::default().n(1).n(1).n(7).n(9).b(&[STRING | LEFT]).n(7).n(8).s("x").end();
    let gap = Refused::Gap { client: 7, have: 7, from: 9 };
    assert_eq!(document.apply(&ahead, Author::Editor), Err(gap));
    let foreign = Bytes::default().n(1).n(1).n(9).n(0).b(&[STRING | LEFT]).n(8).n(3).s("x").end();
    let gap = Refused::Gap { client: 8, have: 0, from: 3 };
    assert_eq!(document.apply(&foreign, Author::Editor), Err(gap));
    let deletes = Bytes::default().n(0).n(1).n(7).n(1).n(5).n(9).0;
    let gap = Refused::Gap { client: 7, have: 7, from: 14 };
    assert_eq!(document.apply(&deletes, Author::Editor), Err(gap));
    assert_eq!(document.plain_text(), "before");
}

#[test]
fn a_device_writes_under_its_own_ids_alone() {
    let mut document = document("before\n");
    let foreign = Bytes::default().n(1).n(1).n(9).n(0).b(&[STRING | LEFT]).n(7).n(6).s("x\n").end();
    assert_eq!(
        document.apply(&foreign, Author::Device(&[7, 8])),
        Err(Refused::NotTheirs { client: 9 })
    );
    assert!(document.apply(&foreign, Author::Device(&[9])).unwrap().lines);
    assert_eq!(document.plain_text(), "before\nx");
    let again = document.apply(&foreign, Author::Device(&[])).unwrap();
    assert!(!again.lines, "what is known already may be repeated by anybody");
}

#[test]
fn an_embedded_string_is_no_text() {
    assert_eq!(fault(&Bytes::one(9, 0, 5).s("\"one\\ntwo\"").end()), Some(Fault::Json));
    let mut document = document("before\n");
    let embed = Bytes::one(9, 0, 5).s("{\"hk\":\"later\"}").end();
    document.apply(&embed, Author::Editor).unwrap();
    assert!(document.unknown().contains("later"));
}

#[test]
fn origins_inside_a_pair_of_surrogates_do_no_harm() {
    let mut document = document("a🌱b\n");
    let between = Bytes::default().n(1).n(1).n(9).n(0).b(&[STRING | LEFT]).n(7).n(1).s("X").end();
    match document.apply(&between, Author::Editor) {
        Ok(_) => {
            let again = Document::open(&document.snapshot()).unwrap();
            assert_eq!(again.lines(), document.lines());
        }
        Err(Refused::Unsound { .. }) => assert_eq!(document.plain_text(), "a🌱b"),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn deleted_words_leave_the_bytes() {
    let mut document = document("keep SECRETWORD here\n");
    let delete = Bytes::default().n(0).n(1).n(7).n(1).n(5).n(11).0;
    document.apply(&delete, Author::Editor).unwrap();
    assert_eq!(document.plain_text(), "keep here");
    let bytes = document.snapshot();
    assert!(!bytes.windows(6).any(|part| part == b"SECRET"));
}

#[test]
fn an_earlier_state_comes_back_as_a_change() {
    let mut open =
        Document::from_markdown("one **two** [link](https://example.org/secret)\n").unwrap();
    let editor = open.state_vector();
    let then = Document::from_markdown("# Then\n").unwrap().lines();
    let now = open.rewritten(&then, 5_000).unwrap();
    assert_eq!(now.lines(), then);
    assert!(!now.snapshot().windows(6).any(|part| part == b"secret"));
    open.apply(&now.diff(&editor).unwrap(), Author::Editor).unwrap();
    assert_eq!(open.lines(), then, "an editor that has it open takes it in");
    assert_eq!(now.rewritten(&then, 5_000).err(), Some(Refused::NotTheirs { client: 5_000 }));
    assert!(now.rewritten(&[], 5_001).unwrap().lines().is_empty());
    assert!(Document::new().rewritten(&then, 5_000).unwrap().lines() == then);
}

#[test]
fn a_state_vector_that_cannot_be_read_is_refused() {
    let document = document("words\n");
    assert!(document.diff(&[0xff; 40]).is_err());
    assert!(document.diff(&vec![1; 20_000]).is_err());
    let all = document.diff(&Document::new().state_vector()).unwrap();
    assert_eq!(Document::open(&all).unwrap().lines(), document.lines());
}

/// Real documents that are cut, flipped and spliced, and updates made up by the grammar.
#[test]
fn thousands_of_hostile_updates_leave_the_document_sound() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_125);
    println!("SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let text = "# Night\n\n- one **two**\n- three\n\n> four [five](https://example.org)\n";
    let real = Document::from_markdown(text).unwrap();
    let mut document = document("before 🌱\nand after\n");
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..4000 {
        let update = if rng.random_bool(0.5) {
            mangled(&mut rng, &real.snapshot())
        } else {
            grammar(&mut rng)
        };
        match document.apply(&update, Author::Editor) {
            Ok(_) => {
                taken += 1;
                let saved = document.snapshot();
                let again = Document::open(&saved).unwrap();
                assert_eq!(again.lines(), document.lines());
                let _markdown = document.markdown();
                if taken % 50 == 0 {
                    document = self::document("before 🌱\nand after\n");
                }
            }
            Err(_) => refused += 1,
        }
    }
    println!("taken {taken}, refused {refused}");
    assert!(taken > 50 && refused > 1000, "taken {taken}, refused {refused}");
}

fn mangled(rng: &mut impl Rng, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.random_range(1..4) {
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..4) {
            0 => bytes[at] = rng.random(),
            1 => bytes[at] ^= 1 << rng.random_range(0..8),
            2 => bytes.truncate(at.max(1)),
            _ => bytes.insert(at, rng.random()),
        }
    }
    bytes
}

fn grammar(rng: &mut impl Rng) -> Vec<u8> {
    let clients = rng.random_range(1..4);
    let mut bytes = Bytes::default().n(clients);
    for number in 0..clients {
        let client = if number == 0 { 7 } else { 10 + number };
        let known = if client == 7 { rng.random_range(0..22) } else { 0 };
        let blocks = rng.random_range(1..5);
        bytes = bytes.n(blocks).n(client).n(known);
        for _ in 0..blocks {
            bytes = block(rng, bytes);
        }
    }
    let deletes = rng.random_range(0..3);
    bytes = bytes.n(deletes);
    for number in 0..deletes {
        bytes = bytes.n(7 + number).n(1).n(rng.random_range(0..20)).n(rng.random_range(0..6));
    }
    bytes.0
}

fn block(rng: &mut impl Rng, mut bytes: Bytes) -> Bytes {
    let kind = [0u8, 1, 4, 4, 4, 5, 6, 6, 2, 3, 7, 8, 9, 10][rng.random_range(0..14)];
    if kind == 0 || kind == 10 {
        return bytes.b(&[kind]).n(rng.random_range(0..4));
    }
    let flags = [0u8, 0x80, 0x40, 0xc0, 0x20][rng.random_range(0..5)];
    bytes = bytes.b(&[kind | flags]);
    for side in [0x80, 0x40] {
        if flags & side != 0 {
            bytes = bytes.n([7, 11, 12][rng.random_range(0..3)]).n(rng.random_range(0..20));
        }
    }
    if flags & 0xc0 == 0 {
        bytes = bytes.b(&[1]).s(if rng.random_bool(0.9) { "t" } else { "u" });
    }
    match kind {
        1 => bytes.n(rng.random_range(0..4)),
        4 => bytes.s(["x", "\n", "🌱", "two words\n", ""][rng.random_range(0..5)]),
        5 => bytes.s(&json!({"hk": "picture"}).to_string()),
        6 => bytes.s("t").s(["\"heading\"", "null", "{\"a\":[1]}"][rng.random_range(0..3)]),
        _ => bytes.n(rng.random_range(0..3)).s("x"),
    }
}

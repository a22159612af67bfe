//! A request is believed only from who holds the capability, and a log only when it is the one that
//! was read before.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

use ed25519_dalek::{Signer, SigningKey};
use hearthkeep_wire::{
    Auth, AuthError, CapKey, ChainBreak, Content, Digest, Entry, Head, MailboxId, Nonce, Op, Page,
    Preimage, Refusal, RefusalBody, Token, blob_hash, delete_hash, follow, message_to_sign,
    token_hash,
};

fn signed(key: &SigningKey, op: Op, body: &[u8]) -> Auth {
    let (mailbox, nonce, counter) = (MailboxId([7; 32]), Nonce([9; 24]), 41);
    let body = blob_hash(body);
    let message = message_to_sign(op, &mailbox, &nonce, counter, &body);
    Auth { mailbox, nonce, counter, body, signature: key.sign(&message).to_bytes() }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

fn cap(key: &SigningKey) -> CapKey {
    CapKey(key.verifying_key().to_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn w4_a_signature_holds_for_its_operation_mailbox_nonce_counter_and_body_alone() {
    let key = key();
    let auth = signed(&key, Op::Append, b"body");
    assert_eq!(auth.verify(Op::Append, &cap(&key)), Ok(()));
    assert_eq!(auth.verify_body(b"body"), Ok(()));
    assert_eq!(auth.verify_body(b"bodz"), Err(AuthError::Body));
    for op in Op::ALL.into_iter().filter(|op| *op != Op::Append) {
        assert_eq!(auth.verify(op, &cap(&key)), Err(AuthError::Signature));
    }
    let other = SigningKey::from_bytes(&[4; 32]);
    assert_eq!(auth.verify(Op::Append, &cap(&other)), Err(AuthError::Signature));
}

#[test]
fn w4_every_bit_of_an_authorisation_counts() {
    let key = key();
    let bytes = signed(&key, Op::Append, b"body").to_bytes();
    for at in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        let auth = Auth::from_bytes(&flipped).unwrap();
        assert_eq!(auth.verify(Op::Append, &cap(&key)), Err(AuthError::Signature), "bit {at}");
    }
    for length in 0..bytes.len() {
        assert_eq!(Auth::from_bytes(&bytes[..length]), Err(AuthError::Malformed));
    }
}

#[test]
fn w4_the_header_has_one_form() {
    let auth = signed(&key(), Op::Head, b"");
    let header = auth.to_header();
    assert_eq!(Auth::from_header(&header), Ok(auth));
    assert_eq!(Auth::from_header(&header.to_uppercase()), Err(AuthError::Malformed));
    assert_eq!(Auth::from_header(&format!("{header}00")), Err(AuthError::Malformed));
    assert_eq!(Auth::from_header("é"), Err(AuthError::Malformed));
}

#[test]
fn w7_a_key_of_small_order_is_no_capability() {
    let mut identity = [0; 32];
    identity[0] = 1;
    for weak in [identity, [0; 32]] {
        assert_eq!(CapKey(weak).check(), Err(AuthError::Key));
    }
    assert_eq!(cap(&key()).check(), Ok(()));
}

#[test]
fn w3_the_chain_and_every_hash_are_these_for_ever() {
    let mailbox = MailboxId([1; 32]);
    let genesis = Head::genesis(&mailbox);
    let first = genesis.after(&blob_hash(b"one"));
    let second = first.after(&blob_hash(b"two"));
    let vectors = include_str!("../../../tests/vectors/wire/chain.txt");
    let ours = [
        ("genesis", genesis.link.0),
        ("first", first.link.0),
        ("second", second.link.0),
        ("delete_hash", delete_hash(&Preimage([2; 32])).0),
        ("token_hash", token_hash(&Token([3; 32])).0),
        ("signed", blob_hash(&signed(&key(), Op::Append, b"body").to_bytes()).0),
    ];
    let lines: Vec<String> =
        ours.iter().map(|(name, value)| format!("{name} {}", hex(value))).collect();
    assert_eq!(lines.join("\n"), vectors.trim(), "a change here cuts every log in two");
    assert_eq!((first.seq, second.seq), (1, 2));
}

/// A log of `blobs` as a relay would give it out.
fn page<'b>(from: Head, blobs: &[&'b [u8]]) -> (Page<'b>, Head) {
    let mut at = from;
    let entries = blobs
        .iter()
        .map(|blob| {
            at = at.after(&blob_hash(blob));
            Entry { seq: at.seq, link: at.link, content: Content::Blob(blob) }
        })
        .collect();
    (Page { entries, head: at }, at)
}

#[test]
fn w3_a_page_that_continues_is_followed_and_a_tombstone_continues_it_too() {
    let start = Head::genesis(&MailboxId([1; 32]));
    let (mut page, end) = page(start, &[b"one", b"two", b"three"]);
    assert_eq!(follow(&start, &page), Ok(end));
    page.entries[1].content = Content::Tombstone(blob_hash(b"two"));
    assert_eq!(follow(&start, &page), Ok(end));
    assert_eq!(follow(&end, &Page { entries: vec![], head: end }), Ok(end));
}

#[test]
fn w3_a_log_that_lies_names_where() {
    let start = Head::genesis(&MailboxId([1; 32]));
    let (honest, end) = page(start, &[b"one", b"two", b"three"]);

    let mut dropped = honest.clone();
    dropped.entries.remove(1);
    assert_eq!(follow(&start, &dropped), Err(ChainBreak::Order { expected: 2, got: 3 }));

    let mut reordered = honest.clone();
    reordered.entries.swap(0, 1);
    assert_eq!(follow(&start, &reordered), Err(ChainBreak::Order { expected: 1, got: 2 }));

    let mut swapped = honest.clone();
    swapped.entries[2].content = Content::Blob(b"other");
    assert_eq!(follow(&start, &swapped), Err(ChainBreak::Link { seq: 3 }));

    let (_, fork) = page(start, &[b"one", b"TWO"]);
    let after_fork = page(fork, &[b"three"]).0;
    let two = page(start, &[b"one", b"two"]).1;
    assert_eq!(follow(&two, &after_fork), Err(ChainBreak::Link { seq: 3 }));

    let rolled_back = page(start, &[b"one"]).0;
    assert_eq!(follow(&end, &rolled_back), Err(ChainBreak::Shortened { head: 1, read: 3 }));

    let mut end_elsewhere = honest.clone();
    end_elsewhere.head.link = Digest([0; 32]);
    assert_eq!(follow(&start, &end_elsewhere), Err(ChainBreak::End { seq: 3 }));

    let empty = Page { entries: vec![], head: end };
    assert_eq!(follow(&start, &empty), Err(ChainBreak::Empty { head: 3, read: 0 }));
}

#[test]
fn w26_every_refusal_comes_back_as_itself() {
    let head = Head::genesis(&MailboxId([1; 32]));
    let all = [
        Refusal::Malformed,
        Refusal::StaleNonce { nonce: Nonce([1; 24]) },
        Refusal::Signature,
        Refusal::NoSuchMailbox,
        Refusal::NoSuchEntry,
        Refusal::HeadMoved { head },
        Refusal::Exists,
        Refusal::Sealed,
        Refusal::TooLarge,
        Refusal::IdemMismatch,
        Refusal::Preimage,
        Refusal::Token,
        Refusal::QuotaUsedUp,
        Refusal::TooMany { retry_ms: 5 },
        Refusal::Busy { retry_ms: 6 },
        Refusal::TooSlow,
        Refusal::Other { code: 900 },
    ];
    for refusal in all {
        assert_eq!(Refusal::from(refusal.to_body()), refusal);
    }
    let lacking = RefusalBody { code: 6, head: None, nonce: None, retry_ms: None };
    assert_eq!(Refusal::from(lacking), Refusal::Other { code: 6 });
}

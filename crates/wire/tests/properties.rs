//! Every message comes back as it was written, and no change to its bytes makes a decoder panic.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

use hearthkeep_wire::{
    Append, Appended, CapKey, Class, Content, Create, DecodeError, Delete, Digest, Entry, Fetch,
    FromRelay, Head, Hello, Idem, MailboxId, NewMailbox, Nonce, Page, Preimage, Proof, Quota,
    RefusalBody, Rotate, Rotated, SealOld, SealedAt, Sub, ToRelay, Token, Wait, Waited,
    decode_canonical, decode_exact, encode, limits,
};
use minicbor::{Decode, Encode};
use proptest::{collection::vec, option, prelude::*};

fn mailbox() -> impl Strategy<Value = MailboxId> {
    any::<[u8; 32]>().prop_map(MailboxId)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn head() -> impl Strategy<Value = Head> {
    (any::<u64>(), digest()).prop_map(|(seq, link)| Head { seq, link })
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![Just(Class::Log), Just(Class::Handshake), Just(Class::Drop)]
}

prop_compose! {
    fn new_mailbox()(
        mailbox in mailbox(), class in class(), cap in any::<[u8; 32]>(),
        admin in option::of(any::<[u8; 32]>()), ttl_s in option::of(any::<u32>()),
    ) -> NewMailbox {
        NewMailbox { mailbox, class, cap: CapKey(cap), admin: admin.map(CapKey), ttl_s }
    }
}

fn blob() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..600)
}

type AppendParts = ([u8; 16], Option<u64>, Option<Digest>, Vec<u8>);

fn append_parts() -> impl Strategy<Value = AppendParts> {
    (any::<[u8; 16]>(), option::of(any::<u64>()), option::of(digest()), blob())
}

const fn append(parts: &AppendParts) -> Append<'_> {
    Append {
        idem: Idem(parts.0),
        expect_head: parts.1,
        delete_hash: parts.2,
        blob: parts.3.as_slice(),
    }
}

fn round_trip<'b, T>(value: &T, bytes: &'b [u8])
where
    T: Decode<'b, ()> + Encode<()> + PartialEq + core::fmt::Debug,
{
    assert_eq!(&decode_exact::<T>(bytes, bytes.len()).unwrap(), value);
    assert_eq!(&decode_canonical::<T>(bytes, bytes.len()).unwrap(), value);
}

/// Flips, cuts and appends: whatever comes out, nothing panics, and what is read canonically is
/// what was given.
fn perturb<T>(bytes: &[u8], at: usize, with: u8)
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    let mut flipped = bytes.to_vec();
    if let Some(byte) = flipped.get_mut(at % bytes.len().max(1)) {
        *byte ^= with;
    }
    let mut longer = bytes.to_vec();
    longer.push(with);
    assert!(decode_exact::<T>(&longer, longer.len()).is_err());
    for candidate in [flipped.as_slice(), &bytes[..at % bytes.len().max(1)]] {
        if let Ok(value) = decode_canonical::<T>(candidate, candidate.len()) {
            assert_eq!(encode(&value), candidate);
        }
    }
}

macro_rules! borrowed_perturb {
    ($name:ident, $type:ident) => {
        fn $name(bytes: &[u8], at: usize, with: u8) {
            let mut flipped = bytes.to_vec();
            if let Some(byte) = flipped.get_mut(at % bytes.len().max(1)) {
                *byte ^= with;
            }
            let mut longer = bytes.to_vec();
            longer.push(with);
            assert!(decode_exact::<$type<'_>>(&longer, longer.len()).is_err());
            for candidate in [flipped.as_slice(), &bytes[..at % bytes.len().max(1)]] {
                if let Ok(value) = decode_canonical::<$type<'_>>(candidate, candidate.len()) {
                    assert_eq!(encode(&value), candidate);
                }
            }
        }
    };
}
borrowed_perturb!(perturb_append, Append);
borrowed_perturb!(perturb_rotate, Rotate);
borrowed_perturb!(perturb_page, Page);

macro_rules! message {
    ($test:ident, $type:ty, $strategy:expr) => {
        proptest! {
            #[test]
            fn $test(value in $strategy, at in any::<usize>(), with in 1..=255_u8) {
                let bytes = encode(&value);
                round_trip::<$type>(&value, &bytes);
                perturb::<$type>(&bytes, at, with);
            }
        }
    };
}

message!(
    create_comes_back,
    Create,
    (new_mailbox(), any::<[u8; 32]>()).prop_map(|(new, token)| Create { new, token: Token(token) })
);
message!(
    fetch_comes_back,
    Fetch,
    (any::<u64>(), any::<u16>()).prop_map(|(since, limit)| Fetch { since, limit })
);
message!(
    delete_comes_back,
    Delete,
    (any::<u64>(), option::of(any::<[u8; 32]>())).prop_map(|(seq, proof)| Delete {
        seq,
        proof: proof.map_or(Proof::Admin, |p| Proof::Preimage(Preimage(p))),
    })
);
message!(hello_comes_back, Hello, any::<[u8; 24]>().prop_map(|n| Hello { nonce: Nonce(n) }));
message!(appended_comes_back, Appended, head().prop_map(|at| Appended { at }));
message!(
    rotated_comes_back,
    Rotated,
    (head(), vec((mailbox(), head()), 0..4)).prop_map(|(at, sealed)| Rotated {
        at,
        sealed: sealed.into_iter().map(|(mailbox, head)| SealedAt { mailbox, head }).collect(),
    })
);
message!(
    quota_comes_back,
    Quota,
    any::<(u64, u64, u64)>().prop_map(|(bytes, entries, bytes_left)| Quota {
        bytes,
        entries,
        bytes_left
    })
);
message!(
    waited_comes_back,
    Waited,
    vec((mailbox(), any::<u64>()), 0..5).prop_map(|woken| Waited { woken })
);
message!(refusal_comes_back, RefusalBody, refusal_body());
message!(
    to_relay_comes_back,
    ToRelay,
    prop_oneof![sub().prop_map(ToRelay::Sub), mailbox().prop_map(ToRelay::Unsub)]
);
message!(
    from_relay_comes_back,
    FromRelay,
    prop_oneof![
        any::<[u8; 24]>().prop_map(|n| FromRelay::Hello(Nonce(n))),
        (mailbox(), any::<u64>()).prop_map(|(m, s)| FromRelay::Wake(m, s)),
        (mailbox(), refusal_body()).prop_map(|(m, r)| FromRelay::Refused(m, r)),
    ]
);
message!(
    wait_comes_back,
    Wait,
    (vec(sub(), 0..4), any::<u16>()).prop_map(|(subs, seconds)| Wait { subs, seconds })
);

fn sub() -> impl Strategy<Value = Sub> {
    (vec(any::<u8>(), 0..200), any::<u64>()).prop_map(|(auth, since)| Sub { auth, since })
}

fn refusal_body() -> impl Strategy<Value = RefusalBody> {
    (
        any::<u16>(),
        option::of(head()),
        option::of(any::<[u8; 24]>().prop_map(Nonce)),
        option::of(any::<u32>()),
    )
        .prop_map(|(code, head, nonce, retry_ms)| RefusalBody { code, head, nonce, retry_ms })
}

proptest! {
    #[test]
    fn append_comes_back(parts in append_parts(), at in any::<usize>(), with in 1..=255_u8) {
        let value = append(&parts);
        let bytes = encode(&value);
        round_trip::<Append<'_>>(&value, &bytes);
        prop_assert!(bytes.len() <= parts.3.len() + limits::APPEND_OVERHEAD_MAX);
        perturb_append(&bytes, at, with);
    }

    #[test]
    fn rotate_comes_back(
        parts in append_parts(),
        seal in vec((mailbox(), option::of(any::<u64>())), 0..3),
        open in vec(new_mailbox(), 0..3),
        at in any::<usize>(), with in 1..=255_u8,
    ) {
        let seal = seal
            .into_iter()
            .map(|(mailbox, expect_head)| SealOld { mailbox, expect_head })
            .collect();
        let value = Rotate { commit: append(&parts), seal, open };
        let bytes = encode(&value);
        round_trip::<Rotate<'_>>(&value, &bytes);
        perturb_rotate(&bytes, at, with);
    }

    #[test]
    fn page_comes_back(
        entries in vec((any::<u64>(), digest(), prop_oneof![
            blob().prop_map(Ok), digest().prop_map(Err)
        ]), 0..5),
        head in head(),
        at in any::<usize>(), with in 1..=255_u8,
    ) {
        let entries = entries
            .iter()
            .map(|(seq, link, content)| Entry {
                seq: *seq,
                link: *link,
                content: match content {
                    Ok(blob) => Content::Blob(blob),
                    Err(hash) => Content::Tombstone(*hash),
                },
            })
            .collect();
        let value = Page { entries, head };
        let bytes = encode(&value);
        round_trip::<Page<'_>>(&value, &bytes);
        perturb_page(&bytes, at, with);
    }

    #[test]
    fn garbage_is_refused_without_panic(bytes in vec(any::<u8>(), 0..400)) {
        drop(decode_exact::<Create>(&bytes, 400));
        drop(decode_exact::<Append<'_>>(&bytes, 400));
        drop(decode_exact::<Rotate<'_>>(&bytes, 400));
        drop(decode_exact::<Page<'_>>(&bytes, 400));
        drop(decode_exact::<FromRelay>(&bytes, 400));
        drop(decode_exact::<ToRelay>(&bytes, 400));
        drop(decode_exact::<Wait>(&bytes, 400));
        drop(decode_exact::<RefusalBody>(&bytes, 400));
    }
}

#[test]
fn w1_a_message_over_its_limit_is_refused_before_it_is_read() {
    let bytes = encode(&Fetch { since: 1, limit: 2 });
    assert_eq!(
        decode_exact::<Fetch>(&bytes, 3),
        Err(DecodeError::TooLong { got: bytes.len(), limit: 3 })
    );
}

#[test]
fn w1_what_follows_a_message_is_refused() {
    let mut bytes = encode(&Fetch { since: 1, limit: 2 });
    bytes.extend_from_slice(&[0, 0]);
    assert_eq!(decode_exact::<Fetch>(&bytes, 100), Err(DecodeError::Trailing { extra: 2 }));
}

#[test]
fn w1_claims_without_content_are_refused_at_once() {
    // A map with key 0: an array of 2^63 entries, of which none follows.
    let lie = [0xa1, 0x00, 0x9b, 0x80, 0, 0, 0, 0, 0, 0, 0];
    assert!(matches!(decode_exact::<Page<'_>>(&lie, 100), Err(DecodeError::Malformed { .. })));
    // Bytes of 2^40, of which none follow.
    let lie = [0xa1, 0x03, 0x5b, 0, 0, 1, 0, 0, 0, 0, 0];
    assert!(decode_exact::<Append<'_>>(&lie, 100).is_err());
    // A million arrays in one another, under a key that nobody knows.
    let mut deep = vec![0xa1, 0x18, 99];
    deep.extend(core::iter::repeat_n(0x81, 1_000_000));
    assert!(decode_exact::<Fetch>(&deep, 2_000_000).is_err());
}

#[test]
fn w2_a_request_has_one_form() {
    // since = 1, limit = 2, and limit = 2 once more.
    let twice = [0xa3, 0x00, 0x01, 0x01, 0x02, 0x01, 0x02];
    assert!(decode_exact::<Fetch>(&twice, 100).is_ok());
    assert_eq!(decode_canonical::<Fetch>(&twice, 100), Err(DecodeError::NotCanonical));
    // since = 1 in nine bytes.
    let long = [0xa2, 0x00, 0x1b, 0, 0, 0, 0, 0, 0, 0, 1, 0x01, 0x02];
    assert_eq!(decode_canonical::<Fetch>(&long, 100), Err(DecodeError::NotCanonical));
    // A key that nobody knows.
    let more = [0xa3, 0x00, 0x01, 0x01, 0x02, 0x07, 0x02];
    assert_eq!(decode_canonical::<Fetch>(&more, 100), Err(DecodeError::NotCanonical));
}

//! Bytes from the network, as relay and client read them. The first one says as what.
#![no_main]

use hearthkeep_wire::{
    Append, Appended, Auth, CapKey, Create, Delete, DropDel, Fetch, FromRelay, GetHead, GetQuota,
    Head, Hello, MailboxId, Op, Page, Quota, RefusalBody, Rotate, Rotated, Seal, ToRelay, Token,
    Unseal, Wait, Waited, decode_canonical, decode_exact, encode, follow, limits,
};
use libfuzzer_sys::fuzz_target;

/// A request: what is taken has one form.
macro_rules! request {
    ($type:ty, $bytes:expr) => {
        if let Ok(value) = decode_canonical::<$type>($bytes, limits::CONTROL_MAX) {
            assert_eq!(encode(&value), $bytes);
        }
    };
}

/// A reply: what is taken is written so that it reads the same.
macro_rules! reply {
    ($type:ty, $bytes:expr) => {
        if let Ok(value) = decode_exact::<$type>($bytes, limits::PAGE_WIRE_MAX) {
            assert_eq!(decode_exact::<$type>(&encode(&value), limits::PAGE_WIRE_MAX), Ok(value));
        }
    };
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    match kind % 21 {
        0 => request!(Create, bytes),
        1 => request!(Append<'_>, bytes),
        2 => request!(Fetch, bytes),
        3 => request!(GetHead, bytes),
        4 => request!(GetQuota, bytes),
        5 => request!(Rotate<'_>, bytes),
        6 => request!(Seal, bytes),
        7 => request!(Unseal, bytes),
        8 => request!(Delete, bytes),
        9 => request!(DropDel, bytes),
        10 => request!(ToRelay, bytes),
        11 => request!(Wait, bytes),
        12 => reply!(Hello, bytes),
        13 => reply!(Appended, bytes),
        14 => page(bytes),
        15 => reply!(Rotated, bytes),
        16 => reply!(Quota, bytes),
        17 => reply!(Waited, bytes),
        18 => reply!(FromRelay, bytes),
        19 => reply!(RefusalBody, bytes),
        _ => authorisation(bytes),
    }
});

fn page(bytes: &[u8]) {
    reply!(Page<'_>, bytes);
    let Ok(page) = decode_exact::<Page<'_>>(bytes, limits::PAGE_WIRE_MAX) else { return };
    let from = Head::genesis(&MailboxId([7; 32]));
    if let Ok(head) = follow(&from, &page) {
        assert_eq!(head.seq, u64::try_from(page.entries.len()).expect("they are in memory"));
    }
}

fn authorisation(bytes: &[u8]) {
    if let Ok(auth) = Auth::from_bytes(bytes) {
        assert_eq!(Auth::from_header(&auth.to_header()), Ok(auth));
        let key = CapKey(auth.body.0);
        assert!(auth.verify(Op::Append, &key).is_err(), "nobody signs by chance");
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(auth) = Auth::from_header(&text) {
        assert_eq!(auth.to_header(), text);
    }
    let _token = Token::from_hex(&text);
}

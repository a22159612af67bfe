//! What one record of a group costs in sealing alone: signed and sealed, opened and verified.
//!
//! `cargo run --release -p hearthkeep-crypto --example seal`
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a measurement run by hand"
)]

use hearthkeep_crypto::record::{self, MailboxClass, context};
use hearthkeep_crypto::{EpochSecret, SigningKey, TableKey, hash, label, random_bytes, row};
use std::hint::black_box;
use std::time::Instant;

const RECORD: usize = 2_048;
const ROUNDS: usize = 5;
const EACH: u32 = 2_000;

fn main() {
    let plain = random_bytes::<RECORD>();
    let secret = EpochSecret::from_bytes(random_bytes());
    let key = SigningKey::from_seed(&random_bytes());
    let public = key.verifying_key();
    let ctx = context(&[1; 16], MailboxClass::Content);
    let signature = key.sign(label::RECORD, &signed(&ctx, &plain));
    let sealed = record::seal(&secret, &ctx, &plain);
    let rows = TableKey::generate();
    let sealed_row = row::seal(&rows, label::ROW_ENTRY, b"one", 1, &plain);

    time("record_sign_us", || key.sign(label::RECORD, &signed(&ctx, &plain)));
    time("record_seal_only_us", || record::seal(&secret, &ctx, &plain));
    time("record_open_only_us", || record::open(&secret, &ctx, &sealed).unwrap());
    time("record_verify_us", || {
        public.verify(label::RECORD, &signed(&ctx, &plain), &signature).unwrap();
    });
    time("record_seal_us", || {
        let signature = key.sign(label::RECORD, &signed(&ctx, &plain));
        (signature, record::seal(&secret, &ctx, &plain))
    });
    time("record_open_us", || {
        let opened = record::open(&secret, &ctx, &sealed).unwrap();
        public.verify(label::RECORD, &signed(&ctx, &opened), &signature).unwrap();
    });
    time("row_seal_us", || row::seal(&rows, label::ROW_ENTRY, b"one", 1, &plain));
    time("row_open_us", || row::open(&rows, label::ROW_ENTRY, b"one", 1, &sealed_row).unwrap());
}

/// What stands under a record's signature: where it belongs, and the hashes of its two parts.
fn signed(ctx: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    let (header, body) = plain.split_at(256);
    let parts = [hash::sha256(header), hash::sha256(body)];
    [ctx.as_slice(), &7_u64.to_be_bytes(), &[2; 32], parts.as_flattened()].concat()
}

/// The middle one of some rounds, for one call.
fn time<T>(name: &str, mut what: impl FnMut() -> T) {
    let mut rounds = [0.0; ROUNDS];
    for round in &mut rounds {
        let began = Instant::now();
        for _ in 0..EACH {
            drop(black_box(what()));
        }
        *round = began.elapsed().as_secs_f64() * 1e6 / f64::from(EACH);
    }
    rounds.sort_by(f64::total_cmp);
    println!("figure\t{name}\t{}", rounds[ROUNDS / 2]);
}

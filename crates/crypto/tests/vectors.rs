//! What another implementation wrote from FORMATS alone opens here, and is the same here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may stop")]

use hearthkeep_crypto::passphrase::{Slots, SlotsError};
use hearthkeep_crypto::record::{self, MailboxClass};
use hearthkeep_crypto::words::RecoveryPhrase;
use hearthkeep_crypto::{
    AccountSecret, EpochSecret, InviteSecret, Label, ProfileKey, RecordKey, SigningKey, keyed_id,
    label, row, sealed_file,
};
use serde_json::Value;

fn read(name: &str) -> Value {
    let path = format!("{}/../../tests/vectors/crypto/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap().as_bytes().as_chunks::<2>().0;
    let byte = |two: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
    digits.iter().map(byte).collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

fn label_named(name: &Value) -> Label {
    *label::ALL.iter().find(|label| label.as_str() == name.as_str().unwrap()).unwrap()
}

#[test]
fn a_row() {
    let one = read("row");
    let table = label_named(&one["table"]);
    let key = ProfileKey::from_bytes(array(&one["profile_key"])).table_key(table);
    let opened = row::open(&key, table, &bytes(&one["row_id"]), 1, &bytes(&one["sealed"]));
    assert_eq!(opened.unwrap().as_slice(), bytes(&one["plain"]));
}

#[test]
fn a_record_and_a_body_for_some() {
    let one = read("record");
    let secret = EpochSecret::from_bytes(array(&one["epoch_secret"]));
    let ctx = record::context(&array(&one["group"]), MailboxClass::Content);
    assert_eq!((ctx, secret.kid()), (array(&one["context"]), array(&one["kid"])));
    let sealed = bytes(&one["record"]);
    assert_eq!(record::kid_of(&sealed), Some(secret.kid()));
    assert_eq!(record::open(&secret, &ctx, &sealed).unwrap().as_slice(), bytes(&one["plain"]));
    let key = RecordKey::from_bytes(array(&one["epoch_secret"]));
    let body = record::open_body(&key, &ctx, &bytes(&one["body"])).unwrap();
    assert_eq!(body.as_slice(), bytes(&one["plain"]));
}

#[test]
fn sealed_files() {
    for one in read("sealed_file").as_array().unwrap() {
        let key = ProfileKey::from_bytes(array(&one["profile_key"])).attachment_key();
        let plain = sealed_file::open(&key, &bytes(&one["name"]), &bytes(&one["sealed"]));
        assert_eq!(plain.unwrap().as_slice(), bytes(&one["plain"]));
    }
}

#[test]
fn a_slot_file_and_its_refused_kin() {
    let one = read("slots");
    let key = array::<32>(&one["profile_key"]);
    let slots = Slots::parse(&bytes(&one["file"])).unwrap();
    assert_eq!(slots.to_bytes(), bytes(&one["file"]));
    let opened = slots.open_with_passphrase(one["passphrase"].as_str().unwrap()).unwrap();
    assert_eq!(opened.expose(), &key);
    let phrase = RecoveryPhrase::from_entropy(array(&one["entropy"]));
    assert_eq!(slots.open_with_words(&phrase).unwrap().expose(), &key);
    for bad in one["refused"].as_array().unwrap() {
        let slots = Slots::parse(&bytes(&bad["file"]));
        let name = match slots.and_then(|slots| slots.open_with_words(&phrase)).unwrap_err() {
            SlotsError::Length { .. } => "Length",
            SlotsError::NotSlots => "NotSlots",
            SlotsError::Version { .. } => "Version",
            SlotsError::Cost { .. } => "Cost",
            SlotsError::NoSlotOpens => "NoSlotOpens",
            SlotsError::Changed => "Changed",
        };
        assert_eq!(name, bad["error"].as_str().unwrap(), "{}", bad["name"]);
    }
}

#[test]
fn derivations() {
    let one = read("derive");
    let profile = ProfileKey::from_bytes(array(&one["profile_key"]));
    let epoch = EpochSecret::from_bytes(array(&one["epoch_secret"]));
    let account = AccountSecret::from_bytes(array(&one["account_secret"]));
    let link = InviteSecret::from_bytes(array(&one["invite_secret"]));
    let signer = SigningKey::from_seed(&array(&one["signer_seed"]));
    let group = array::<16>(&one["group"]);
    let id: [u8; 16] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let public = |key: SigningKey| key.verifying_key().to_bytes().to_vec();
    let same = [
        ("table_key", profile.table_key(label::ROW_ENTRY).expose().to_vec()),
        ("index_key", profile.index_key().expose().to_vec()),
        ("attachment_key", profile.attachment_key().expose().to_vec()),
        ("keyed_id", keyed_id(&profile.id_key(), label::ID_ENTRY, &id).to_vec()),
        ("kid", epoch.kid().to_vec()),
        ("handshake_mailbox", epoch.handshake_mailbox().to_vec()),
        ("content_mailbox", epoch.content_mailbox().to_vec()),
        ("capability_public", public(epoch.capability())),
        ("account_public_0", public(account.account_key(&group, 0))),
        ("account_public_1", public(account.account_key(&group, 1))),
        ("delete_preimage", account.delete_preimage(&id).to_vec()),
        ("invite_public", public(link.signing_key())),
        ("invite_drop", link.drop_id().to_vec()),
        ("invite_drop_public", public(link.drop_capability())),
        ("signature", signer.sign(label::RECORD, &bytes(&one["signed"])).0.to_vec()),
    ];
    for (name, ours) in same {
        assert_eq!(ours, bytes(&one[name]), "{name}");
    }
}

//! The rules of PROTOCOL part W, through HTTP, against the real process.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

mod support;

use futures_util::StreamExt;
use hearthkeep_wire::{
    Append, Class, Content, DropDel, GetQuota, Head, MailboxId, NewMailbox, Op, Page, Proof, Quota,
    Refusal, Rotate, Rotated, Seal, SealOld, SealedAt, Token, Unseal, blob_hash, decode_exact,
    encode, limits,
};
use support::{
    Member, RelayProcess, by, bytes_in, cap, eventually, holds, idem, key, mailbox, new_mailbox,
    plain, removable,
};

#[tokio::test]
async fn w2_a_request_in_another_form_is_refused() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    // {0: 0, 1: 10, 1: 10}: the same, written twice.
    let twice = vec![0xa3, 0x00, 0x00, 0x01, 0x0a, 0x01, 0x0a];
    assert_eq!(ana.ask(Op::Fetch, log, twice).await, Err(Refusal::Malformed));
}

#[tokio::test]
async fn w4_only_the_capability_opens_a_mailbox_and_it_need_not_exist() {
    let relay = RelayProcess::start();
    let (ana, stranger) = (Member::new(&relay, key(1)), Member::new(&relay, key(2)));
    let log = ana.open_log(&relay, 1).await;
    assert_eq!(stranger.head(log).await, Err(Refusal::Signature));
    assert_eq!(ana.head(mailbox(9)).await, Err(Refusal::NoSuchMailbox));
    assert_eq!(ana.head(log).await, Ok(Head::genesis(&log)));
    let no_auth = ana.send_raw(Op::Head.path(), None, vec![0xa0]).await;
    assert_eq!(no_auth, Err(Refusal::Malformed));
}

#[tokio::test]
async fn w5_after_a_restart_the_old_nonce_is_stale_and_a_fresh_one_comes_with_the_refusal() {
    let mut relay = RelayProcess::start();
    let mut ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    relay.kill();
    relay.start_again();
    ana.base = relay.url("");
    let Err(Refusal::StaleNonce { nonce }) = ana.head(log).await else {
        panic!("an old nonce was taken");
    };
    assert_ne!(nonce, ana.nonce().await);
}

#[tokio::test]
async fn w6_a_request_that_somebody_kept_is_refused_when_it_comes_again() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let body = encode(&hearthkeep_wire::GetHead {});
    let auth = ana.sign(Op::Head, log, &body).await;
    assert!(ana.send(Op::Head, &auth, body.clone()).await.is_ok());
    let again = ana.send(Op::Head, &auth, body.clone()).await;
    assert!(matches!(again, Err(Refusal::StaleNonce { .. })));
    // For another operation it never held.
    assert_eq!(ana.send(Op::Fetch, &auth, body).await, Err(Refusal::Signature));
}

#[tokio::test]
async fn w7_a_body_that_was_not_signed_is_refused() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let auth = ana.sign(Op::Append, log, &encode(&plain(idem(1), b"mine"))).await;
    let other = encode(&plain(idem(1), b"mint"));
    assert_eq!(ana.send(Op::Append, &auth, other).await, Err(Refusal::Signature));
    assert_eq!(ana.head(log).await.unwrap().seq, 0);
}

#[tokio::test]
async fn w8_of_two_who_expect_the_same_head_one_wins_and_the_other_is_told_the_head() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let expecting =
        |number, head, blob| Append { expect_head: Some(head), ..plain(idem(number), blob) };
    let (a, b) = (expecting(1, 0, b"a"), expecting(2, 0, b"b"));
    let (first, second) = tokio::join!(ana.append_with(log, &a), ana.append_with(log, &b));
    let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    let head = won.unwrap();
    assert_eq!(lost, Err(Refusal::HeadMoved { head }));
    assert_eq!(ana.append_with(log, &expecting(3, 1, b"c")).await.unwrap().seq, 2);
}

#[tokio::test]
async fn w9_a_retry_after_a_lost_answer_appends_once_and_another_blob_is_refused() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let at = ana.append(log, idem(1), b"once").await;
    ana.append(log, idem(2), b"meanwhile").await;
    let again = Append { expect_head: Some(0), ..plain(idem(1), b"once") };
    assert_eq!(ana.append_with(log, &again).await, Ok(at));
    let other = ana.append_with(log, &plain(idem(1), b"other")).await;
    assert_eq!(other, Err(Refusal::IdemMismatch));
    assert_eq!(ana.read_all(log).await.len(), 2);
    // And in one batch: many at once, one entry.
    let same = plain(idem(7), b"at once");
    let all = futures_util::future::join_all((0..20).map(|_| ana.append_with(log, &same))).await;
    assert!(all.iter().all(|answer| answer == &all[0]));
    assert_eq!(ana.read_all(log).await.len(), 3);
}

#[tokio::test]
async fn w10_many_writers_get_one_order_without_gaps_and_every_link_verifies() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let blobs: Vec<Vec<u8>> = (0..200_u64).map(|n| n.to_le_bytes().to_vec()).collect();
    let appends = blobs.iter().zip(0..).map(|(blob, n)| ana.append(log, idem(n), blob));
    let heads: Vec<Head> = futures_util::stream::iter(appends).buffered(100).collect().await;
    let mut seqs: Vec<u64> = heads.iter().map(|head| head.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=200).collect::<Vec<_>>());
    let read = ana.read_all(log).await;
    for (head, blob) in heads.iter().zip(&blobs) {
        let place = usize::try_from(head.seq).unwrap() - 1;
        assert_eq!(read[place].as_ref(), Some(blob));
    }
}

#[tokio::test]
async fn w11_a_page_ends_at_its_limit_or_at_two_mebibytes_and_holds_at_least_one() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let long = vec![7; limits::LOG_BLOB_MAX];
    for number in 0..10 {
        ana.append(log, idem(number), &long).await;
    }
    let bytes = ana.fetch(log, 0, 1_000).await.unwrap();
    let page: Page<'_> = decode_exact(&bytes, limits::PAGE_WIRE_MAX).unwrap();
    assert_eq!((page.entries.len(), page.head.seq), (8, 10));
    let bytes = ana.fetch(log, 4, 3).await.unwrap();
    let page: Page<'_> = decode_exact(&bytes, limits::PAGE_WIRE_MAX).unwrap();
    assert_eq!(page.entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [5, 6, 7]);
    let new = new_mailbox(2, Class::Handshake, &ana.key);
    ana.create(relay.token, new).await.unwrap();
    let commit = vec![8; 5_000_000];
    ana.append(mailbox(2), idem(1), &commit).await;
    assert_eq!(ana.read_all(mailbox(2)).await, [Some(commit)]);
}

#[tokio::test]
async fn w12_reading_beyond_the_end_gives_an_empty_page_with_the_head() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let head = ana.append(log, idem(1), b"only").await;
    for since in [1, 2, u64::MAX] {
        let bytes = ana.fetch(log, since, 10).await.unwrap();
        let page: Page<'_> = decode_exact(&bytes, 1_000).unwrap();
        assert_eq!((page.entries.len(), page.head), (0, head));
    }
}

fn rotation<'b>(commit: Append<'b>, open: &[u8], next: &ed25519_dalek::SigningKey) -> Rotate<'b> {
    let open = open.iter().map(|seed| new_mailbox(*seed, Class::Log, next)).collect();
    Rotate { commit, seal: vec![SealOld { mailbox: mailbox(2), expect_head: None }], open }
}

#[tokio::test]
async fn w15_a_rotation_seals_opens_and_appends_at_once_and_repeats_itself() {
    let relay = RelayProcess::start();
    let (ana, next) = (Member::new(&relay, key(1)), Member::new(&relay, key(5)));
    let (hs, log) = (ana.open_log(&relay, 1).await, ana.open_log(&relay, 2).await);
    let note = ana.append(log, idem(1), b"before").await;
    let rotate = rotation(plain(idem(2), b"commit"), &[3, 4], &next.key);
    let rotated = async || {
        let bytes = ana.ask(Op::Rotate, hs, encode(&rotate)).await?;
        Ok::<_, Refusal>(decode_exact::<Rotated>(&bytes, 1_000).unwrap())
    };
    let first = rotated().await.unwrap();
    assert_eq!(first.at, Head::genesis(&hs).after(&blob_hash(b"commit")));
    assert_eq!(first.sealed, [SealedAt { mailbox: log, head: note }]);
    assert_eq!(rotated().await, Ok(first), "a lost answer is asked for again");
    for old in [hs, log] {
        let late = ana.append_with(old, &plain(idem(3), b"late")).await;
        assert_eq!(late, Err(Refusal::Sealed));
    }
    assert_eq!(ana.append(log, idem(1), b"before").await, note, "W9 holds in a sealed mailbox");
    for new in [3, 4] {
        assert_eq!(next.append(mailbox(new), idem(1), b"after").await.seq, 1);
        assert_eq!(ana.head(mailbox(new)).await, Err(Refusal::Signature));
    }
}

#[tokio::test]
async fn w15_a_rotation_of_which_a_part_is_refused_changes_nothing() {
    let relay = RelayProcess::start();
    let (ana, bea) = (Member::new(&relay, key(1)), Member::new(&relay, key(2)));
    let (hs, log) = (ana.open_log(&relay, 1).await, ana.open_log(&relay, 2).await);
    bea.open_log(&relay, 8).await;
    let next = key(5);
    let commit = || plain(idem(2), b"commit");
    let of_others = Rotate {
        seal: vec![SealOld { mailbox: mailbox(8), expect_head: None }],
        ..rotation(commit(), &[3], &next)
    };
    let moved = Rotate {
        seal: vec![SealOld { mailbox: log, expect_head: Some(7) }],
        ..rotation(commit(), &[3], &next)
    };
    let taken = rotation(commit(), &[3, 8], &next);
    let unknown = Rotate {
        seal: vec![SealOld { mailbox: mailbox(77), expect_head: None }],
        ..rotation(commit(), &[3], &next)
    };
    let behind = rotation(Append { expect_head: Some(1), ..commit() }, &[3], &next);
    let twice = rotation(commit(), &[3, 3], &next);
    let (head, other) = (Head::genesis(&log), Head::genesis(&hs));
    for (rotate, refusal) in [
        (of_others, Refusal::Signature),
        (moved, Refusal::HeadMoved { head }),
        (taken, Refusal::Exists),
        (unknown, Refusal::NoSuchMailbox),
        (behind, Refusal::HeadMoved { head: other }),
        (twice, Refusal::Malformed),
    ] {
        assert_eq!(ana.ask(Op::Rotate, hs, encode(&rotate)).await, Err(refusal));
    }
    assert_eq!(ana.head(hs).await, Ok(other));
    assert_eq!(ana.append(log, idem(5), b"open still").await.seq, 1);
    let new = Member::new(&relay, next);
    assert_eq!(new.head(mailbox(3)).await, Err(Refusal::NoSuchMailbox));
}

#[tokio::test]
async fn w16_w17_a_sealed_mailbox_is_read_on_and_facilitators_open_it_again() {
    let relay = RelayProcess::start();
    let (ana, admin) = (Member::new(&relay, key(1)), Member::new(&relay, key(7)));
    let new = NewMailbox { admin: Some(cap(&key(7))), ..new_mailbox(1, Class::Log, &ana.key) };
    ana.create(relay.token, new).await.unwrap();
    let log = mailbox(1);
    ana.append(log, idem(1), b"kept").await;
    let (seal, unseal) = (encode(&Seal {}), encode(&Unseal {}));
    assert_eq!(ana.ask(Op::Seal, log, seal.clone()).await, Err(Refusal::Signature));
    admin.ask(Op::Seal, log, seal).await.unwrap();
    let refused = ana.append_with(log, &plain(idem(2), b"no")).await;
    assert_eq!(refused, Err(Refusal::Sealed));
    assert_eq!(ana.read_all(log).await, [Some(b"kept".to_vec())]);
    assert_eq!(ana.ask(Op::Unseal, log, unseal.clone()).await, Err(Refusal::Signature));
    admin.ask(Op::Unseal, log, unseal).await.unwrap();
    assert_eq!(ana.append(log, idem(2), b"yes").await.seq, 2);
}

#[tokio::test]
async fn w18_what_its_author_takes_back_leaves_a_tombstone_and_no_byte_in_any_file() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let secret = b"a blob that is to be found nowhere".repeat(40);
    ana.append(log, idem(1), b"first").await;
    ana.append_with(log, &removable(idem(2), &secret, 5)).await.unwrap();
    ana.append(log, idem(3), b"third").await;
    let in_files = || bytes_in(relay.folder.path()).iter().any(|(_, b)| holds(b, &secret[..34]));
    assert!(in_files());
    assert_eq!(ana.delete(log, 2, by(6)).await, Err(Refusal::Preimage));
    assert_eq!(ana.delete(log, 1, by(5)).await, Err(Refusal::NoSuchEntry));
    assert_eq!(ana.delete(log, 9, by(5)).await, Err(Refusal::NoSuchEntry));
    assert_eq!(ana.delete(log, 2, Proof::Admin).await, Err(Refusal::Signature));
    ana.delete(log, 2, by(5)).await.unwrap();
    ana.delete(log, 2, by(5)).await.expect("repeating it is no error");
    assert_eq!(ana.read_all(log).await, [Some(b"first".to_vec()), None, Some(b"third".to_vec())]);
    let bytes = ana.fetch(log, 1, 1).await.unwrap();
    let page: Page<'_> = decode_exact(&bytes, 10_000).unwrap();
    assert_eq!(page.entries[0].content, Content::Tombstone(blob_hash(&secret)));
    eventually("the blob leaves every file", async || !in_files()).await;
    assert_eq!(ana.append_with(log, &removable(idem(2), &secret, 5)).await.unwrap().seq, 2);
    assert!(!in_files(), "a retry does not bring it back");
}

#[tokio::test]
async fn w18_facilitators_remove_what_they_must() {
    let relay = RelayProcess::start();
    let (ana, admin) = (Member::new(&relay, key(1)), Member::new(&relay, key(7)));
    let new = NewMailbox { admin: Some(cap(&key(7))), ..new_mailbox(1, Class::Log, &ana.key) };
    ana.create(relay.token, new).await.unwrap();
    ana.append(mailbox(1), idem(1), b"flood").await;
    admin.delete(mailbox(1), 1, Proof::Admin).await.unwrap();
    assert_eq!(ana.read_all(mailbox(1)).await, [None]);
}

#[tokio::test]
async fn w19_a_drop_is_small_lives_for_some_days_and_goes_as_a_whole() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let ttl = |ttl_s| NewMailbox { ttl_s, ..new_mailbox(1, Class::Drop, &ana.key) };
    for refused in [None, Some(0), Some(limits::DROP_TTL_S_MAX + 1)] {
        assert_eq!(ana.create(relay.token, ttl(refused)).await, Err(Refusal::Malformed));
    }
    ana.create(relay.token, ttl(Some(3_600))).await.unwrap();
    let letter = mailbox(1);
    for number in 0..16 {
        ana.append(letter, idem(number), b"a letter").await;
    }
    let more = ana.append_with(letter, &plain(idem(99), b"one more")).await;
    assert_eq!(more, Err(Refusal::QuotaUsedUp));
    ana.ask(Op::DropDel, letter, encode(&DropDel {})).await.unwrap();
    assert_eq!(ana.head(letter).await, Err(Refusal::NoSuchMailbox));
    // The place is free again; now by size.
    ana.create(relay.token, ttl(Some(3_600))).await.unwrap();
    let half = vec![1; limits::DROP_BYTES_MAX / 2];
    ana.append(letter, idem(1), &half).await;
    ana.append(letter, idem(2), &half).await;
    let more = ana.append_with(letter, &plain(idem(3), &half)).await;
    assert_eq!(more, Err(Refusal::QuotaUsedUp));
    let log = ana.open_log(&relay, 2).await;
    let not_a_drop = ana.ask(Op::DropDel, log, encode(&DropDel {})).await;
    assert_eq!(not_a_drop, Err(Refusal::Malformed));
}

#[tokio::test]
async fn w19_a_drop_whose_time_is_over_is_there_no_more() {
    // The test asks all the time until the drop is gone: as often as the machine lets it.
    let relay = RelayProcess::start_with(&["--rate", "0"]);
    let ana = Member::new(&relay, key(1));
    let new = NewMailbox { ttl_s: Some(1), ..new_mailbox(1, Class::Drop, &ana.key) };
    ana.create(relay.token, new).await.unwrap();
    eventually("the drop expires", async || {
        ana.head(mailbox(1)).await == Err(Refusal::NoSuchMailbox)
    })
    .await;
    let late = ana.append_with(mailbox(1), &plain(idem(1), b"late")).await;
    assert_eq!(late, Err(Refusal::NoSuchMailbox));
}

#[tokio::test]
async fn w20_opening_needs_a_token_and_repeating_it_is_no_error() {
    let relay = RelayProcess::start();
    let (ana, bea) = (Member::new(&relay, key(1)), Member::new(&relay, key(2)));
    let new = || new_mailbox(1, Class::Log, &ana.key);
    assert_eq!(ana.create(Token([0; 32]), new()).await, Err(Refusal::Token));
    ana.create(relay.token, new()).await.unwrap();
    ana.create(relay.token, new()).await.unwrap();
    let other_key = new_mailbox(1, Class::Log, &bea.key);
    assert_eq!(bea.create(relay.token, other_key).await, Err(Refusal::Exists));
    // Signed with another key than the one that is to be the capability.
    let foreign = new_mailbox(2, Class::Log, &bea.key);
    assert_eq!(ana.create(relay.token, foreign).await, Err(Refusal::Signature));
    for (_, bytes) in bytes_in(relay.folder.path()) {
        assert!(!holds(&bytes, relay.token.as_bytes()), "the token itself is not kept");
    }
}

#[tokio::test]
async fn w21_a_token_allows_so_many_mailboxes_and_bytes_and_gets_bytes_back() {
    let relay = RelayProcess::start_with(&["--mailboxes", "2", "--mebibytes", "1"]);
    let ana = Member::new(&relay, key(1));
    let (log, _) = (ana.open_log(&relay, 1).await, ana.open_log(&relay, 2).await);
    let third = ana.create(relay.token, new_mailbox(3, Class::Log, &ana.key)).await;
    assert_eq!(third, Err(Refusal::QuotaUsedUp));
    let long = vec![1; limits::LOG_BLOB_MAX];
    for number in 0..3 {
        ana.append_with(log, &removable(idem(number), &long, 5)).await.unwrap();
    }
    let full = ana.append_with(log, &plain(idem(9), &long)).await;
    assert_eq!(full, Err(Refusal::QuotaUsedUp));
    ana.append(log, idem(10), b"a short one still fits").await;
    ana.delete(log, 1, by(5)).await.unwrap();
    ana.append(log, idem(9), &long).await;
    let bytes = ana.ask(Op::Quota, log, encode(&GetQuota {})).await.unwrap();
    let quota: Quota = decode_exact(&bytes, 1_000).unwrap();
    assert_eq!(quota.entries, 4);
    assert!(quota.bytes > 3 * 256 * 1024 && quota.bytes_left < 256 * 1024);
}

#[tokio::test]
async fn w22_who_asks_too_often_is_told_when_to_ask_again() {
    let relay = RelayProcess::start_with(&["--rate", "1"]);
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let asked = futures_util::future::join_all((0..20).map(|_| ana.head(log))).await;
    let refused = |answer: &&Result<Head, Refusal>| matches!(answer, Err(Refusal::TooMany { retry_ms }) if *retry_ms > 0);
    assert!(asked.iter().filter(refused).count() >= 10);
    assert!(asked.iter().any(Result::is_ok));
}

#[tokio::test]
async fn w23_a_body_longer_than_it_may_be_is_refused_unread() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let long = vec![1; limits::LOG_BLOB_MAX + 1];
    let refused = ana.append_with(log, &plain(idem(1), &long)).await;
    assert_eq!(refused, Err(Refusal::TooLarge));
    let control = ana.ask(Op::Head, log, vec![0; limits::CONTROL_MAX + 1]).await;
    assert_eq!(control, Err(Refusal::TooLarge));
    let unknown = MailboxId([99; 32]);
    let flood = ana.append_with(unknown, &plain(idem(1), &vec![1; 200_000])).await;
    assert_eq!(flood, Err(Refusal::NoSuchMailbox));
}

//! What nobody can read any more, whatever keys they have and whatever files they look into:
//! after taking back, after a removal, after thirty days, after erasing.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::disks::{Copied, Opened, Place, blob_opens, keys_in, relay_opens, rows_that_say, says};
use crate::metadata::{IN_AN_ENTRY, UNSENT, writes_for_herself};
use crate::net::{Circle, PASSPHRASE, Person, proxy::Passed, proxy::fetches, request};
use hearthkeep_client::view::{ReflectionView, SyncLight, WishView};
use hearthkeep_crypto::{EpochSecret, SigningKey};
use hearthkeep_document::Document;
use hearthkeep_group::{Entropy, Standing};
use hearthkeep_model::Timestamp;
use hearthkeep_tests::legible::Marks;
use hearthkeep_wire::{Content, Entry, MailboxId, Page, blob_hash};

/// One person's profile as it lay there, with all that its keys open.
struct Held {
    copied: Copied,
    opened: Vec<Opened>,
}

impl Held {
    async fn by(person: &Person) -> Self {
        let copied = Copied::of(person.profile.path());
        let opened = copied.opens().await;
        Self { copied, opened }
    }

    /// These words are in no file of the profile, and nothing in it opens to them.
    fn has_nowhere(&self, words: &Marks, rows: &BTreeSet<Place>, who: &str) {
        assert_eq!(words.found_below(self.copied.folder.path()), [], "{who}");
        let told = |all: &[Opened]| -> Vec<String> {
            says(all, words).iter().map(|opened| opened.from.clone()).collect()
        };
        assert_eq!(told(&self.opened), Vec::<String>::new(), "{who} opens it");
        let left = self.copied.finds(rows);
        assert_eq!(told(&left), Vec::<String>::new(), "it lies in {who}'s files, and opens");
    }
}

fn at_relay(circle: &Circle, keys: &BTreeSet<[u8; 32]>, words: &Marks) -> Vec<String> {
    let opened = relay_opens(circle.relay.folder.path(), &circle.group, keys);
    says(&opened, words).iter().map(|opened| opened.from.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_opens_to_no_key_on_any_disk() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, cem] = &circle.people[..] else { unreachable!("there are three") };
    let words = Marks::words(&["Marzipan", "Hazelnuts", "Quinces"]);
    let answer = Marks::words(&["Walnuts"]);
    let all = ana.shares(group, "Marzipan under the snow.").await;
    let readers = [ana.id_of(group, "Cem").await];
    let wish = WishView::AdviceIsWelcome;
    let one = ana.shares_so(request(group, "Quinces in the cellar.", &readers, wish)).await;
    for person in [ana, bea, cem] {
        person.may_answer(group, &all).await;
    }
    cem.may_answer(group, &one).await;
    ana.app.correct(group, &all, "Hazelnuts under the snow.").await.unwrap();
    bea.app.answer(group, &all, "Walnuts as well.").await.unwrap();
    cem.app.answer(group, &one, "My own words.").await.unwrap();
    for person in [ana, cem] {
        person
            .until("correction and answer arrive", async || {
                let note = person.note(group, &all).await.unwrap();
                note.text.starts_with("Hazelnuts") && note.answers.len() == 1
            })
            .await;
    }
    circle.people[0].until_light(SyncLight::Sent).await;

    // As long as it is there, this search finds it: in each profile, and in the relay's files.
    let mut before = Vec::new();
    for person in &circle.people {
        let held = Held::by(person).await;
        let rows = rows_that_say(&held.opened, &words);
        assert!(!says(&held.copied.finds(&rows), &words).is_empty(), "{}", person.name);
        let (keys, told) = (keys_in(&held.opened), rows_that_say(&held.opened, &answer));
        assert!(at_relay(&circle, &keys, &words).len() > 1, "{}", person.name);
        before.push((rows, told, keys));
    }

    cem.app.lock().await.unwrap();
    for note in [&all, &one] {
        ana.app.take_back(group, note).await.unwrap();
    }
    cem.app.unlock(PASSPHRASE).await.unwrap();
    for person in &circle.people {
        person
            .until("it is gone", async || {
                // Its author sees it gone before anybody was asked to remove it.
                let gone = |note: &ReflectionView| {
                    note.text.is_empty() && (!note.mine || note.removal_asked > 0)
                };
                person.feed(group).await.iter().all(gone)
            })
            .await;
        person.until_light(SyncLight::Sent).await;
    }
    for locked in [false, true] {
        for (person, (rows, told, keys)) in circle.people.iter().zip(&before) {
            if locked {
                person.app.lock().await.unwrap();
            }
            let held = Held::by(person).await;
            held.has_nowhere(&words, rows, person.name);
            // An answer is its author's, and goes with the reflection everywhere else.
            if person.name != "Bea" {
                held.has_nowhere(&answer, told, person.name);
            }
            let keys = keys.union(&keys_in(&held.opened)).copied().collect();
            assert_eq!(at_relay(&circle, &keys, &words), Vec::<String>::new(), "{}", person.name);
        }
    }
}

/// All blobs that these requests put into logs.
fn blobs(passed: &[Passed]) -> Vec<Vec<u8>> {
    passed.iter().filter_map(Passed::blob).collect()
}

fn mailboxes(passed: &[Passed]) -> BTreeSet<MailboxId> {
    let fetched = passed.iter().filter(|passed| passed.path == "/v1/fetch");
    fetched.map(Passed::mailbox).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_removed_opens_nothing_more_with_a_copied_profile_and_the_relays_files() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, cem] = &circle.people[..] else { unreachable!("there are three") };
    let earlier = ana.shares(group, "Chestnuts before.").await;
    for person in &circle.people {
        person.may_answer(group, &earlier).await;
    }
    circle.agrees().await;
    // Copied while it is open, by somebody who knows its passphrase.
    let kept = Held::by(cem).await;
    let before = circle.proxy.passed().len();
    ana.app.remove_member(group, &ana.id_of(group, "Cem").await).await.unwrap();
    for person in [ana, bea] {
        person.until("they are two", async || person.view(group).await.members.len() == 2).await;
    }
    let after = ana.shares(group, "Almonds afterwards.").await;
    bea.may_answer(group, &after).await;
    bea.app.answer(group, &after, "Pistachios afterwards.").await.unwrap();
    ana.until("the answer arrives", async || {
        ana.note(group, &after).await.unwrap().answers.len() == 1
    })
    .await;
    let keys = keys_in(&kept.opened);
    let old = Marks::words(&["Chestnuts"]);
    let new = Marks::words(&["Almonds", "Pistachios"]);
    assert!(!at_relay(&circle, &keys, &old).is_empty(), "the search finds what could be read");
    assert_eq!(at_relay(&circle, &keys, &new), Vec::<String>::new());

    let passed = circle.proxy.passed();
    let removal = passed[before..].iter().position(|one| one.path == "/v1/rotate").unwrap();
    let (then, since) = passed.split_at(before + removal + 1);
    let since_then = blobs(since);
    assert!(since_then.len() > 1);
    let opens = |blob: &Vec<u8>| {
        let secret = |key: &[u8; 32]| EpochSecret::from_bytes(*key);
        keys.iter().any(|key| blob_opens(&secret(key), group, blob).is_some())
    };
    assert!(!since_then.iter().any(opens), "a blob from afterwards opens");
    assert!(blobs(then).iter().any(opens), "the search opens what could be read");
    hands_it_to_the_old_state(&kept.copied, &circle, &since_then, &new).await;

    let (known, now) = (mailboxes(then), mailboxes(since));
    let relay = circle.relay.address();
    let keys: Vec<SigningKey> = keys.iter().map(SigningKey::from_seed).collect();
    let mut read = 0;
    for mailbox in now.difference(&known) {
        for key in &keys {
            assert_eq!(fetches(relay, key, mailbox).await, 403, "an old key reads a new mailbox");
        }
        read += 1;
    }
    assert!(read > 1, "a new mailbox for commits and one for words");
    assert!(reads_any(relay, &keys, &known).await, "what was a capability is among the keys");
}

async fn reads_any(relay: SocketAddr, keys: &[SigningKey], known: &BTreeSet<MailboxId>) -> bool {
    for mailbox in known {
        for key in keys {
            if fetches(relay, key, mailbox).await == 200 {
                return true;
            }
        }
    }
    false
}

/// What a relay that helps would do: shows the removed member's own state the new records, in the
/// logs that it still reads.
async fn hands_it_to_the_old_state(
    copied: &Copied,
    circle: &Circle,
    records: &[Vec<u8>],
    words: &Marks,
) {
    let mut group = copied.group(&circle.group).await;
    assert_eq!(group.standing(), Standing::In);
    let (mut entropy, now) = (Entropy::from_seed([7; 32]), Timestamp(1_795_550_640_000));
    let feed = format!("{:?}", group.feed());
    for (mailbox, since) in group.watched() {
        let mut head = since;
        let entries = records.iter().map(|blob| {
            head = head.after(&blob_hash(blob));
            Entry { seq: head.seq, link: head.link, content: Content::Blob(blob) }
        });
        let page = Page { entries: entries.collect(), head };
        let effects = group.apply(&mailbox, since, &page, &mut entropy, now).unwrap();
        assert_eq!(words.found_in(format!("{effects:?}").as_bytes()), None);
    }
    assert_eq!(format!("{:?}", group.feed()), feed, "the feed is as it was");
    for row in group.take_changes().rows {
        assert_eq!(words.found_in(&row.value.unwrap_or_default()), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_secrets_of_epochs_that_have_aged_lie_in_no_file() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, _] = &circle.people[..] else { unreachable!("there are three") };
    let note = ana.shares(group, "Chestnuts before.").await;
    bea.may_answer(group, &note).await;
    ana.may_answer(group, &note).await;
    ana.app.remove_member(group, &ana.id_of(group, "Cem").await).await.unwrap();
    ana.until("they are two", async || ana.view(group).await.members.len() == 2).await;
    ana.until_light(SyncLight::Sent).await;
    let held = Held::by(ana).await;
    let relay = circle.relay.folder.path();
    let opens =
        |keys: &BTreeSet<[u8; 32]>| openers(relay, group, keys, &Marks::words(&["Chestnuts"]));
    let aged = opens(&keys_in(&held.opened));
    assert_eq!(aged.len(), 1, "one secret opens the note");
    let mut secret = Marks::words::<&str>(&[]);
    secret.add("the secret", aged.first().unwrap());
    let rows = rows_that_say(&held.opened, &secret);
    assert!(!says(&held.copied.finds(&rows), &secret).is_empty(), "the search finds the secret");

    // So long a jump locks the app.
    ana.clock.pass(Duration::from_secs(32 * 24 * 60 * 60));
    ana.app.lock().await.unwrap();
    ana.app.unlock(PASSPHRASE).await.unwrap();
    ana.until("the secret has aged", async || {
        let opened = Copied::of(ana.profile.path()).opens().await;
        says(&opened, &secret).is_empty()
    })
    .await;
    ana.app.lock().await.unwrap();
    let held = Held::by(ana).await;
    held.has_nowhere(&secret, &rows, "Ana");
    assert!(opens(&keys_in(&held.opened)).is_empty(), "nothing else opens the note's record");
    ana.app.unlock(PASSPHRASE).await.unwrap();
    let kept = ana.note(group, &note).await.unwrap();
    assert_eq!(kept.text, "Chestnuts before.", "what was read stays");
}

/// Which of these keys open a record that says these words.
fn openers(
    relay: &Path,
    group: &str,
    keys: &BTreeSet<[u8; 32]>,
    words: &Marks,
) -> BTreeSet<[u8; 32]> {
    let opened = relay_opens(relay, group, keys);
    let says = says(&opened, words);
    let opens = |key: &&[u8; 32]| {
        let secret = EpochSecret::from_bytes(**key);
        says.iter().any(|record| blob_opens(&secret, group, &record.sealed).is_some())
    };
    keys.iter().filter(opens).copied().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_is_brought_back_by_no_key_from_any_file() {
    let ana = Person::new("Ana").await;
    let group = hearthkeep_model::GroupId::from_bytes([7; 16]).to_string();
    let gone = writes_for_herself(&ana, &group).await;
    let stays = ana.app.new_entry().await.unwrap().id;
    let update = Document::from_markdown("Cinnamon stays.").unwrap().snapshot();
    ana.app.save_text(&stays, 1, &update).await.unwrap();
    // Locking saves the index.
    ana.starts_again().await;
    let held = Held::by(&ana).await;
    for word in IN_AN_ENTRY.iter().chain(&UNSENT) {
        assert!(!says(&held.opened, &Marks::words(&[word])).is_empty(), "{word} opens");
    }
    assert!(held.copied.index_holds("juniper") && held.copied.index_holds("rosehips"));
    let words = Marks::words(&[&IN_AN_ENTRY[..], &UNSENT].concat());
    let rows = rows_that_say(&held.opened, &words);
    assert!(rows.len() > 5 && held.copied.finds(&rows).len() >= rows.len());

    for unsent in ana.app.unsent(&group).await.unwrap() {
        ana.app.forget_unsent(&unsent.id).await.unwrap();
    }
    ana.app.keep_words("answer:1", "").await.unwrap();
    ana.app.erase(&gone).await.unwrap();
    for locked in [false, true] {
        if locked {
            ana.app.lock().await.unwrap();
        }
        let held = Held::by(&ana).await;
        held.has_nowhere(&words, &rows, "Ana");
        // Versions lie deflated: of what was erased no row may open at all.
        let left = held.copied.finds(&rows);
        assert!(left.iter().all(Opened::is_of_the_list), "{left:?}");
        for word in ["juniper", "elderberry", "rosehips"] {
            assert!(!held.copied.index_holds(word), "{word}");
        }
        assert!(held.copied.index_holds("cinnamon"));
        assert!(!says(&held.opened, &Marks::words(&["Cinnamon"])).is_empty());
    }
}

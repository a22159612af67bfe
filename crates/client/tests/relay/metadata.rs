//! R24: what passes over the line, and what the relay keeps, tells nothing of who and what.

use crate::disks::{Copied, copy};
use crate::net::{Circle, PASSPHRASE, Person, proxy::Passed, request};
use hearthkeep_client::view::{FieldsPatch, Look, ReactionView, Theme, WishView};
use hearthkeep_document::Document;
use hearthkeep_tests::legible::Marks;

const NAMES: [&str; 4] = ["Anastasia", "Beatrix", "Cemile", "Tuesday"];
const SHARED: [&str; 4] = ["lighthouse", "Marmalade", "Cardamom", "Buckwheat"];
pub(crate) const IN_AN_ENTRY: [&str; 7] = [
    "Juniper",
    "Elderberry",
    "Rosehips",
    "Sorrelgreen",
    "Thankfulness",
    "lavender.png",
    "PictureOfTheSea",
];
pub(crate) const UNSENT: [&str; 2] = ["Gooseberry", "Currants"];

/// What one writes for oneself, in every field that there is.
pub(crate) async fn writes_for_herself(person: &Person, group: &str) -> String {
    let entry = person.app.new_entry().await.unwrap().id;
    let update = Document::from_markdown("Elderberry at first.").unwrap().snapshot();
    person.app.save_text(&entry, 1, &update).await.unwrap();
    person.app.end_session(&entry).await.unwrap();
    person
        .app
        .replace_markdown(&entry, "Juniper on the hill.", FieldsPatch::default())
        .await
        .unwrap();
    person.app.end_session(&entry).await.unwrap();
    let fields = FieldsPatch {
        title: Some("Rosehips".into()),
        tags: Some(vec!["Sorrelgreen".into()]),
        feelings: Some(vec!["Thankfulness".into()]),
        at: None,
    };
    person.app.set_fields(&entry, fields).await.unwrap();
    let picture = [&b"\x89PNG\r\n\x1a\n"[..], b"PictureOfTheSea"].concat();
    person.app.attach(&entry, "lavender.png", picture).await.unwrap();
    let draft = request(group, "Gooseberry, not sent.", &[], WishView::JustListen);
    person.app.keep_unsent(None, &draft).await.unwrap();
    person.app.keep_words("answer:1", "Currants, not sent.").await.unwrap();
    entry
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_no_name_no_word_no_id_passes_or_is_kept() {
    let circle = Circle::of(&NAMES[..3]).await;
    let (group, ana) = (circle.group.clone(), &circle.people[0]);
    let note = ana.shares(&group, "The lighthouse keeper slept well.").await;
    for person in &circle.people {
        person.may_answer(&group, &note).await;
    }
    circle.people[1].app.answer(&group, &note, "Marmalade helps.").await.unwrap();
    ana.app.correct(&group, &note, "The lighthouse keeper ate Buckwheat.").await.unwrap();
    circle.people[2].app.react(&group, &note, ReactionView::Candle, true).await.unwrap();
    circle.agrees().await;
    let readers = [ana.id_of(&group, "Beatrix").await];
    let wish = WishView::AdviceIsWelcome;
    ana.shares_so(request(&group, "Cardamom for one.", &readers, wish)).await;
    let view = ana.view(&group).await;
    ana.app
        .remove_member(&group, &view.members.iter().find(|m| m.name == "Cemile").unwrap().id)
        .await
        .unwrap();
    ana.until("she is out", async || ana.view(&group).await.members.len() == 2).await;

    let entry = writes_for_herself(ana, &group).await;
    let mut marks = Marks::words(&[&NAMES[..], &SHARED, &IN_AN_ENTRY, &UNSENT].concat());
    let members = view.members.iter().map(|member| member.id.as_str());
    for id in members.chain([group.as_str(), &note, &entry]) {
        marks.add(id, id.as_bytes());
        marks.add(id, &unhex(id));
    }
    assert_eq!(marks.found_below(circle.relay.folder.path()), [], "the relay keeps it");
    for passed in circle.proxy.passed() {
        for (what, bytes) in
            [("head", &passed.head), ("body", &passed.body), ("answer", &passed.answer)]
        {
            assert_eq!(marks.found_in(bytes), None, "in the {what} of {}", passed.path);
        }
    }
    for person in &circle.people {
        lies_sealed(person, &marks).await;
    }
}

/// Nothing is legible in a profile's files: while it is open, as a crash leaves it, when what a crash
/// left was opened again, and when it is locked.
async fn lies_sealed(person: &Person, marks: &Marks) {
    let (name, profile) = (person.name, person.profile.path());
    let look =
        Look { theme: Theme::Dark, size: 18, language: "en".into(), country: Some("AT".into()) };
    person.app.set_look(&look).unwrap();
    assert_eq!(marks.found_below(profile), [], "{name}, open");
    let crashed = tempfile::tempdir().unwrap();
    copy(profile, crashed.path());
    assert_eq!(marks.found_below(crashed.path()), [], "{name}, crashed");
    let opened = Copied::of(crashed.path()).opens().await;
    assert!(opened.iter().any(|opened| marks.found_in(&opened.plain).is_some()), "{name}");
    let again = Person::at(name, crashed);
    again.app.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(marks.found_below(again.profile.path()), [], "{name}, open again");
    again.app.lock().await.unwrap();
    assert_eq!(marks.found_below(again.profile.path()), [], "{name}, locked again");
    person.app.lock().await.unwrap();
    assert_eq!(marks.found_below(profile), [], "{name}, locked");
    // What may be read without a key is this, and nothing else.
    let readable = std::fs::read_to_string(profile.join("open.toml")).unwrap();
    let expected = "country = \"AT\"\nlanguage = \"en\"\nsize = \"18\"\ntheme = \"dark\"\n";
    assert_eq!(readable, expected, "{name}");
}

fn unhex(id: &str) -> Vec<u8> {
    let pairs = id.as_bytes().as_chunks::<2>().0.iter();
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_sizes_tell_a_bucket_and_no_blob_begins_like_a_message_of_mls() {
    let circle = Circle::of(&["Ana", "Bea"]).await;
    let ana = &circle.people[0];
    for text in ["Short.", &"A longer evening than that. ".repeat(60)] {
        ana.shares(&circle.group, text).await;
    }
    ana.until("both are sent", async || ana.feed(&circle.group).await.len() == 2).await;
    circle.agrees().await;
    let blobs: Vec<Vec<u8>> = circle.proxy.passed().iter().filter_map(Passed::blob).collect();
    assert!(blobs.len() > 4);
    let mut sizes: Vec<usize> = blobs.iter().map(Vec::len).collect();
    for blob in &blobs {
        // version ‖ kid ‖ nonce ‖ commitment … tag: what is between them is padded.
        assert!(blob[..4] != [0, 1, 0, 1] && blob[..4] != [0, 1, 0, 2], "an MLS header");
    }
    sizes.sort_unstable();
    sizes.dedup();
    assert!(sizes.len() <= 8, "few sizes: {sizes:?}");
}

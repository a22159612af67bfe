//! R24: what passes over the line, and what the relay keeps, tells nothing of who and what.

use crate::net::{Circle, files, holds};
use hearthkeep_client::view::ReactionView;
use hearthkeep_wire::{Append, Rotate, decode_exact};

/// All blobs that were appended, as they came.
fn blobs(circle: &Circle) -> Vec<Vec<u8>> {
    let passed = circle.proxy.passed();
    passed
        .iter()
        .filter_map(|passed| match passed.path.as_str() {
            "/v1/append" => {
                decode_exact::<Append<'_>>(&passed.body, 1 << 24).ok().map(|a| a.blob.to_vec())
            }
            "/v1/rotate" => decode_exact::<Rotate<'_>>(&passed.body, 1 << 24)
                .ok()
                .map(|rotate| rotate.commit.blob.to_vec()),
            _ => None,
        })
        .collect()
}

/// In every form in which one could look for it.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![secret.as_bytes().to_vec(), hex(secret.as_bytes()).into_bytes(), utf16];
    let raw = secret.len().is_multiple_of(2).then(|| {
        secret
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect::<Option<Vec<u8>>>()
    });
    forms.extend(raw.flatten());
    forms
}

#[tokio::test(flavor = "multi_thread")]
async fn r24_no_name_no_word_no_id_passes_or_is_kept() {
    let circle = Circle::of(&["Anastasia", "Beatrix", "Cemile"]).await;
    let (group, ana) = (circle.group.clone(), &circle.people[0]);
    ana.shares(&group, "The lighthouse keeper slept well.").await;
    for person in &circle.people {
        person.until("it arrives", async || person.feed(&group).await.len() == 1).await;
    }
    let note = ana.feed(&group).await[0].id.clone();
    circle.people[1].app.answer(&group, &note, "Marmalade helps.").await.unwrap();
    circle.people[2].app.react(&group, &note, ReactionView::Candle, true).await.unwrap();
    circle.agrees().await;
    let view = ana.view(&group).await;
    ana.app
        .remove_member(&group, &view.members.iter().find(|m| m.name == "Cemile").unwrap().id)
        .await
        .unwrap();
    ana.until("she is out", async || ana.view(&group).await.members.len() == 2).await;

    let mut secrets: Vec<String> =
        ["Anastasia", "Beatrix", "Cemile", "Tuesday", "lighthouse", "Marmalade"]
            .map(str::to_owned)
            .to_vec();
    secrets.push(group.clone());
    secrets.push(note);
    secrets.extend(view.members.iter().map(|member| member.id.clone()));
    let mut seen: Vec<(String, Vec<u8>)> = files(circle.relay.folder.path())
        .into_iter()
        .map(|(path, bytes)| (path.display().to_string(), bytes))
        .collect();
    for passed in circle.proxy.passed() {
        seen.push((format!("head of {}", passed.path), passed.head));
        seen.push((format!("body of {}", passed.path), passed.body));
        seen.push((format!("answer of {}", passed.path), passed.answer));
    }
    for secret in &secrets {
        for form in forms(secret) {
            for (what, bytes) in &seen {
                assert!(!holds(bytes, &form), "{secret} stands in the {what}");
            }
        }
    }
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
    let blobs = blobs(&circle);
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

//! Somebody else in the group: the same core without a window, on a computer of their own.

use crate::person::PASSPHRASE;
use crate::relay::Relay;
use crate::time::until;
use hearthkeep_client::view::{
    ContentNoteView, NoteState, ReactionView, ShareRequest, Standing, WishView,
};
use hearthkeep_client::{Cost, Events, Hearthkeep, SystemClock};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// A member who is elsewhere.
pub(crate) struct Friend {
    app: Hearthkeep,
    runtime: Runtime,
}

impl Friend {
    /// Somebody with a journal in `profile`.
    pub(crate) fn at(profile: &Path) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let clock = Arc::new(SystemClock::new());
        let app = runtime.block_on(async {
            let app = Hearthkeep::open_at_cost(profile, clock, Events::unheard(), Cost::Least)
                .expect("a profile");
            app.create_vault(PASSPHRASE).await.expect("a vault");
            app
        });
        Self { app, runtime }
    }

    /// Founds a group, and gives a link for somebody to come in.
    pub(crate) fn founds_and_invites(&self, relay: &Relay, group: &str, name: &str) -> String {
        self.runtime.block_on(async {
            let (address, token) = (relay.address(), relay.token());
            let row = self.app.found_group(group, name, &address, &token).await.expect("a group");
            self.app.invite(&row.id).await.expect("a link")
        })
    }

    /// Asks to come in; the words are those to compare.
    pub(crate) fn asks(&self, link: &str, name: &str) -> Vec<String> {
        self.runtime.block_on(async {
            self.app.open_invitation(link).await.expect("a link");
            self.app.ask_to_join(name).await.expect("a request").words
        })
    }

    /// Waits until they are in.
    pub(crate) fn is_in(&self) {
        until("being let in", || (!self.group().is_empty()).then_some(()));
    }

    /// Shares something with everybody.
    pub(crate) fn shares(&self, text: &str, wish: WishView, notes: Vec<ContentNoteView>) {
        let request = ShareRequest {
            group: self.group(),
            text: text.to_owned(),
            audience: Vec::new(),
            wish,
            content_notes: notes,
            entry: None,
            shareable: true,
        };
        self.runtime.block_on(self.app.share(request, None)).expect("it waits its ten seconds");
    }

    /// Waits until a reflection with these words is on the relay.
    pub(crate) fn has_sent(&self, words: &str) {
        let group = self.group();
        until("a reflection to be sent", || {
            let feed = self.runtime.block_on(self.app.feed(&group)).ok()?;
            let mut sent = feed.iter().filter(|note| note.state == NoteState::There);
            sent.any(|note| note.text.contains(words)).then_some(())
        });
    }

    /// Waits for a reflection with these words, and answers it.
    pub(crate) fn answers(&self, words: &str, answer: &str) {
        let (group, note) = (self.group(), self.sees(words));
        self.runtime.block_on(self.app.answer(&group, &note, answer)).expect("an answer");
    }

    /// Waits for a reflection with these words, and says what a reaction says.
    pub(crate) fn reacts(&self, words: &str, reaction: ReactionView) {
        let (group, note) = (self.group(), self.sees(words));
        self.runtime.block_on(self.app.react(&group, &note, reaction, true)).expect("a reaction");
    }

    fn sees(&self, words: &str) -> String {
        let group = self.group();
        until(words, || {
            let feed = self.runtime.block_on(self.app.feed(&group)).ok()?;
            feed.into_iter().find(|note| note.text.contains(words)).map(|note| note.id)
        })
    }

    fn group(&self) -> String {
        let rows = self.runtime.block_on(self.app.groups()).unwrap_or_default();
        let inside = rows.into_iter().find(|row| row.standing == Standing::In);
        inside.map(|row| row.id).unwrap_or_default()
    }
}

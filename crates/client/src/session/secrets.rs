//! Passphrase and words of an open vault: rehearsing, changing, replacing.

use crate::hearthkeep::{Hearthkeep, blocking};
use crate::session::strength;
use crate::view::{AskedWord, NewWords};
use crate::{ClientError, Event};
use hearthkeep_crypto::words::{PHRASE_WORDS, RecoveryPhrase};
use hearthkeep_crypto::{Zeroizing, random_bytes};
use std::collections::BTreeSet;

/// Words that are asked back.
const ASKED: usize = 3;

/// The words, and which three are asked back.
pub(crate) fn new_words(phrase: &RecoveryPhrase) -> NewWords {
    let mut ask = BTreeSet::new();
    while ask.len() < ASKED {
        // 240 is the largest multiple of 24 that fits: no place is likelier than another.
        let [byte] = random_bytes::<1>();
        if byte < 240 {
            ask.insert((byte % 24).saturating_add(1));
        }
    }
    let words = phrase.words().into_iter().map(str::to_owned).collect();
    NewWords { words, ask: ask.into_iter().collect() }
}

impl Hearthkeep {
    /// Compares words that were typed back; answers the places of those that are wrong. When at
    /// least three are right and none is wrong, that is remembered.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn rehearse(&self, asked: &[AskedWord]) -> Result<Vec<u8>, ClientError> {
        let secrets = self.store()?.secrets().await?;
        let words = secrets.phrase.words();
        let wrong = |one: &&AskedWord| {
            let place = usize::from(one.place).checked_sub(1);
            let right = place.filter(|place| *place < PHRASE_WORDS);
            let right = right.and_then(|place| words.get(place));
            right.is_none_or(|right| !right.eq_ignore_ascii_case(one.word.trim()))
        };
        let wrong: Vec<u8> = asked.iter().filter(wrong).map(|one| one.place).collect();
        let places: BTreeSet<u8> = asked.iter().map(|one| one.place).collect();
        if wrong.is_empty() && places.len() >= ASKED {
            let mut settings = self.settings().await?;
            settings.words_rehearsed = true;
            self.set_settings(&settings).await?;
        }
        Ok(wrong)
    }

    /// Gives the vault another passphrase. The old one opens nothing from then on, except in
    /// copies of the folder that somebody made before.
    ///
    /// # Errors
    /// [`ClientError::WrongPassphrase`], [`ClientError::TooWeak`].
    pub async fn change_passphrase(&self, old: &str, new: &str) -> Result<(), ClientError> {
        if !strength::enough(new) {
            return Err(ClientError::TooWeak);
        }
        let _gate = self.inner.gate.lock().await;
        let store = self.store()?;
        self.key_of_passphrase(old).await?;
        let (here, new) = (self.clone(), Zeroizing::new(new.to_owned()));
        blocking(move || store.change_passphrase(&new, here.kdf_params())).await??;
        Ok(())
    }

    /// Gives the vault other words, shown this once.
    ///
    /// # Errors
    /// [`ClientError::WrongPassphrase`].
    pub async fn replace_words(&self, passphrase: &str) -> Result<NewWords, ClientError> {
        let _gate = self.inner.gate.lock().await;
        let store = self.store()?;
        self.key_of_passphrase(passphrase).await?;
        let phrase = RecoveryPhrase::generate();
        let words = new_words(&phrase);
        store.replace_words(phrase).await?;
        let mut settings = self.settings().await?;
        settings.words_rehearsed = false;
        self.set_settings(&settings).await?;
        // The kit beside the backups has the old words until the next backup writes it anew.
        self.tell(Event::Backup);
        Ok(words)
    }
}

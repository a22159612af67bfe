//! Words instead of bytes: the recovery phrase, and what two people read out to each other.
//!
//! All come from the English list of BIP-39: 2,048 words, each known by its first four letters.

use crate::{hash, random_bytes};
use bip39::{Language, Mnemonic};
use std::fmt;
use zeroize::Zeroizing;

/// Words of a recovery phrase.
pub const PHRASE_WORDS: usize = 24;

/// Why a text is not a recovery phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Not 24 words.
    #[error("a recovery phrase has 24 words, not {got}")]
    Count {
        /// Words that came.
        got: usize,
    },
    /// A word that is not on the list.
    #[error("word {place} is not on the list")]
    Unknown {
        /// Its place, from 1.
        place: usize,
    },
    /// All words are on the list, but one is another than it was, or two changed places.
    #[error("the words do not belong together in this order")]
    Checksum,
}

/// 24 words that wrap the profile key. Wiped when dropped.
pub struct RecoveryPhrase(Zeroizing<[u8; 32]>);

impl fmt::Debug for RecoveryPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryPhrase(…)")
    }
}

impl RecoveryPhrase {
    /// A new random one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(random_bytes()))
    }

    /// The phrase with this entropy.
    #[must_use]
    pub fn from_entropy(entropy: [u8; 32]) -> Self {
        Self(Zeroizing::new(entropy))
    }

    /// Reads 24 words, in capitals or not, with any space between them.
    ///
    /// # Errors
    /// [`WordsError`] names the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, WordsError> {
        let lower = Zeroizing::new(text.to_lowercase());
        let got = lower.split_whitespace().count();
        if got != PHRASE_WORDS {
            return Err(WordsError::Count { got });
        }
        let known = |word: &str| Language::English.find_word(word).is_some();
        if let Some(place) = lower.split_whitespace().position(|word| !known(word)) {
            return Err(WordsError::Unknown { place: place.saturating_add(1) });
        }
        let phrase = Mnemonic::parse_in_normalized(Language::English, &lower)
            .map_err(|_| WordsError::Checksum)?;
        let mut entropy = Zeroizing::new([0u8; 32]);
        let whole = Zeroizing::new(phrase.to_entropy());
        entropy.iter_mut().zip(whole.iter()).for_each(|(to, from)| *to = *from);
        Ok(Self(entropy))
    }

    /// The words in their order.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        let phrase = Mnemonic::from_entropy_in(Language::English, self.0.as_slice());
        phrase.expect("32 bytes are 24 words").words().collect()
    }

    /// The words with single spaces between them: what `kit.age` takes as its passphrase.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.words().join(" "))
    }

    /// The 32 bytes, for sealing them.
    #[must_use]
    pub fn expose_entropy(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The first 132 bits of a digest as twelve words, eleven bits each.
#[must_use]
pub fn twelve_words(digest: &[u8; 32]) -> [&'static str; 12] {
    std::array::from_fn(|place| word(digest, place))
}

/// The first 88 bits of a digest as eight words: four that one reads, four that the other reads.
#[must_use]
pub fn eight_words(digest: &[u8; 32]) -> [&'static str; 8] {
    std::array::from_fn(|place| word(digest, place))
}

/// Six random words with spaces between them: a passphrase to suggest, 66 bits.
#[must_use]
pub fn suggest_passphrase() -> Zeroizing<String> {
    let digest = Zeroizing::new(hash::sha256(&Zeroizing::new(random_bytes::<32>())[..]));
    let words: [&str; 6] = std::array::from_fn(|place| word(&digest, place));
    Zeroizing::new(words.join(" "))
}

fn word(digest: &[u8; 32], place: usize) -> &'static str {
    let first = place.saturating_mul(11);
    let index = (first..first.saturating_add(11)).fold(0usize, |index, bit| {
        let byte = digest.get(bit / 8).copied().unwrap_or(0);
        (index << 1) | usize::from(byte.rotate_left(u32::try_from(bit % 8).unwrap_or(0)) >> 7)
    });
    Language::English.word_list().get(index).copied().expect("eleven bits are below 2,048")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_read_back_from_its_words() {
        let phrase = RecoveryPhrase::from_entropy([0xA7; 32]);
        let shouted = phrase.text().to_uppercase().replace(' ', "\n  ");
        assert_eq!(RecoveryPhrase::parse(&shouted).unwrap().expose_entropy(), &[0xA7; 32]);
        assert_eq!(phrase.words().len(), PHRASE_WORDS);
    }

    #[test]
    fn what_is_wrong_with_a_phrase_is_named() {
        let words = RecoveryPhrase::from_entropy([1; 32]).words();
        assert_eq!(RecoveryPhrase::parse("").unwrap_err(), WordsError::Count { got: 0 });
        let mut unknown = words.clone();
        unknown[16] = "hearth";
        let error = RecoveryPhrase::parse(&unknown.join(" ")).unwrap_err();
        assert_eq!(error, WordsError::Unknown { place: 17 });
        let mut swapped = words;
        swapped.swap(0, 23);
        assert_eq!(RecoveryPhrase::parse(&swapped.join(" ")).unwrap_err(), WordsError::Checksum);
    }

    #[test]
    fn compared_words_take_eleven_bits_each() {
        let mut digest = [0u8; 32];
        digest[1] = 0b0010_0000;
        let words = twelve_words(&digest);
        assert_eq!((words[0], words[1]), ("ability", "abandon"));
        assert_eq!(eight_words(&digest), words[..8]);
        assert_eq!(twelve_words(&[255; 32]), ["zoo"; 12]);
    }

    #[test]
    fn a_suggestion_has_six_words_and_differs_each_time() {
        let (one, two) = (suggest_passphrase(), suggest_passphrase());
        assert_eq!(one.split(' ').count(), 6);
        assert_ne!(one.as_str(), two.as_str());
    }
}

//! What records hold, kind by kind, and the numbers of wishes, reactions and content notes.

use crate::bytes::{Bytes, read_open, write};
use crate::policy::LeaveProof;
use hearthkeep_model::{AccountId, Audience, ContentNote, Reaction, Wish};
use hearthkeep_wire::Head;
use minicbor::{Decode, Encode};

/// Longest text of a note or an answer, in bytes.
pub(crate) const TEXT_MAX: usize = 64 * 1024;
/// Content notes that one note may carry.
pub(crate) const CONTENT_NOTES_MAX: usize = 3;
/// Characters of a content note in own words.
pub(crate) const OWN_WORDS_MAX: usize = 60;
/// Characters of a question, and of an offer to call.
pub(crate) const QUESTION_MAX: u32 = 280;
/// Questions that each reader may ask.
pub(crate) const QUESTIONS_MAX: usize = 2;
/// Characters of an answer in words.
pub(crate) const ANSWER_MAX: u32 = 4_000;

/// A reflection as its author writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteContent {
    /// Markdown.
    pub text: String,
    /// How the author wishes to be answered.
    pub wish: Wish,
    /// Up to three.
    pub content_notes: Vec<ContentNote>,
    /// Who can read it.
    pub audience: Audience,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct NoteWire {
    #[n(0)]
    text: String,
    #[n(1)]
    wish: u8,
    #[n(2)]
    content_notes: Vec<ContentNoteWire>,
    #[n(3)]
    readers: Option<Vec<Bytes<32>>>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ContentNoteWire {
    #[n(0)]
    number: u8,
    #[n(1)]
    words: Option<String>,
}

impl NoteContent {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        write(&NoteWire {
            text: self.text.clone(),
            wish: wish_number(self.wish),
            content_notes: self.content_notes.iter().map(content_note_wire).collect(),
            readers: match &self.audience {
                Audience::Group => None,
                Audience::Some(readers) => {
                    Some(readers.iter().map(|id| Bytes::from(*id)).collect())
                }
            },
        })
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let wire: NoteWire = read_open(bytes)?;
        let content_notes =
            wire.content_notes.into_iter().map(content_note).collect::<Option<Vec<_>>>()?;
        let note = Self {
            text: wire.text,
            wish: wish(wire.wish)?,
            content_notes,
            audience: match wire.readers {
                None => Audience::Group,
                Some(readers) => Audience::Some(readers.into_iter().map(AccountId::from).collect()),
            },
        };
        note.is_whole().then_some(note)
    }

    /// Whether it keeps to its limits.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.text.len() <= TEXT_MAX
            && !self.text.trim().is_empty()
            && self.content_notes.len() <= CONTENT_NOTES_MAX
            && self.content_notes.iter().all(own_words_fit)
    }
}

fn own_words_fit(note: &ContentNote) -> bool {
    let ContentNote::Own(words) = note else { return true };
    !words.trim().is_empty() && words.chars().count() <= OWN_WORDS_MAX
}

/// What else a record can hold.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct TextContent {
    #[n(0)]
    pub(crate) text: String,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct ReactionContent {
    #[n(0)]
    pub(crate) reaction: u8,
    #[n(1)]
    pub(crate) on: bool,
}

/// What is taken back: each record by id and by the hash that its tombstone will keep.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct WithdrawContent {
    #[n(0)]
    pub(crate) records: Vec<(Bytes<16>, Bytes<32>)>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct ReceiptContent {
    #[n(0)]
    pub(crate) epoch: u64,
    #[n(1)]
    pub(crate) authenticator: Bytes<32>,
    #[n(2)]
    pub(crate) handshake: Head,
    #[n(3)]
    pub(crate) content: Head,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct LeaveContent {
    #[n(0)]
    pub(crate) proof: LeaveProof,
}

/// An open invitation, told to facilitators.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct InviteContent {
    #[n(0)]
    pub(crate) secret: Bytes<32>,
    #[n(1)]
    pub(crate) until: i32,
    /// 0: a link for one newcomer; 1: the door by which members come back.
    #[n(2)]
    pub(crate) kind: u8,
}

/// What facilitators need to keep the group's place at the relay.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct KeepingContent {
    #[n(0)]
    pub(crate) token: Bytes<32>,
}

pub(crate) const fn wish_number(wish: Wish) -> u8 {
    match wish {
        Wish::JustListen => 0,
        Wish::HowWasItForYou => 1,
        Wish::AskMe => 2,
        Wish::AdviceIsWelcome => 3,
        Wish::PleaseCallMe => 4,
    }
}

const fn wish(number: u8) -> Option<Wish> {
    match number {
        0 => Some(Wish::JustListen),
        1 => Some(Wish::HowWasItForYou),
        2 => Some(Wish::AskMe),
        3 => Some(Wish::AdviceIsWelcome),
        4 => Some(Wish::PleaseCallMe),
        _ => None,
    }
}

pub(crate) const fn reaction_number(reaction: Reaction) -> u8 {
    match reaction {
        Reaction::Heard => 0,
        Reaction::With => 1,
        Reaction::MeToo => 2,
        Reaction::Candle => 3,
        Reaction::Thanks => 4,
    }
}

pub(crate) const fn reaction(number: u8) -> Option<Reaction> {
    match number {
        0 => Some(Reaction::Heard),
        1 => Some(Reaction::With),
        2 => Some(Reaction::MeToo),
        3 => Some(Reaction::Candle),
        4 => Some(Reaction::Thanks),
        _ => None,
    }
}

const NAMED: [ContentNote; 16] = [
    ContentNote::Suicide,
    ContentNote::SelfHarm,
    ContentNote::Death,
    ContentNote::LossOfChild,
    ContentNote::Violence,
    ContentNote::ViolenceAtHome,
    ContentNote::SexualViolence,
    ContentNote::ChildhoodHarm,
    ContentNote::Substances,
    ContentNote::Gambling,
    ContentNote::Body,
    ContentNote::Illness,
    ContentNote::Panic,
    ContentNote::Faith,
    ContentNote::Hate,
    ContentNote::Animals,
];
const OWN: u8 = 255;

fn content_note_wire(note: &ContentNote) -> ContentNoteWire {
    let place = NAMED.iter().position(|named| named == note);
    match (place.and_then(|place| u8::try_from(place).ok()), note) {
        (Some(number), _) => ContentNoteWire { number, words: None },
        (None, ContentNote::Own(words)) => {
            ContentNoteWire { number: OWN, words: Some(words.clone()) }
        }
        (None, _named) => ContentNoteWire { number: OWN, words: None },
    }
}

fn content_note(wire: ContentNoteWire) -> Option<ContentNote> {
    match wire {
        ContentNoteWire { number: OWN, words: Some(words) } => Some(ContentNote::Own(words)),
        ContentNoteWire { number, words: None } => NAMED.get(usize::from(number)).cloned(),
        ContentNoteWire { .. } => None,
    }
}

/// Reactions that a wish allows.
#[must_use]
pub const fn allowed_reactions(wish: Wish) -> &'static [Reaction] {
    use Reaction::{Candle, Heard, MeToo, Thanks, With};
    match wish {
        Wish::JustListen | Wish::AskMe => &[Heard, With, Candle],
        Wish::HowWasItForYou | Wish::AdviceIsWelcome => &[Heard, With, MeToo, Candle, Thanks],
        Wish::PleaseCallMe => &[With],
    }
}

/// Characters of one answer in words that a wish allows; none when it asks for no words.
#[must_use]
pub const fn allowed_words(wish: Wish) -> Option<u32> {
    match wish {
        Wish::JustListen => None,
        Wish::HowWasItForYou | Wish::AdviceIsWelcome => Some(ANSWER_MAX),
        Wish::AskMe | Wish::PleaseCallMe => Some(QUESTION_MAX),
    }
}

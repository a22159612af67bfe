//! The link of an invitation: `hearthkeep://join#…`, with everything in the fragment, which no
//! server is ever shown (PROTOCOL G40).

use crate::bytes::{Bytes, read, write};
use hearthkeep_crypto::{InviteSecret, hash};
use hearthkeep_model::{AccountId, Day, GroupId};
use minicbor::{Decode, Encode};

/// What stands in front of the fragment.
pub const LINK_START: &str = "hearthkeep://join#";
/// Days that an invitation holds.
pub(crate) const INVITE_DAYS: i32 = 7;
/// Longest link.
const LINK_MAX: usize = 2_048;
/// Facilitators that a link names.
const NAMED_MAX: usize = 4;

/// Why a text is not an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not the beginning of one of ours.
    #[error("this is not an invitation")]
    NotOurs,
    /// Cut short, or a letter is wrong.
    #[error("the invitation is cut short or mistyped")]
    Damaged,
    /// From a newer version.
    #[error("the invitation was made by a newer version")]
    Newer,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    version: u8,
    #[n(1)]
    secret: Bytes<32>,
    #[n(2)]
    group: Bytes<16>,
    #[n(3)]
    relay: String,
    #[n(4)]
    facilitators: Vec<Bytes<16>>,
    #[n(5)]
    until: i32,
}

/// An invitation that was opened.
#[derive(Debug)]
pub struct InviteLink {
    /// The secret: whoever has it may ask.
    pub secret: InviteSecret,
    /// The group.
    pub group: GroupId,
    /// Where its mailboxes are.
    pub relay: String,
    /// The last day on which it holds.
    pub until: Day,
    /// Fingerprints of those who may answer.
    pub(crate) facilitators: Vec<[u8; 16]>,
}

/// The first 16 bytes of SHA-256 of an account's key.
pub(crate) fn fingerprint(account: &AccountId) -> [u8; 16] {
    let mut print = [0u8; 16];
    print.iter_mut().zip(hash::sha256(account.as_bytes())).for_each(|(to, from)| *to = from);
    print
}

impl InviteLink {
    pub(crate) fn new(
        secret: InviteSecret,
        group: GroupId,
        relay: &str,
        facilitators: impl Iterator<Item = AccountId>,
        until: Day,
    ) -> Self {
        let facilitators =
            facilitators.take(NAMED_MAX).map(|account| fingerprint(&account)).collect();
        Self { secret, group, relay: relay.to_owned(), until, facilitators }
    }

    /// The link as it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes = self.to_bytes();
        let check = hash::sha256(&bytes);
        let all: Vec<u8> = bytes.iter().chain(check.iter().take(4)).copied().collect();
        format!("{LINK_START}{}", base32(&all))
    }

    /// The link as bytes, for a sealed row.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(&Wire {
            version: 1,
            secret: Bytes(*self.secret.expose()),
            group: self.group.into(),
            relay: self.relay.clone(),
            facilitators: self.facilitators.iter().map(|print| Bytes(*print)).collect(),
            until: self.until.0,
        })
    }

    /// Reads the bytes of a link.
    ///
    /// # Errors
    /// [`LinkError`] when they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LinkError> {
        let wire: Wire = read(bytes).ok_or(LinkError::Damaged)?;
        if wire.version != 1 {
            return Err(LinkError::Newer);
        }
        Ok(Self {
            secret: InviteSecret::from_bytes(wire.secret.0),
            group: wire.group.into(),
            relay: wire.relay,
            until: Day(wire.until),
            facilitators: wire.facilitators.iter().map(|print| print.0).collect(),
        })
    }

    /// Reads a link as somebody pasted it: spaces and line breaks in it do not matter.
    ///
    /// # Errors
    /// [`LinkError`] when it is none.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        if text.len() > LINK_MAX {
            return Err(LinkError::NotOurs);
        }
        let text: String = text.split_whitespace().collect();
        let fragment = text.strip_prefix(LINK_START).ok_or(LinkError::NotOurs)?;
        let all = from_base32(fragment).ok_or(LinkError::Damaged)?;
        let (bytes, check) = all
            .len()
            .checked_sub(4)
            .and_then(|at| all.split_at_checked(at))
            .ok_or(LinkError::Damaged)?;
        if hash::sha256(bytes).iter().take(4).ne(check.iter()) {
            return Err(LinkError::Damaged);
        }
        Self::from_bytes(bytes)
    }
}

// RFC 4648 base 32 in lower case, without padding: it survives being typed and being spoken.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits = bits.saturating_add(8);
        while bits >= 5 {
            bits = bits.saturating_sub(5);
            out.push(letter(held >> bits));
            held &= (1u32 << bits).saturating_sub(1);
        }
    }
    if bits > 0 {
        out.push(letter(held << 5u32.saturating_sub(bits)));
    }
    out
}

fn letter(five: u32) -> char {
    let place = usize::try_from(five & 31).unwrap_or_default();
    char::from(LETTERS.get(place).copied().unwrap_or(b'a'))
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for letter in text.bytes() {
        let letter = letter.to_ascii_lowercase();
        let five = LETTERS.iter().position(|known| *known == letter)?;
        held = (held << 5) | u32::try_from(five).ok()?;
        bits = bits.saturating_add(5);
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            out.push(u8::try_from((held >> bits) & 255).ok()?);
            held &= (1u32 << bits).saturating_sub(1);
        }
    }
    (bits < 5 && held == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> InviteLink {
        let bea = AccountId::from_bytes([7; 32]);
        InviteLink::new(
            InviteSecret::from_bytes([9; 32]),
            GroupId::from_bytes([1; 16]),
            "https://relay.example",
            [bea].into_iter(),
            Day(20_000),
        )
    }

    #[test]
    fn a_link_is_read_back_even_when_a_mail_broke_it_into_lines() {
        let text = link().text();
        let (head, tail) = text.split_at(40);
        let read = InviteLink::parse(&format!("  {head}\r\n {tail} ")).unwrap();
        assert_eq!(read.to_bytes(), link().to_bytes());
    }

    #[test]
    fn every_wrong_letter_and_every_missing_end_is_noticed() {
        let text = link().text();
        for at in LINK_START.len()..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = if wrong[at] == b'a' { b'b' } else { b'a' };
            assert!(InviteLink::parse(std::str::from_utf8(&wrong).unwrap()).is_err(), "{at}");
            assert!(InviteLink::parse(text.get(..at).unwrap()).is_err(), "{at}");
        }
        assert_eq!(InviteLink::parse("https://x").unwrap_err(), LinkError::NotOurs);
    }
}

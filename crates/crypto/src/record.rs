//! Records of a group, handshake envelopes, and bodies for some members only.

use crate::envelope::Purpose;
use crate::{EpochSecret, Label, OpenError, RecordKey, hash, label, pad};
use zeroize::Zeroizing;

/// Bytes of the tag that names an epoch.
pub const KID: usize = 8;

/// The two kinds of mailbox that a group has in each generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailboxClass {
    /// Commits.
    Handshake,
    /// Records.
    Content,
}

/// Which group and which mailbox class: a record opens nowhere else.
#[must_use]
pub fn context(group: &[u8; 16], class: MailboxClass) -> [u8; 32] {
    let class: &[u8] = match class {
        MailboxClass::Handshake => b"h",
        MailboxClass::Content => b"c",
    };
    hash::labelled(label::RECORD_CONTEXT, &[group, class])
}

/// The epoch tag that stands in clear in front of a sealed record or handshake.
#[must_use]
pub fn kid_of(sealed: &[u8]) -> Option<[u8; KID]> {
    sealed.split_first().and_then(|(_, rest)| rest.first_chunk::<KID>()).copied()
}

/// Seals a record: padded by Padmé, at least 256 bytes.
#[must_use]
pub fn seal(secret: &EpochSecret, ctx: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    record(&secret.kid(), ctx).seal(secret.expose(), plain)
}

/// Opens a record of this epoch, group and mailbox class.
///
/// # Errors
/// [`OpenError`] when it is anything else.
pub fn open(
    secret: &EpochSecret,
    ctx: &[u8; 32],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    record(&secret.kid(), ctx).open(secret.expose(), sealed)
}

/// Seals a handshake message under the epoch that it ends, padded to multiples of 16 KiB.
#[must_use]
pub fn seal_handshake(secret: &EpochSecret, ctx: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    handshake(&secret.kid(), ctx).seal(secret.expose(), plain)
}

/// Opens a handshake message.
///
/// # Errors
/// [`OpenError`] when it is not one of this epoch and group.
pub fn open_handshake(
    secret: &EpochSecret,
    ctx: &[u8; 32],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    handshake(&secret.kid(), ctx).open(secret.expose(), sealed)
}

/// Seals a body under a random key that only some members are given.
#[must_use]
pub fn seal_body(key: &RecordKey, ctx: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    padded(label::AUDIENCE, &[], ctx).seal(key.expose(), plain)
}

/// Opens a body that is meant for some members only.
///
/// # Errors
/// [`OpenError`] when the key is not its key.
pub fn open_body(
    key: &RecordKey,
    ctx: &[u8; 32],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    padded(label::AUDIENCE, &[], ctx).open(key.expose(), sealed)
}

/// Seals history for one newcomer under a random key.
#[must_use]
pub fn seal_bundle(key: &RecordKey, ctx: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    padded(label::BUNDLE, &[], ctx).seal(key.expose(), plain)
}

/// Opens history that was sealed for a newcomer.
///
/// # Errors
/// [`OpenError`] when the key is not its key.
pub fn open_bundle(
    key: &RecordKey,
    ctx: &[u8; 32],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    padded(label::BUNDLE, &[], ctx).open(key.expose(), sealed)
}

fn padded<'a>(label: Label, tag: &'a [u8], ctx: &'a [u8; 32]) -> Purpose<'a> {
    Purpose { label, tag, ctx, size: |len| pad::padme(len, 256) }
}

fn record<'a>(kid: &'a [u8; KID], ctx: &'a [u8; 32]) -> Purpose<'a> {
    padded(label::RECORD, kid, ctx)
}

fn handshake<'a>(kid: &'a [u8; KID], ctx: &'a [u8; 32]) -> Purpose<'a> {
    Purpose { label: label::HANDSHAKE, tag: kid, ctx, size: |len| pad::to_multiple(len, 16_384) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CTX: [u8; 32] = [9; 32];

    fn secret() -> EpochSecret {
        EpochSecret::from_bytes([5; 32])
    }

    #[test]
    fn r14_a_record_moved_to_another_group_or_mailbox_does_not_open() {
        let here = context(&[1; 16], MailboxClass::Content);
        let sealed = seal(&secret(), &here, b"forty days");
        assert_eq!(open(&secret(), &here, &sealed).unwrap().as_slice(), b"forty days");
        for there in
            [context(&[2; 16], MailboxClass::Content), context(&[1; 16], MailboxClass::Handshake)]
        {
            assert_eq!(open(&secret(), &there, &sealed), Err(OpenError::Commitment));
        }
    }

    #[test]
    fn r15_every_flipped_bit_and_every_cut_is_noticed() {
        let sealed = seal(&secret(), &CTX, b"forty days");
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut bad = sealed.clone();
                bad[at] ^= 1 << bit;
                assert!(open(&secret(), &CTX, &bad).is_err(), "byte {at}");
            }
            assert!(open(&secret(), &CTX, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn another_key_is_refused_by_the_commitment_before_anything_is_opened() {
        let key = RecordKey::generate();
        let sealed = seal_body(&key, &CTX, b"for two people");
        assert_eq!(open_body(&RecordKey::generate(), &CTX, &sealed), Err(OpenError::Commitment));
        assert_eq!(open_bundle(&key, &CTX, &sealed), Err(OpenError::Commitment));
        assert_eq!(open_body(&key, &CTX, &sealed).unwrap().as_slice(), b"for two people");
    }

    #[test]
    fn sizes_are_rounded() {
        assert_eq!(seal(&secret(), &CTX, b"").len(), 1 + 8 + 24 + 32 + 256 + 16);
        assert_eq!(seal_handshake(&secret(), &CTX, b"x").len(), 1 + 8 + 24 + 32 + 16_384 + 16);
        let sealed = seal_handshake(&secret(), &CTX, b"x");
        assert_eq!(open_handshake(&secret(), &CTX, &sealed).unwrap().as_slice(), b"x");
        assert_eq!(kid_of(&sealed), Some(secret().kid()));
        assert_eq!(kid_of(&[1, 2]), None);
    }
}

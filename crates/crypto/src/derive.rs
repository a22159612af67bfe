//! Derivations: HKDF-SHA256 without salt, `info` = label ‖ 0 ‖ each argument after its length.

use crate::{AccountSecret, EpochSecret, Label, SigningKey, label};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// 32 bytes for one purpose. Not public: outside, every purpose has its own function.
pub(crate) fn derive(secret: &[u8], purpose: Label, args: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0u8; 32]);
    expand(None, secret, purpose, args, out.as_mut_slice());
    out
}

/// Fills `out` (at most 64 bytes here) from a secret, a salt and a purpose.
pub(crate) fn expand(
    salt: Option<&[u8]>,
    secret: &[u8],
    purpose: Label,
    args: &[&[u8]],
    out: &mut [u8],
) {
    let mut info = purpose.as_bytes().to_vec();
    info.push(0);
    for arg in args {
        // Lengths keep two lists of arguments from running into the same bytes.
        info.extend_from_slice(&u32::try_from(arg.len()).unwrap_or(u32::MAX).to_be_bytes());
        info.extend_from_slice(arg);
    }
    Hkdf::<Sha256>::new(salt, secret).expand(&info, out).expect("64 bytes are within HKDF's limit");
}

impl AccountSecret {
    /// A person's account key within one group. `n` rises after a removal, so that coming back
    /// cannot be linked to having been there.
    #[must_use]
    pub fn account_key(&self, group: &[u8; 16], n: u32) -> SigningKey {
        let seed = derive(self.expose(), label::ACCOUNT, &[group, &n.to_be_bytes()]);
        SigningKey::from_seed(&seed)
    }

    /// What proves to a relay that the author of a record may delete it. The relay is given its
    /// SHA-256 when the record is sent.
    #[must_use]
    pub fn delete_preimage(&self, record: &[u8; 16]) -> [u8; 32] {
        *derive(self.expose(), label::DELETE, &[record])
    }
}

impl EpochSecret {
    /// The opaque tag that names this epoch on the wire.
    #[must_use]
    pub fn kid(&self) -> [u8; 8] {
        let mut kid = [0u8; 8];
        expand(None, self.expose(), label::KID, &[], &mut kid);
        kid
    }

    /// Id of the handshake mailbox of the generation that begins with this epoch.
    #[must_use]
    pub fn handshake_mailbox(&self) -> [u8; 32] {
        *derive(self.expose(), label::MAILBOX_HANDSHAKE, &[])
    }

    /// Id of the content mailbox of the generation that begins with this epoch.
    #[must_use]
    pub fn content_mailbox(&self) -> [u8; 32] {
        *derive(self.expose(), label::MAILBOX_CONTENT, &[])
    }

    /// The key with which all members of the generation write, so that a relay cannot tell which.
    #[must_use]
    pub fn capability(&self) -> SigningKey {
        SigningKey::from_seed(&derive(self.expose(), label::CAPABILITY, &[]))
    }
}

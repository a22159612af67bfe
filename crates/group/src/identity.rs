//! Who is who: an account vouches for its devices, and tells its name inside the group only.
//!
//! The certificate is the MLS credential itself, so that key, name and person are agreed by all in
//! every epoch (PROTOCOL G2).

use crate::bytes::{Bytes, read, write};
use hearthkeep_crypto::{Signature, SigningKey, VerifyingKey, label};
use hearthkeep_model::{AccountId, Day, DeviceId, GroupId};
use minicbor::{Decode, Encode};

/// Longest name, in bytes.
pub const NAME_MAX: usize = 128;
/// Days that a certificate holds: thirteen months.
const LIFE_DAYS: i32 = 396;
const SEAL_KEY_MAX: usize = 4_096;

/// Why a certificate is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It does not read.
    #[error("a device certificate is malformed")]
    Malformed,
    /// The account did not sign it.
    #[error("a device certificate is not signed by its account")]
    Signature,
    /// It is for another group.
    #[error("a device certificate is for another group")]
    OtherGroup,
    /// The leaf signs with another key.
    #[error("a leaf has another key than its certificate")]
    OtherKey,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Claims {
    #[n(0)]
    version: u8,
    #[n(1)]
    group: Bytes<16>,
    #[n(2)]
    account: Bytes<32>,
    #[n(3)]
    device: Bytes<16>,
    #[n(4)]
    sign_key: Bytes<32>,
    #[cbor(n(5), with = "minicbor::bytes")]
    seal_key: Vec<u8>,
    #[n(6)]
    serial: u32,
    #[n(7)]
    until: i32,
    #[n(8)]
    suite: u16,
    #[n(9)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Signed {
    #[cbor(n(0), with = "minicbor::bytes")]
    claims: Vec<u8>,
    #[n(1)]
    signature: Bytes<64>,
}

/// A device as its account vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// The person.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// The name told inside the group.
    pub name: String,
    /// Rises when it is issued anew.
    pub serial: u32,
    /// The last day on which a commit may bring it in.
    pub until: Day,
    pub(crate) sign_key: VerifyingKey,
    pub(crate) seal_key: Vec<u8>,
}

/// What a new certificate says.
pub(crate) struct Claim<'a> {
    pub(crate) group: GroupId,
    pub(crate) device: DeviceId,
    pub(crate) sign_key: &'a VerifyingKey,
    pub(crate) seal_key: &'a [u8],
    pub(crate) serial: u32,
    pub(crate) today: Day,
    pub(crate) name: &'a str,
}

/// Issues a certificate.
pub(crate) fn issue(account: &SigningKey, claim: &Claim<'_>) -> Vec<u8> {
    let claims = write(&Claims {
        version: 1,
        group: claim.group.into(),
        account: Bytes(account.verifying_key().to_bytes()),
        device: claim.device.into(),
        sign_key: Bytes(claim.sign_key.to_bytes()),
        seal_key: claim.seal_key.to_vec(),
        serial: claim.serial,
        until: claim.today.0.saturating_add(LIFE_DAYS),
        suite: u16::from(crate::mls::SUITE),
        name: claim.name.to_owned(),
    });
    let signature = Bytes(account.sign(label::DEVICE_CERT, &claims).0);
    write(&Signed { claims, signature })
}

impl Certificate {
    /// Reads a certificate and verifies that its account signed it for this group.
    pub(crate) fn verify(bytes: &[u8], group: GroupId) -> Result<Self, CertificateError> {
        let signed: Signed = read(bytes).ok_or(CertificateError::Malformed)?;
        let claims: Claims = read(&signed.claims).ok_or(CertificateError::Malformed)?;
        let whole = claims.version == 1
            && claims.suite == u16::from(crate::mls::SUITE)
            && !claims.name.trim().is_empty()
            && claims.name.len() <= NAME_MAX
            && claims.seal_key.len() <= SEAL_KEY_MAX;
        if !whole {
            return Err(CertificateError::Malformed);
        }
        if GroupId::from(claims.group) != group {
            return Err(CertificateError::OtherGroup);
        }
        let key = |bytes: &Bytes<32>| {
            VerifyingKey::from_bytes(&bytes.0).map_err(|_| CertificateError::Malformed)
        };
        key(&claims.account)?
            .verify(label::DEVICE_CERT, &signed.claims, &Signature(signed.signature.0))
            .map_err(|_| CertificateError::Signature)?;
        Ok(Self {
            account: claims.account.into(),
            device: claims.device.into(),
            name: claims.name,
            serial: claims.serial,
            until: Day(claims.until),
            sign_key: key(&claims.sign_key)?,
            seal_key: claims.seal_key,
        })
    }

    /// Like [`Self::verify`], and the leaf must sign with the certified key.
    pub(crate) fn of_leaf(
        leaf: &crate::mls::LeafFacts,
        group: GroupId,
    ) -> Result<Self, CertificateError> {
        let certificate = Self::verify(&leaf.certificate, group)?;
        if certificate.sign_key.to_bytes().as_slice() == leaf.signature_key.as_slice() {
            Ok(certificate)
        } else {
            Err(CertificateError::OtherKey)
        }
    }
}

//! A key wrapped for one device: HPKE base mode with X-Wing.

use super::{MlsError, SUITE};
use openmls_libcrux_crypto::CryptoProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::HpkeCiphertext;
use zeroize::Zeroizing;

/// The two parts of a wrapped key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrap {
    /// The encapsulation.
    pub(crate) kem: Vec<u8>,
    /// The wrapped key.
    pub(crate) sealed: Vec<u8>,
}

/// The public half of the sealing key that a seed gives.
pub(crate) fn derive_public(seed: &[u8; 32]) -> Result<Vec<u8>, MlsError> {
    let crypto = CryptoProvider::new().map_err(|_| MlsError::Randomness)?;
    let pair = crypto.derive_hpke_keypair(SUITE.hpke_config(), seed).map_err(|_| MlsError::Wrap)?;
    Ok(pair.public)
}

/// Wraps a key for the device with this public key; `info` binds it to its place.
pub(crate) fn seal_wrap(public: &[u8], info: &[u8], key: &[u8; 32]) -> Result<Wrap, MlsError> {
    let crypto = CryptoProvider::new().map_err(|_| MlsError::Randomness)?;
    let sealed = crypto
        .hpke_seal(SUITE.hpke_config(), public, info, &[], key)
        .map_err(|_| MlsError::Wrap)?;
    Ok(Wrap { kem: sealed.kem_output.into(), sealed: sealed.ciphertext.into() })
}

/// Unwraps a key with the private half that the seed gives.
pub(crate) fn open_wrap(
    seed: &[u8; 32],
    info: &[u8],
    wrap: &Wrap,
) -> Result<Zeroizing<[u8; 32]>, MlsError> {
    let crypto = CryptoProvider::new().map_err(|_| MlsError::Randomness)?;
    let config = SUITE.hpke_config();
    let pair = crypto.derive_hpke_keypair(config, seed).map_err(|_| MlsError::Wrap)?;
    let input = HpkeCiphertext {
        kem_output: wrap.kem.clone().into(),
        ciphertext: wrap.sealed.clone().into(),
    };
    let config = SUITE.hpke_config();
    let key = crypto
        .hpke_open(config, &input, &pair.private, info, &[])
        .map_err(|_| MlsError::Wrap)
        .map(Zeroizing::new)?;
    let mut out = Zeroizing::new([0u8; 32]);
    if key.len() != out.len() {
        return Err(MlsError::Wrap);
    }
    out.copy_from_slice(&key);
    Ok(out)
}

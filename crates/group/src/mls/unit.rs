//! OpenMLS's storage as a unit of work: everything happens in memory, and the rows that changed
//! come out for the one transaction that also holds content keys, cursor and outbox.

use super::MlsError;
use openmls_libcrux_crypto::Provider;
use openmls_traits::OpenMlsProvider;
use std::collections::{BTreeMap, HashMap};
use zeroize::Zeroize;

/// A row of OpenMLS's storage, or that it is gone.
pub(crate) type RowChange = (Vec<u8>, Option<Vec<u8>>);

/// The state of one group's key agreement, in memory.
pub(crate) struct Unit {
    provider: Provider,
    /// What was last handed out: the difference to it is what must be kept next.
    kept: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// How the storage was at some moment. Whatever fails after it is undone by going back.
pub(crate) struct Savepoint(HashMap<Vec<u8>, Vec<u8>>);

impl Unit {
    pub(crate) fn load(rows: BTreeMap<Vec<u8>, Vec<u8>>) -> Result<Self, MlsError> {
        let provider = Provider::new().map_err(|_| MlsError::Randomness)?;
        if let Ok(mut values) = provider.storage().values.write() {
            values.extend(rows.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(Self { provider, kept: rows })
    }

    pub(crate) const fn provider(&self) -> &Provider {
        &self.provider
    }

    pub(crate) fn savepoint(&self) -> Savepoint {
        let values = self.provider.storage().values.read();
        Savepoint(values.map(|values| values.clone()).unwrap_or_default())
    }

    pub(crate) fn go_back(&self, mut savepoint: Savepoint) {
        if let Ok(mut values) = self.provider.storage().values.write() {
            std::mem::swap(&mut *values, &mut savepoint.0);
        }
    }

    pub(crate) fn take_changes(&mut self) -> Vec<RowChange> {
        let Ok(values) = self.provider.storage().values.read() else { return Vec::new() };
        let mut changes = Vec::new();
        for (key, value) in values.iter() {
            if self.kept.get(key) != Some(value) {
                changes.push((key.clone(), Some(value.clone())));
            }
        }
        for key in self.kept.keys().filter(|key| !values.contains_key(*key)) {
            changes.push((key.clone(), None));
        }
        for (key, value) in &changes {
            let old = match value {
                Some(value) => self.kept.insert(key.clone(), value.clone()),
                None => self.kept.remove(key),
            };
            old.into_iter().for_each(|mut old| old.zeroize());
        }
        changes.sort();
        changes
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        self.kept.values_mut().for_each(Zeroize::zeroize);
        if let Ok(mut values) = self.provider.storage().values.write() {
            values.values_mut().for_each(Zeroize::zeroize);
        }
    }
}

impl Drop for Savepoint {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

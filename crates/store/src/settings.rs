//! The person's settings: names with values that only client understands.

use crate::{Store, StoreError, Table, Tx};
use hearthkeep_crypto::Zeroizing;

impl Store {
    /// The value of a setting.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its row does not open.
    pub async fn setting(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.get(Table::Settings, &[], name.as_bytes()).await
    }
}

impl Tx {
    /// Gives a setting a value.
    pub fn put_setting(&mut self, name: &str, value: &[u8]) {
        self.put(Table::Settings, &[], name.as_bytes(), value);
    }
}

//! Founding a group.

use super::state::{Meta, entropy};
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::relay::RelayAddress;
use crate::view::GroupRow;
use hearthkeep_group::{Founding, Group};
use hearthkeep_wire::Token;

impl Hearthkeep {
    /// Founds a group on a relay whose operator gave a token.
    ///
    /// # Errors
    /// [`ClientError::NoToken`] when the token is none; [`ClientError::RelayAddress`] when the
    /// address is neither `https://` nor this computer.
    pub async fn found_group(
        &self,
        name: &str,
        own_name: &str,
        relay_url: &str,
        token: &str,
    ) -> Result<GroupRow, ClientError> {
        let relay = relay_address(relay_url)?;
        let token = Token::from_hex(token).ok_or(ClientError::NoToken)?;
        let secret = self.account_secret().await?;
        let founding = Founding { name, own_name, relay: &relay, token };
        let group = Group::found(&founding, &secret, &mut entropy(), self.clock().now())?;
        let id = group.id();
        // Whoever founds a group has read it on the way.
        let meta = Meta { watch_read: false, keepsake: None, has_state: true };
        self.add_group(id, meta, Some(group)).await?;
        self.group_row(id).await
    }
}

/// An address that may be spoken to, as it is kept.
pub(super) fn relay_address(text: &str) -> Result<String, ClientError> {
    Ok(RelayAddress::parse(text).map_err(|_| ClientError::RelayAddress)?.url(""))
}

//! Coming in: an invitation that was opened, a request, and coming back after a loss.

use super::state::{Meta, entropy};
use crate::hearthkeep::Hearthkeep;
use crate::view::{AskedToJoin, InvitationView};
use crate::{ClientError, Event};
use hearthkeep_group::{Group, InviteLink, Keepsake, Unsent};
use hearthkeep_model::{GroupId, Moment, Timestamp};
use hearthkeep_store::Table;

const SCOPE: &[u8] = b"invitation";
const KEY: &[u8] = b"open";
const DAY_MS: i64 = 86_400_000;

impl Hearthkeep {
    /// Opens a link. Before there is a vault it is kept in memory, afterwards as a sealed row.
    ///
    /// # Errors
    /// [`hearthkeep_group::LinkError`] when it is none.
    pub async fn open_invitation(&self, link: &str) -> Result<InvitationView, ClientError> {
        let link = InviteLink::parse(link).map_err(hearthkeep_group::GroupError::from)?;
        *lock(&self.inner.invitation) = Some(link.to_bytes());
        self.keep_invitation().await?;
        self.tell(Event::Groups);
        Ok(self.view(&link))
    }

    /// Puts an invitation that came before the vault into it, once it is open.
    pub(crate) async fn keep_invitation(&self) -> Result<(), ClientError> {
        let Ok(store) = self.store() else { return Ok(()) };
        let bytes = lock(&self.inner.invitation).clone();
        let Some(bytes) = bytes else { return Ok(()) };
        let mut tx = store.begin().await?;
        tx.put(Table::GroupMeta, SCOPE, KEY, &bytes);
        tx.commit().await?;
        *lock(&self.inner.invitation) = None;
        Ok(())
    }

    /// Whether an invitation waits for the vault to be there.
    pub(crate) fn invitation_waits(&self) -> bool {
        lock(&self.inner.invitation).is_some()
    }

    async fn open_link(&self) -> Result<Option<InviteLink>, ClientError> {
        self.keep_invitation().await?;
        let waiting = lock(&self.inner.invitation).clone();
        let bytes = match waiting {
            Some(bytes) => Some(bytes),
            None => {
                let row = self.store()?.get(Table::GroupMeta, SCOPE, KEY).await?;
                row.map(|row| row.to_vec())
            }
        };
        Ok(bytes.and_then(|bytes| InviteLink::from_bytes(&bytes).ok()))
    }

    /// The invitation that was opened, if there is one.
    ///
    /// # Errors
    /// When its row does not open.
    pub async fn invitation(&self) -> Result<Option<InvitationView>, ClientError> {
        if self.store().is_err() {
            let bytes = lock(&self.inner.invitation).clone();
            let link = bytes.and_then(|bytes| InviteLink::from_bytes(&bytes).ok());
            return Ok(link.map(|link| self.view(&link)));
        }
        Ok(self.open_link().await?.map(|link| self.view(&link)))
    }

    fn view(&self, link: &InviteLink) -> InvitationView {
        // The last day on which it holds, in the evening.
        let end = i64::from(link.until.0).saturating_add(1).saturating_mul(DAY_MS);
        let until = Timestamp(end.saturating_sub(1_000));
        let now = self.clock().now();
        InvitationView {
            relay: link.relay.clone(),
            until: Moment::new(until, self.clock().offset_min(until)).rfc3339(),
            expired: now.0 >= end,
        }
    }

    /// Asks to come in with the invitation that was opened.
    ///
    /// # Errors
    /// [`ClientError::NoInvitation`]; [`hearthkeep_group::GroupError::Expired`].
    pub async fn ask_to_join(&self, own_name: &str) -> Result<AskedToJoin, ClientError> {
        let link = self.open_link().await?.ok_or(ClientError::NoInvitation)?;
        super::found::relay_address(&link.relay)?;
        if let Ok(room) = self.room(link.group).await
            && room
                .group
                .as_ref()
                .is_some_and(|group| group.standing() == hearthkeep_group::Standing::In)
        {
            return Err(ClientError::AlreadyInside);
        }
        let secret = self.account_secret().await?;
        let now = self.clock().now();
        let n = self.account_number(link.group).await?;
        let group = Group::ask(&link, own_name, &secret, n, &mut entropy(), now)?;
        let asked = self.asked(group).await?;
        self.forget_invitation().await?;
        Ok(asked)
    }

    // After a removal one comes as another account, so that nobody can link the two.
    async fn account_number(&self, id: GroupId) -> Result<u32, ClientError> {
        let Ok(room) = self.room(id).await else { return Ok(0) };
        let Some(group) = room.group.as_ref() else { return Ok(0) };
        let gone = matches!(
            group.standing(),
            hearthkeep_group::Standing::Removed | hearthkeep_group::Standing::Left
        );
        Ok(group.account_number().saturating_add(u32::from(gone)))
    }

    async fn asked(&self, group: Group) -> Result<AskedToJoin, ClientError> {
        let id = group.id();
        let words = group.own_words().unwrap_or_default();
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        self.keep_what_never_left(id).await?;
        let known = match self.room(id).await {
            Ok(room) => room.meta.clone(),
            Err(_) => Meta::default(),
        };
        self.add_group(id, Meta { has_state: true, ..known }, Some(group)).await?;
        self.outbox(id);
        Ok(AskedToJoin { group: id.to_string(), words })
    }

    // The state of an earlier membership goes, and with it what waited there. Its words are drafts
    // from then on: reflections that nobody is chosen for yet, and answers in their boxes.
    async fn keep_what_never_left(&self, id: GroupId) -> Result<(), ClientError> {
        let Ok(unsent) = self.look_at(id, Group::unsent).await else { return Ok(()) };
        for words in unsent {
            match words {
                Unsent::Note(content) => {
                    self.keep_unsent(None, &super::share::request_of(id, content)).await?;
                }
                Unsent::Answer(note, text) => {
                    let place = format!("answer:{note}");
                    let begun = self.kept_words(&place).await?;
                    let text = begun.map_or(text.clone(), |begun| format!("{begun}\n\n{text}"));
                    self.keep_words(&place, &text).await?;
                }
            }
        }
        Ok(())
    }

    /// Forgets the invitation that was opened.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn forget_invitation(&self) -> Result<(), ClientError> {
        *lock(&self.inner.invitation) = None;
        if let Ok(store) = self.store() {
            let mut tx = store.begin().await?;
            tx.delete(Table::GroupMeta, SCOPE, KEY);
            tx.commit().await?;
        }
        self.tell(Event::Groups);
        Ok(())
    }

    /// Asks to come back to a group that a backup knows.
    ///
    /// # Errors
    /// [`ClientError::NoSuchGroup`] when nothing is known of it.
    pub async fn ask_to_come_back(&self, group: &str) -> Result<AskedToJoin, ClientError> {
        let id: GroupId = group.parse()?;
        let keepsake = {
            let room = self.room(id).await?;
            let own = room.group.as_ref().and_then(Group::keepsake);
            let kept = room.meta.keepsake.as_deref().and_then(Keepsake::from_bytes);
            own.or(kept).ok_or(ClientError::NoSuchGroup)?
        };
        let secret = self.account_secret().await?;
        let group = Group::ask_back(&keepsake, &secret, &mut entropy(), self.clock().now())?;
        self.asked(group).await
    }
}

fn lock<T>(place: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    place.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

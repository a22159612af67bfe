//! Pictures of entries: sealed apart from the text, never on the disk in clear.

use crate::ClientError;
use crate::hearthkeep::{Hearthkeep, blocking};
use hearthkeep_crypto::{Zeroizing, random_bytes};
use hearthkeep_model::{AttachmentId, EntryId};
use hearthkeep_store::{AttachmentMeta, StoreError};

/// A picture as a screen shows it.
#[derive(Clone)]
pub struct Picture {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Picture(…)")
    }
}

impl Hearthkeep {
    /// Seals a picture for an entry; answers its id. What the bytes are is read from the bytes:
    /// a name may lie.
    ///
    /// # Errors
    /// [`ClientError::NotAPicture`], [`StoreError::TooLarge`], [`StoreError::NoEntry`].
    pub async fn attach(
        &self,
        entry: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<String, ClientError> {
        let (entry, store): (EntryId, _) = (entry.parse()?, self.store()?);
        let media_type = picture_type(&bytes).ok_or(ClientError::NotAPicture)?;
        store.head(entry).ok_or(StoreError::NoEntry(entry))?;
        let id = AttachmentId::from_bytes(random_bytes());
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        let file = store.clone();
        let meta = blocking(move || {
            let bytes = Zeroizing::new(bytes);
            file.write_attachment(id, &bytes)?;
            Ok::<_, StoreError>(AttachmentMeta::of(id, entry, &name, media_type, &bytes))
        })
        .await??;
        let mut tx = store.begin().await?;
        tx.put_attachment(&meta);
        let changes = tx.commit().await?;
        self.tell_changes(&changes);
        Ok(id.to_string())
    }

    /// A picture, opened.
    ///
    /// # Errors
    /// [`StoreError::NoAttachment`], [`StoreError::Damaged`].
    pub async fn picture(&self, id: &str) -> Result<Picture, ClientError> {
        let (id, store): (AttachmentId, _) = (id.parse()?, self.store()?);
        let meta = store.attachment(id).await?;
        let bytes = blocking(move || store.read_attachment(id)).await??;
        Ok(Picture { media_type: meta.media_type, bytes })
    }
}

/// The kind of picture, by its first bytes. No kind that can hold a script.
pub(crate) fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let box_type = bytes.get(4..12).unwrap_or_default();
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some("image/gif")
    } else if webp {
        Some("image/webp")
    } else if matches!(box_type, b"ftypavif") {
        Some("image/avif")
    } else if matches!(box_type, b"ftypheic" | b"ftypheix" | b"ftypmif1") {
        Some("image/heic")
    } else {
        None
    }
}

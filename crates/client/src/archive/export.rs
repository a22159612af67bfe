//! Entries written out in clear, because the person asked for it.

use super::gather;
use crate::ClientError;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::view::{ExportFormat, Exported, Progress};
use hearthkeep_archive::export::{self, ExportWriter};
use std::path::Path;
use tokio::runtime::Handle;

impl Hearthkeep {
    /// Writes all entries but those in the drawer into a new or empty folder.
    ///
    /// # Errors
    /// [`hearthkeep_archive::ArchiveError::Exists`] when something lies there;
    /// [`ClientError::Stopped`]: then what was written stays, it is the person's.
    pub async fn export(
        &self,
        folder: &Path,
        format: ExportFormat,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Exported, ClientError> {
        let store = self.store()?;
        let told = self.inner.tasks.begin(tell)?;
        let (folder, runtime) = (folder.to_owned(), Handle::current());
        let format = match format {
            ExportFormat::Markdown => export::ExportFormat::Markdown,
            ExportFormat::Json => export::ExportFormat::Json,
        };
        let (entries, pictures) = blocking(move || {
            let mut writer = ExportWriter::begin(&folder, format)?;
            let heads: Vec<_> =
                store.heads().into_iter().filter(|head| head.trashed.is_none()).collect();
            let total = u32::try_from(heads.len()).unwrap_or(u32::MAX);
            for (done, head) in (0u32..).zip(heads) {
                let entry = runtime.block_on(gather::entry(&store, head.id))?;
                writer.entry(&entry)?;
                for item in &entry.attachments {
                    // A picture that does not open is listed as damaged; the words are here.
                    if let Ok(bytes) = store.read_attachment(item.id) {
                        writer.picture(item, &mut bytes.as_slice())?;
                    }
                }
                if told.progress(done, total).is_break() {
                    return Err(ClientError::Stopped);
                }
            }
            Ok(writer.finish()?)
        })
        .await??;
        Ok(Exported { entries, pictures })
    }
}

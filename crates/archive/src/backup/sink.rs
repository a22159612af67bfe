//! To whom a backup is told as it is read.

use crate::item::{EntryItem, ErasedItem, GroupItem, GroupRow};
use hearthkeep_model::{AttachmentId, GroupId};
use std::io::Read;
use std::ops::ControlFlow;

/// Who is told what a backup holds. Nothing of it may be believed before the reading ended well:
/// what was made of it until then is thrown away when it does not.
pub trait RestoreSink {
    /// The person's settings.
    fn settings(&mut self, values: serde_json::Value) -> ControlFlow<()>;
    /// An entry.
    fn entry(&mut self, entry: EntryItem) -> ControlFlow<()>;
    /// An entry that was erased.
    fn erased(&mut self, erased: ErasedItem) -> ControlFlow<()>;
    /// A group; its rows follow.
    fn group(&mut self, group: GroupItem) -> ControlFlow<()>;
    /// A kept row of a group.
    fn row(&mut self, group: GroupId, row: GroupRow) -> ControlFlow<()>;
    /// A picture of this size; its entry was told before.
    fn picture(&mut self, id: AttachmentId, size: u64, content: &mut dyn Read) -> ControlFlow<()>;
}

/// Nobody listens: what is proved is only compared.
pub(crate) struct Nobody;

impl RestoreSink for Nobody {
    fn settings(&mut self, _: serde_json::Value) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn entry(&mut self, _: EntryItem) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn erased(&mut self, _: ErasedItem) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn group(&mut self, _: GroupItem) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: GroupId, _: GroupRow) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn picture(&mut self, _: AttachmentId, _: u64, _: &mut dyn Read) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

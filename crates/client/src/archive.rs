//! Imports, exports, backups: one long task at a time, which tells how far it is and can be stopped.

mod backup;
mod daily;
mod export;
mod fit;
mod gather;
mod import;
mod kept;
mod restore;
mod task;

pub(crate) use gather::whole_entry;
pub(crate) use task::Tasks;

//! Keys as types. None can be printed, copied or written out by accident, and all are wiped.

use crate::derive::derive;
use crate::{Label, label, random_bytes};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

macro_rules! key_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Takes 32 bytes as they are.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// A new random one.
            #[must_use]
            pub fn generate() -> Self {
                Self(random_bytes())
            }

            /// The bytes, for sealing them or handing them to the one library that needs them.
            #[must_use]
            pub const fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

key_type!(
    /// Opens everything of one profile on one computer. Wrapped in slots.
    ProfileKey
);
key_type!(
    /// A person's identity: account keys of all groups come from it. Survives restoring.
    AccountSecret
);
key_type!(
    /// The identity to which backups are sealed.
    BackupIdentitySeed
);
key_type!(
    /// Seals the rows of one table.
    TableKey
);
key_type!(
    /// Seals the files of the search index.
    IndexKey
);
key_type!(
    /// Seals attachments.
    AttachmentKey
);
key_type!(
    /// Makes the ids on disk.
    IdKey
);
key_type!(
    /// What the members of a group share during one epoch.
    EpochSecret
);
key_type!(
    /// Opens one body that is meant for some members only, or one attachment of a group.
    RecordKey
);
key_type!(
    /// The secret in an invitation's link.
    InviteSecret
);

impl ProfileKey {
    /// Key of the rows of a table.
    #[must_use]
    pub fn table_key(&self, table: Label) -> TableKey {
        TableKey(*derive(&self.0, table, &[]))
    }

    /// Key of the search index.
    #[must_use]
    pub fn index_key(&self) -> IndexKey {
        IndexKey(*derive(&self.0, label::INDEX_KEY, &[]))
    }

    /// Key of attachments.
    #[must_use]
    pub fn attachment_key(&self) -> AttachmentKey {
        AttachmentKey(*derive(&self.0, label::ATTACHMENT_KEY, &[]))
    }

    /// Key of the ids on disk.
    #[must_use]
    pub fn id_key(&self) -> IdKey {
        IdKey(*derive(&self.0, label::ID_KEY, &[]))
    }
}

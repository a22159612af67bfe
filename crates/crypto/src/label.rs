//! Every label of the house. A label separates one use of a key from all others.
//!
//! A label can be made only here, so that this page is the whole list (FORMATS, "Labels").
//! A label is never changed and never used for a second purpose.

use std::fmt;

/// One use of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(&'static str);

impl Label {
    /// The label as the bytes that enter a derivation, a signature or associated data.
    #[must_use]
    pub const fn as_bytes(self) -> &'static [u8] {
        self.0.as_bytes()
    }

    /// The label as text, for error messages and tests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! labels {
    ($($name:ident $text:literal $doc:literal,)*) => {
        $(#[doc = $doc] pub const $name: Label = Label($text);)*

        /// All labels, in the order of this page.
        pub const ALL: &[Label] = &[$($name,)*];
    };
}

labels! {
    // Keys below the profile key.
    INDEX_KEY "hearthkeep/key/index/v1" "Key of the search index.",
    ATTACHMENT_KEY "hearthkeep/key/attachment/v1" "Key of sealed attachments.",
    ID_KEY "hearthkeep/key/id/v1" "Key of the ids on disk.",
    SLOT_PLAN_KEY "hearthkeep/key/slot-plan/v1" "Key of the slot file's last part.",
    SECRETS_KEY "hearthkeep/key/secrets/v1" "Key of account secret and backup identity at rest.",
    // Slots of the profile key.
    SLOT "hearthkeep/slot/v1" "A slot that wraps the profile key.",
    SLOT_WORDS "hearthkeep/slot/words/v1" "The wrapping key that 24 words give.",
    SLOT_PASSPHRASE "hearthkeep/slot/passphrase/v1" "The wrapping key that a passphrase gives.",
    // Tables of the vault.
    ROW_CHECK "hearthkeep/row/check/v1" "The row that tells the right key from a wrong one.",
    ROW_ENTRY "hearthkeep/row/entry/v1" "Text and fields of an entry.",
    ROW_PAGE "hearthkeep/row/page/v1" "A page of 256 list headers.",
    ROW_VERSION "hearthkeep/row/version/v1" "An earlier state of an entry.",
    ROW_VERSION_HEAD "hearthkeep/row/version-head/v1" "What a list shows of an earlier state.",
    ROW_ATTACHMENT "hearthkeep/row/attachment/v1" "Name, type and size of an attachment.",
    ROW_SETTINGS "hearthkeep/row/settings/v1" "The person's settings.",
    ROW_SECRETS "hearthkeep/row/secrets/v1" "Account secret and backup identity.",
    ROW_GROUP_STATE "hearthkeep/row/group-state/v1" "State of a group.",
    ROW_GROUP_RECORD "hearthkeep/row/group-record/v1" "A record of a group, opened and verified.",
    ROW_CONTENT_KEY "hearthkeep/row/content-key/v1" "Secret of an epoch.",
    ROW_OUTBOX "hearthkeep/row/outbox/v1" "What waits to be sent.",
    ROW_CURSOR "hearthkeep/row/cursor/v1" "How far a mailbox was read.",
    ROW_GROUP_META "hearthkeep/row/group-meta/v1" "What is kept about a group beside its state.",
    ROW_DRAFT "hearthkeep/row/draft/v1" "What was written and has not left.",
    ROW_QUARANTINE "hearthkeep/row/quarantine/v1" "What was refused, with its bytes.",
    ROW_KEY "hearthkeep/row/key/v1" "The clear key of a row of a group, beside its value.",
    // Ids on disk.
    ID_ENTRY "hearthkeep/id/entry/v1" "Name of an entry's row.",
    ID_VERSION "hearthkeep/id/version/v1" "Name of a version's row.",
    ID_ATTACHMENT "hearthkeep/id/attachment/v1" "Name of an attachment's row and file.",
    ID_SCOPE "hearthkeep/id/scope/v1" "Name of a scope in a group's table.",
    ID_ROW "hearthkeep/id/row/v1" "Name of a row in a group's table.",
    ID_FILE "hearthkeep/id/file/v1" "Name of an index file.",
    // Files.
    FILE_INDEX "hearthkeep/file/index/v1" "A file of the search index.",
    FILE_ATTACHMENT "hearthkeep/file/attachment/v1" "A sealed attachment.",
    // Groups.
    EPOCH_EXPORT "hearthkeep/epoch/v1" "The secret that MLS exports for an epoch.",
    KID "hearthkeep/kid/v1" "The tag that names an epoch on the wire.",
    RECORD "hearthkeep/rec/v1" "A record: its key, and its signature.",
    HANDSHAKE "hearthkeep/hs/v1" "A handshake message in its envelope.",
    BUNDLE "hearthkeep/bundle/v1" "History for a newcomer.",
    AUDIENCE "hearthkeep/audience/v1" "A body for some members only.",
    RECORD_CONTEXT "hearthkeep/ctx/v1" "Which group and which mailbox class a record is for.",
    MAILBOX_HANDSHAKE "hearthkeep/mbx/h/v1" "Id of a generation's handshake mailbox.",
    MAILBOX_CONTENT "hearthkeep/mbx/c/v1" "Id of a generation's content mailbox.",
    CAPABILITY "hearthkeep/cap/v1" "The key with which a generation's members write.",
    MAILBOX_ADMIN "hearthkeep/adm/v1" "The key with which facilitators undo a bogus rotation.",
    ACCOUNT "hearthkeep/account/v1" "A person's account key within one group.",
    DELETE "hearthkeep/delete/v1" "What proves to a relay that one may delete a record.",
    DEVICE_CERT "hearthkeep/device-cert/v1" "An account vouches for a device.",
    LEAVE "hearthkeep/leave/v1" "Somebody says that they leave the group.",
    BUNDLE_SIGNATURE "hearthkeep/welcome-sig/v1" "Signature over what a newcomer is given.",
    ANSWER_KEY "hearthkeep/answer/v1" "Key of an answer, from the key of what it answers.",
    DOOR "hearthkeep/door/v1" "The door by which members come back.",
    CHECK_WORDS "hearthkeep/check/v1" "The words that a group compares.",
    JOIN_WORDS "hearthkeep/join-words/v1" "The words that two people compare before letting in.",
    // Invitations.
    INVITE_SIGN "hearthkeep/invite/sig/v1" "The key that signs a request to join.",
    INVITE_DROP "hearthkeep/invite/drop/v1" "Id of the drop of an invitation.",
    INVITE_CAP "hearthkeep/invite/cap/v1" "The key with which both sides use the drop.",
    INVITE_REQUEST "hearthkeep/invite/req/v1" "A request to join.",
    INVITE_WELCOME "hearthkeep/invite/wel/v1" "The answer to a request.",
    INVITE_REQUEST_SIGNATURE "hearthkeep/invite/req-sig/v1" "Signature over a request to join.",
    // Backups.
    BACKUP_MANIFEST "hearthkeep/backup/manifest/v1" "The manifest's HMAC.",
    BACKUP_IDENTITY "hearthkeep/backup/identity/v1" "The age identity of backups.",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_label_serves_two_purposes_and_none_begins_another() {
        let unique: BTreeSet<_> = ALL.iter().collect();
        assert_eq!(unique.len(), ALL.len());
        for a in ALL {
            let clash = ALL.iter().find(|b| a != *b && b.as_str().starts_with(a.as_str()));
            assert_eq!(clash, None, "{a:?} begins another label");
        }
    }
}

//! Groups, people, reflections, and what is under way.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RoleView {
    /// Lets people in and removes them.
    Facilitator,
    /// Reads and writes.
    Member,
    /// Reads.
    Reader,
}

/// Where this computer stands with a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Asked to come in; a facilitator has not let us in yet.
    Asking,
    /// In the group.
    In,
    /// Was removed by somebody.
    Removed,
    /// Left.
    Left,
    /// Was away for longer than the relay keeps what the way back in needs.
    LongAway,
    /// Known from a backup; asks to come back are possible.
    Away,
}

/// A group in the side bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GroupRow {
    /// Group id, hexadecimal.
    pub id: String,
    /// The name told inside the group.
    pub name: String,
    /// Where we stand.
    pub standing: Standing,
    /// Something came that was not read.
    pub unread: bool,
    /// Somebody asks to come in, and this member may let them.
    pub somebody_asks: bool,
    /// "Nobody watches here" was read.
    pub watch_note_read: bool,
    /// The relay shows what it showed before, and everybody the same. Where not, nothing more is
    /// sent in this group.
    pub trusted: bool,
}

/// A group with its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// The row of the side bar.
    pub row: GroupRow,
    /// Own role.
    pub role: RoleView,
    /// Own member id.
    pub me: String,
    /// Everybody, oneself among them.
    pub members: Vec<MemberRow>,
    /// Those who ask to come in (facilitators only).
    pub requests: Vec<RequestRow>,
    /// The twelve words of the group check.
    pub check_words: Vec<String>,
    /// Where the group's relay is.
    pub relay: String,
    /// This member has asked to leave and is still inside.
    pub going: Option<GoingView>,
}

/// What leaving waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum GoingView {
    /// Another member's device sees it and completes it.
    Soon,
    /// The last facilitator stays until somebody else is one.
    OnceSomebodyLeads,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MemberRow {
    /// Account id, hexadecimal.
    pub id: String,
    /// The name told inside the group.
    pub name: String,
    /// Role.
    pub role: RoleView,
    /// Devices in the tree.
    pub devices: u16,
}

/// Somebody asks to come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RequestRow {
    /// Request id, hexadecimal.
    pub id: String,
    /// The name they gave.
    pub name: String,
    /// Eight words that both sides compare by voice.
    pub words: Vec<String>,
    /// It is a member of earlier who comes back: the same account, or the name they say they had.
    pub comes_back: bool,
    /// The link was used more than once: somebody else may have it.
    pub link_used_twice: bool,
}

/// An invitation that was opened here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// Where the group's relay is.
    pub relay: String,
    /// Until when it holds, RFC 3339.
    pub until: String,
    /// It has expired.
    pub expired: bool,
}

/// The eight words to compare while one waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AskedToJoin {
    /// The group, as known until one is in.
    pub group: String,
    /// The words.
    pub words: Vec<String>,
}

/// How the author wishes to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WishView {
    /// No words back.
    JustListen,
    /// How it was for the reader.
    HowWasItForYou,
    /// At most two questions.
    AskMe,
    /// Words and advice.
    AdviceIsWelcome,
    /// An offer to call.
    PleaseCallMe,
}

/// A reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ReactionView {
    /// Heard you.
    Heard,
    /// With you.
    With,
    /// I know this.
    MeToo,
    /// A candle.
    Candle,
    /// Thank you.
    Thanks,
}

/// What a content note says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind", content = "words")]
pub enum ContentNoteView {
    /// Suicide, or the wish to die.
    Suicide,
    /// Self-harm.
    SelfHarm,
    /// Death and dying.
    Death,
    /// Loss of a pregnancy or a child.
    LossOfChild,
    /// Violence.
    Violence,
    /// Violence at home.
    ViolenceAtHome,
    /// Sexual violence.
    SexualViolence,
    /// Harm in childhood.
    ChildhoodHarm,
    /// Drink or drugs in detail.
    Substances,
    /// Gambling.
    Gambling,
    /// Food, weight, body.
    Body,
    /// Illness and hospital.
    Illness,
    /// Panic.
    Panic,
    /// Faith and harm.
    Faith,
    /// Racism or hate.
    Hate,
    /// Harm to animals.
    Animals,
    /// Own words.
    Own(String),
}

/// What is about to be shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShareRequest {
    /// The group.
    pub group: String,
    /// Exactly what they will see, in Markdown.
    pub text: String,
    /// Account ids; empty means everybody in the group.
    pub audience: Vec<String>,
    /// The wish.
    pub wish: WishView,
    /// Up to three.
    pub content_notes: Vec<ContentNoteView>,
    /// The entry that it was taken from, if any. Only this computer knows.
    pub entry: Option<String>,
    /// Who joins later may be given it.
    pub shareable: bool,
}

/// What was written for a group and has not left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Unsent {
    /// The draft's id.
    pub id: String,
    /// What would be shared.
    pub request: ShareRequest,
}

/// Where a reflection of one's own stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Leaving {
    /// Held back for some seconds; it can be stopped.
    Waiting,
    /// In the outbox.
    Outbox,
    /// On the relay.
    Sent,
}

/// A reflection in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReflectionView {
    /// Note id, hexadecimal.
    pub id: String,
    /// Its author's account id.
    pub author: String,
    /// The name told inside the group.
    pub author_name: String,
    /// It is one's own.
    pub mine: bool,
    /// The day, ISO 8601. Hours are not told.
    pub day: String,
    /// Its text in Markdown; empty once taken back.
    pub text: String,
    /// The wish.
    pub wish: WishView,
    /// Content notes.
    pub content_notes: Vec<ContentNoteView>,
    /// Names of those who can read it; empty means everybody in the group.
    pub readers: Vec<String>,
    /// It was corrected by its author.
    pub corrected: bool,
    /// What has become of it.
    pub state: NoteState,
    /// Reactions in the order they came.
    pub reactions: Vec<ReactionRow>,
    /// Answers in words, one level deep.
    pub answers: Vec<AnswerView>,
    /// How one may answer: with words of this many characters at most, or not with words.
    pub may_answer: Option<u32>,
    /// Reactions that one may give.
    pub may_react: Vec<ReactionView>,
    /// For one's own that was taken back: who has removed it, and of how many.
    pub removed_by: Vec<String>,
    /// Devices that were asked to remove it.
    pub removal_asked: u16,
}

/// What has become of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum NoteState {
    /// Leaves in so many seconds.
    Waiting {
        /// Seconds.
        seconds: u16,
    },
    /// In the outbox.
    Outbox,
    /// Readable.
    There,
    /// Taken back by its author.
    TakenBack,
    /// One's own, whose taking back was under way when one's place in the group ended.
    NotTakenBack {
        /// It may have arrived.
        perhaps: bool,
    },
    /// Made by a newer Hearthkeep; kept as it is.
    Newer,
}

/// One person's reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReactionRow {
    /// Account id.
    pub member: String,
    /// Name.
    pub name: String,
    /// Which.
    pub reaction: ReactionView,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    /// Note id of the answer.
    pub id: String,
    /// Account id.
    pub author: String,
    /// Name.
    pub author_name: String,
    /// It is one's own.
    pub mine: bool,
    /// The day.
    pub day: String,
    /// Its text in Markdown.
    pub text: String,
    /// It was corrected.
    pub corrected: bool,
    /// It has not left yet.
    pub waits: bool,
}

/// The one light.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SyncLight {
    /// No group yet: all saved.
    Saved,
    /// All saved, all sent.
    Sent,
    /// Saved here, on its way.
    Sending,
    /// Held back, and why.
    HeldBack {
        /// Why.
        why: HeldWhy,
        /// Group id.
        group: String,
    },
    /// The relay does not answer.
    Unreachable {
        /// Group id.
        group: String,
    },
    /// The relay does not show all that was written.
    Withheld {
        /// Group id.
        group: String,
    },
    /// The relay shows different people different things.
    Forked {
        /// Group id.
        group: String,
    },
}

/// Why something is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HeldWhy {
    /// Somebody who must be removed is still in the tree.
    RemovalPending,
    /// The quota of the relay is used up.
    Quota,
    /// One's own newer records are in the log: this profile is an old copy.
    OldCopy,
}

/// A typed finding that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlarmView {
    /// Alarm id.
    pub id: String,
    /// Group id.
    pub group: String,
    /// What was found.
    pub kind: AlarmKind,
    /// The member concerned, by name, where there is one.
    pub member: Option<String>,
    /// When it was found, RFC 3339.
    pub at: String,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AlarmKind {
    /// A record of this member is missing.
    Gap,
    /// The log was shortened.
    Withheld,
    /// The relay's log has two pasts.
    RelayFork,
    /// One device wrote two different records in one place.
    Equivocation,
    /// A record does not carry its author's signature.
    Signature,
    /// A record was made to open differently for different people.
    Commitment,
    /// A record of a role that may not write it.
    Role,
    /// A commit was refused by the group's rules.
    CommitRefused,
    /// A record is malformed.
    Malformed,
    /// An invitation was used twice.
    LinkUsedTwice,
    /// A record of somebody removed, beyond the cut.
    BeyondCut,
}

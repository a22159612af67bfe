//! What is shared with a group: who may read it, and how its author wishes to be answered.

use crate::AccountId;

/// How the author of a reflection wishes to be answered. Every client refuses what does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wish {
    /// No words back; reactions only.
    JustListen,
    /// Words about how it was for the reader.
    HowWasItForYou,
    /// At most two questions of up to 280 characters from each reader.
    AskMe,
    /// Words, advice among them.
    AdviceIsWelcome,
    /// An offer to call.
    PleaseCallMe,
}

/// A reaction. Shown as names in the order they came, never as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reaction {
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

/// What a reflection holds that a reader may wish to know before opening it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentNote {
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
    /// The author's own words, up to 60 characters.
    Own(String),
}

/// Who can read a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the group.
    Group,
    /// These people, and its author.
    Some(Vec<AccountId>),
}

//! What three people tell each other in a month.

use crate::circle::Name;
use hearthkeep_client::view::{ContentNoteView, ReactionView, WishView};

/// An evening on which somebody shares, and what comes back.
pub(crate) struct Day {
    /// How many days ago.
    pub(crate) ago: i64,
    /// The local time.
    pub(crate) hour: &'static str,
    pub(crate) author: Name,
    pub(crate) words: &'static str,
    pub(crate) wish: WishView,
    pub(crate) notes: &'static [ContentNoteView],
    pub(crate) reactions: &'static [(Name, ReactionView)],
    pub(crate) answers: &'static [(Name, &'static str)],
}

pub(crate) const DAYS: &[Day] = &[
    Day {
        ago: 27,
        hour: "20:15",
        author: Name::Noor,
        words: "I am here because my sister said three people are enough for a group. So: hello. I do not have much to say yet.",
        wish: WishView::HowWasItForYou,
        notes: &[],
        reactions: &[(Name::Ada, ReactionView::With)],
        answers: &[(Name::Ben, "I said nothing for my first two weeks, and nobody counted.")],
    },
    Day {
        ago: 21,
        hour: "21:05",
        author: Name::Ada,
        words: "I told the doctor about the bridges. She did not write anything down while I said it, and that was the kindest part.",
        wish: WishView::JustListen,
        notes: &[ContentNoteView::Suicide],
        reactions: &[(Name::Ben, ReactionView::Heard), (Name::Noor, ReactionView::Candle)],
        answers: &[],
    },
    Day {
        ago: 17,
        hour: "19:30",
        author: Name::Ben,
        words: "Yesterday was a hard day. Today I am telling you about it, and that is all I had planned for today.",
        wish: WishView::JustListen,
        notes: &[],
        reactions: &[(Name::Noor, ReactionView::With), (Name::Ada, ReactionView::Heard)],
        answers: &[],
    },
    Day {
        ago: 12,
        hour: "18:10",
        author: Name::Noor,
        words: "Evenings are long from six to nine. What do you do with yours?",
        wish: WishView::AdviceIsWelcome,
        notes: &[],
        reactions: &[(Name::Ben, ReactionView::MeToo)],
        answers: &[
            (
                Name::Ada,
                "The long way home, by the lit street. By the time I am in, it is seven already.",
            ),
            (
                Name::Ben,
                "Something for the hands. I sand a board. It does not get better, but the evening passes.",
            ),
            (Name::Noor, "I will try the lit street. Thank you both."),
        ],
    },
    Day {
        ago: 7,
        hour: "22:05",
        author: Name::Noor,
        words: "It is a year since the funeral. I bought the good bread.",
        wish: WishView::JustListen,
        notes: &[ContentNoteView::Death],
        reactions: &[(Name::Ada, ReactionView::Candle), (Name::Ben, ReactionView::Candle)],
        answers: &[],
    },
    Day {
        ago: 5,
        hour: "21:45",
        author: Name::Ada,
        words: "I did the five blue things on the bus. A door. A child’s boot. By the fifth it had gone down to something I could carry.",
        wish: WishView::HowWasItForYou,
        notes: &[],
        reactions: &[(Name::Noor, ReactionView::Thanks)],
        answers: &[(
            Name::Ben,
            "Mine was last spring, on the tram. I counted hats. I still look at hats when I am well.",
        )],
    },
    Day {
        ago: 1,
        hour: "19:20",
        author: Name::Ben,
        words: "The board is flat. It is going to be a shelf.",
        wish: WishView::AdviceIsWelcome,
        notes: &[],
        reactions: &[(Name::Noor, ReactionView::Thanks), (Name::Ada, ReactionView::With)],
        answers: &[(Name::Noor, "We want a picture of the jars on it, when they are.")],
    },
];

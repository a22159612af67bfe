//! From the group's words to the screen's, and back.

use crate::view::{
    ContentNoteView, GoingView, MemberRow, ReactionView, RequestRow, RoleView,
    Standing as StandingView, WishView,
};
use hearthkeep_group::{Asking, Going, Member, Standing};
use hearthkeep_model::{ContentNote, Reaction, Role, Wish};

pub(super) const fn role(role: Role) -> RoleView {
    match role {
        Role::Facilitator => RoleView::Facilitator,
        Role::Member => RoleView::Member,
        Role::Reader => RoleView::Reader,
    }
}

pub(super) const fn going(going: Going) -> GoingView {
    match going {
        Going::Soon => GoingView::Soon,
        Going::OnceSomebodyLeads => GoingView::OnceSomebodyLeads,
    }
}

pub(super) const fn standing(standing: Standing) -> StandingView {
    match standing {
        Standing::Asking => StandingView::Asking,
        Standing::In => StandingView::In,
        Standing::Removed => StandingView::Removed,
        Standing::Left => StandingView::Left,
        Standing::LongAway => StandingView::LongAway,
    }
}

pub(super) const fn wish(wish: Wish) -> WishView {
    match wish {
        Wish::JustListen => WishView::JustListen,
        Wish::HowWasItForYou => WishView::HowWasItForYou,
        Wish::AskMe => WishView::AskMe,
        Wish::AdviceIsWelcome => WishView::AdviceIsWelcome,
        Wish::PleaseCallMe => WishView::PleaseCallMe,
    }
}

pub(super) const fn wish_of(view: WishView) -> Wish {
    match view {
        WishView::JustListen => Wish::JustListen,
        WishView::HowWasItForYou => Wish::HowWasItForYou,
        WishView::AskMe => Wish::AskMe,
        WishView::AdviceIsWelcome => Wish::AdviceIsWelcome,
        WishView::PleaseCallMe => Wish::PleaseCallMe,
    }
}

pub(super) const fn reaction(reaction: Reaction) -> ReactionView {
    match reaction {
        Reaction::Heard => ReactionView::Heard,
        Reaction::With => ReactionView::With,
        Reaction::MeToo => ReactionView::MeToo,
        Reaction::Candle => ReactionView::Candle,
        Reaction::Thanks => ReactionView::Thanks,
    }
}

pub(super) const fn reaction_of(view: ReactionView) -> Reaction {
    match view {
        ReactionView::Heard => Reaction::Heard,
        ReactionView::With => Reaction::With,
        ReactionView::MeToo => Reaction::MeToo,
        ReactionView::Candle => Reaction::Candle,
        ReactionView::Thanks => Reaction::Thanks,
    }
}

macro_rules! content_notes {
    ($($name:ident)*) => {
        pub(super) fn content_note(note: &ContentNote) -> ContentNoteView {
            match note {
                $(ContentNote::$name => ContentNoteView::$name,)*
                ContentNote::Own(words) => ContentNoteView::Own(words.clone()),
            }
        }

        pub(super) fn content_note_of(view: &ContentNoteView) -> ContentNote {
            match view {
                $(ContentNoteView::$name => ContentNote::$name,)*
                ContentNoteView::Own(words) => ContentNote::Own(words.clone()),
            }
        }
    };
}

content_notes! {
    Suicide SelfHarm Death LossOfChild Violence ViolenceAtHome SexualViolence ChildhoodHarm
    Substances Gambling Body Illness Panic Faith Hate Animals
}

pub(super) fn member(member: &Member) -> MemberRow {
    MemberRow {
        id: member.account.to_string(),
        name: member.name.clone(),
        role: role(member.role),
        devices: member.devices,
    }
}

pub(super) fn request(asking: &Asking) -> RequestRow {
    RequestRow {
        // 32 bytes, written as an account id is.
        id: hearthkeep_model::AccountId::from_bytes(asking.request).to_string(),
        name: asking.name.clone(),
        words: asking.words.iter().map(|word| (*word).to_owned()).collect(),
        comes_back: asking.comes_back,
        link_used_twice: asking.link_used_twice,
    }
}

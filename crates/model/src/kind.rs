//! The kinds of everything that can be kept or shared, with their numbers.
//!
//! The numbers are fixed for ever (FORMATS, "Kinds"): a body is specified when its kind is first
//! used, and a kind from a newer version is kept and carried, never dropped.

macro_rules! kinds {
    ($($number:literal $name:ident $doc:literal,)*) => {
        /// What a record, row or backup member is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $doc] $name,)*
            /// A kind that this version does not know.
            Newer(u16),
        }

        impl Kind {
            /// Every kind of this version, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number on disk and in records.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Newer(number) => number,
                }
            }

            /// The kind with this number.
            #[must_use]
            pub const fn from_number(number: u16) -> Self {
                match number {
                    $($number => Self::$name,)*
                    newer => Self::Newer(newer),
                }
            }
        }
    };
}

kinds! {
    1 Entry "Private writing.",
    2 Note "A reflection of one author.",
    3 Page "A note that everyone edits.",
    4 Comment "An answer in words.",
    5 Reaction "An answer in one of five gestures.",
    6 Attachment "A sealed picture or file.",
    7 Version "An earlier state of a text.",
    8 Draft "Something written that has not left.",
    9 Receipt "A device's heads of the logs it has read.",
    16 CheckIn "An evening's five questions.",
    17 Intention "What one means to do today.",
    18 Review "Looking back at an intention.",
    19 Slip "A hard day.",
    20 Urge "A wave.",
    21 CopingCard "What helps.",
    22 CardTry "One try of a coping card.",
    23 Exercise "An exercise that was done.",
    24 Sheet "A guided sheet.",
    25 Keepsake "Something from the hope box.",
    26 Counter "Days lived this way: its definition.",
    27 LivedDay "One day of a counter.",
    28 Aim "What one works towards, seen by chosen people.",
    29 Pause "A time without aims.",
    30 Milestone "A day worth marking.",
    40 SafetyPlan "The plan in six steps.",
    41 CareContact "A person to call.",
    42 HelpLineOverride "A member's own correction of a help-line.",
    43 Appointment "A visit to a professional.",
    44 Sign "A sign the person wishes to be told of.",
    45 Compass "Values.",
    46 Strength "A strength.",
    47 WeekReview "Looking back at a week.",
    60 Meeting "A meeting of the group.",
    61 Watch "Who is awake.",
    62 Sos "I need someone now.",
    63 SosAnswer "An answer to that.",
    64 Worry "A worry about a member, to facilitators.",
    65 WorryCard "What one allows others to do when worried.",
    66 Agreement "How the group treats each other.",
    67 Signature "A member's yes to an agreement.",
    68 Ballot "A vote.",
    80 Withdraw "An author takes something back.",
    81 Removed "A device says that it removed what was taken back.",
    82 Report "A report to the facilitators.",
    83 Fold "A facilitator folds a note.",
    84 Correction "An author corrects own words.",
    96 Invite "An invitation is open.",
    97 Approval "A facilitator lets somebody in.",
    98 Leave "Somebody leaves.",
    99 Revoke "A device is no longer trusted.",
    100 Roster "Who is in the group, with the names told inside it.",
    101 Settings "The person's own settings.",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_unique_and_read_back() {
        let numbers: BTreeSet<u16> = Kind::ALL.iter().map(|kind| kind.number()).collect();
        assert_eq!(numbers.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| Kind::from_number(kind.number()) == *kind));
    }

    #[test]
    fn a_newer_kind_keeps_its_number() {
        assert_eq!(Kind::from_number(40_000).number(), 40_000);
    }
}

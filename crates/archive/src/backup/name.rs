//! Names of members and files.

use crate::limits::NAME;
use hearthkeep_model::{AttachmentId, Day, EntryId, GroupId};

pub(crate) const README: &str = "README.txt";
pub(crate) const IDENTITY: &str = "identity.age";
pub(crate) const SETTINGS: &str = "settings.json";
pub(crate) const ERASED: &str = "erased.jsonl";
pub(crate) const ATTACHMENTS: &str = "attachments.jsonl";
pub(crate) const PACKS: &str = "packs.sha256";
pub(crate) const MANIFEST: &str = "MANIFEST.sha256";
pub(crate) const KEY: &str = "key.age";
pub(crate) const KIT: &str = "kit.age";
pub(crate) const PACK_FOLDER: &str = "packs";

/// What a member is. The order is that of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MemberKind {
    Readme,
    Identity,
    Settings,
    EntryMarkdown,
    EntryJson,
    Erased,
    Group,
    Attachments,
    Packs,
    Picture,
    Manifest,
}

impl MemberKind {
    /// The place in the stream: an entry's two members share one.
    pub(crate) const fn place(self) -> u8 {
        match self {
            Self::Readme => 0,
            Self::Identity => 1,
            Self::Settings => 2,
            Self::EntryMarkdown | Self::EntryJson => 3,
            Self::Erased => 4,
            Self::Group => 5,
            Self::Attachments => 6,
            Self::Packs => 7,
            Self::Picture => 8,
            Self::Manifest => 9,
        }
    }

    /// The kind that has such a name, if any has.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            README => Self::Readme,
            IDENTITY => Self::Identity,
            SETTINGS => Self::Settings,
            ERASED => Self::Erased,
            ATTACHMENTS => Self::Attachments,
            PACKS => Self::Packs,
            MANIFEST => Self::Manifest,
            _ => match name.split_once('/')? {
                ("attachments", rest) if picture_id(rest).is_some() => Self::Picture,
                ("groups", rest) if group_id(rest).is_some() => Self::Group,
                ("entries", rest) if rest.ends_with(".md") => Self::EntryMarkdown,
                ("entries", rest) if rest.ends_with(".json") => Self::EntryJson,
                _ => return None,
            },
        })
    }
}

/// Path of an entry's two members, without their endings.
pub(crate) fn entry(day: Day, id: EntryId) -> String {
    let year = day.parts().0;
    format!("entries/{year:04}/{day}-{id}")
}

/// Path of a picture.
pub(crate) fn picture(id: AttachmentId, media: &str) -> String {
    let ending = match media {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/heic" => "heic",
        "image/avif" => "avif",
        "image/svg+xml" => "svg",
        _ => "bin",
    };
    format!("attachments/{id}.{ending}")
}

/// Which picture has this name below `attachments/`.
pub(crate) fn picture_id(below: &str) -> Option<AttachmentId> {
    below.split_once('.').and_then(|(id, _)| id.parse().ok())
}

/// Path of a part of a group's file.
pub(crate) fn group(id: GroupId, part: u32) -> String {
    format!("groups/{id}-{part:05}.jsonl")
}

/// Which group has this name below `groups/`.
pub(crate) fn group_id(below: &str) -> Option<GroupId> {
    below.strip_suffix(".jsonl")?.split_once('-').and_then(|(id, _)| id.parse().ok())
}

/// File name of an archive.
pub(crate) fn archive(day: Day, number: u8) -> String {
    match number {
        1 => format!("hearthkeep-{day}.tar.gz.age"),
        more => format!("hearthkeep-{day}-{more}.tar.gz.age"),
    }
}

/// Day and number of an archive of this file name.
pub(crate) fn archive_place(name: &str) -> Option<(Day, u8)> {
    let middle = name.strip_prefix("hearthkeep-")?.strip_suffix(".tar.gz.age")?;
    let (day, rest) = middle.split_at_checked(10)?;
    let number = match rest {
        "" => 1,
        more => more.strip_prefix('-')?.parse().ok().filter(|n| *n > 1)?,
    };
    Some((day.parse().ok()?, number))
}

/// Whether a member may have this name at all.
pub(crate) fn permitted(name: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(name).ok()?;
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-' | b'/');
    let parts = text.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    (text.len() <= NAME && text.bytes().all(plain) && parts).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let long = "a".repeat(NAME + 1);
        for name in
            ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "a:b", "é", "a\0", &long]
        {
            assert_eq!(permitted(name.as_bytes()), None, "{name:?}");
        }
        assert!(permitted(b"entries/2026/2026-01-01-00.md").is_some());
    }

    #[test]
    fn an_archive_is_found_again_by_its_name() {
        let day: Day = "2026-11-24".parse().unwrap();
        for number in [1, 2, 99] {
            assert_eq!(archive_place(&archive(day, number)), Some((day, number)));
        }
        for name in [
            "hearthkeep-2026-11-24-1.tar.gz.age",
            "hearthkeep-2026-13-24.tar.gz.age",
            "hearthkeep-.tar.gz.age",
            ".hearthkeep-2026-11-24.tar.gz.age.part",
        ] {
            assert_eq!(archive_place(name), None, "{name}");
        }
    }
}

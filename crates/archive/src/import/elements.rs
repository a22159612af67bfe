//! The elements of `entries` in a JSON file, one at a time, so that a file of any size needs the
//! memory of one entry, and a file that breaks off gives what stands before the break.

use crate::ArchiveError;
use crate::import::{Sink, Unfit, unreadable};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::cell::Cell;
use std::fmt;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

/// Why the reading of a file ended early.
pub(crate) enum Broken {
    /// The sink stopped it, or the system did.
    Stop(ArchiveError),
    /// The rest cannot be read.
    Unfit(Unfit),
}

impl From<ArchiveError> for Broken {
    fn from(error: ArchiveError) -> Self {
        Self::Stop(error)
    }
}

impl Broken {
    /// Names the rest of a file that cannot be read.
    pub(crate) fn told(
        self,
        sink: &mut Sink<'_>,
        file: &str,
        read: u32,
    ) -> Result<(), ArchiveError> {
        match self {
            Self::Stop(error) => Err(error),
            Self::Unfit(why) if read == 0 => unreadable(sink, file, why),
            Self::Unfit(why) => unreadable(sink, format!("{file}, after entry {read}"), why),
        }
    }
}

type Each<'a> = dyn FnMut(Value) -> Result<(), Broken> + 'a;

/// Calls `each` with every element of `entries`, each of at most so many bytes.
pub(crate) fn each(input: impl Read, most: u64, each: &mut Each<'_>) -> Result<(), Broken> {
    let budget = Rc::new(Cell::new(most));
    let input = Budgeted { inner: input, left: Rc::clone(&budget) };
    let mut stopped = None;
    let walk = File { each, stopped: &mut stopped, budget: &budget, most };
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(64 << 10, input));
    let walked = json.deserialize_map(walk).and_then(|()| json.end());
    match (stopped, walked) {
        (Some(broken), _) => Err(broken),
        (None, Ok(())) => Ok(()),
        (None, Err(_)) if budget.get() == 0 => Err(Broken::Unfit(Unfit::TooLarge)),
        (None, Err(error)) if error.is_eof() || error.is_io() => Err(Broken::Unfit(Unfit::Damaged)),
        (None, Err(_)) => Err(Broken::Unfit(Unfit::Shape)),
    }
}

struct File<'a, 'b> {
    each: &'a mut Each<'b>,
    stopped: &'a mut Option<Broken>,
    budget: &'a Cell<u64>,
    most: u64,
}

impl<'de> Visitor<'de> for File<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export with entries")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "entries" {
                map.next_value_seed(&mut self)?;
                found = true;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if found { Ok(()) } else { Err(de::Error::missing_field("entries")) }
    }
}

impl<'de> DeserializeSeed<'de> for &mut File<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut File<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        loop {
            self.budget.set(self.most);
            let Some(value) = seq.next_element::<Value>()? else { return Ok(()) };
            if let Err(broken) = (self.each)(value) {
                *self.stopped = Some(broken);
                return Err(de::Error::custom("stopped"));
            }
        }
    }
}

/// Lets an entry read no more than its share.
struct Budgeted<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        let left = self.left.get().saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        self.left.set(left);
        if left == 0 { Err(io::Error::other("an entry of absurd size")) } else { Ok(read) }
    }
}

//! A file that is read and hashed on a thread of its own, a little ahead of who unseals it.

use hearthkeep_crypto::hash::Hasher;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Bytes of a block.
const BLOCK: u64 = 256 << 10;
/// Blocks that wait.
const WAITING: usize = 2;

/// Gives the bytes of the file.
pub(crate) struct Ahead {
    blocks: Receiver<io::Result<Vec<u8>>>,
    now: Cursor<Vec<u8>>,
    passed: Rc<Cell<u64>>,
}

/// Knows the SHA-256 of the file, once all of it was read.
pub(crate) struct Whole(JoinHandle<[u8; 32]>);

impl Ahead {
    /// Begins to read the file; `passed` counts the bytes as they are given out.
    pub(crate) fn begin(file: File, passed: Rc<Cell<u64>>) -> (Self, Whole) {
        let (send, blocks) = sync_channel(WAITING);
        let thread = thread::spawn(move || read_and_hash(file, &send));
        (Self { blocks, now: Cursor::default(), passed }, Whole(thread))
    }
}

impl Whole {
    /// The hash of all that was read.
    pub(crate) fn hash(self) -> [u8; 32] {
        // Without it nothing compares, and everything is refused.
        self.0.join().unwrap_or_default()
    }
}

fn read_and_hash(mut file: File, send: &SyncSender<io::Result<Vec<u8>>>) -> [u8; 32] {
    let mut hash = Hasher::default();
    loop {
        let mut block = Vec::with_capacity(usize::try_from(BLOCK).unwrap_or(0));
        let read = file.by_ref().take(BLOCK).read_to_end(&mut block);
        if matches!(read, Ok(0)) {
            return hash.finish();
        }
        let failed = read.is_err();
        hash.update(&block);
        // Nobody receives when what was read before was refused.
        if send.send(read.map(|_| block)).is_err() || failed {
            return hash.finish();
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.now.read(buf)?;
        if read > 0 || buf.is_empty() {
            return Ok(read);
        }
        let Ok(block) = self.blocks.recv() else { return Ok(0) };
        let block = block?;
        let more = u64::try_from(block.len()).unwrap_or(u64::MAX);
        self.passed.set(self.passed.get().saturating_add(more));
        self.now = Cursor::new(block);
        self.now.read(buf)
    }
}

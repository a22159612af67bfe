//! The one writer: what waited while the last commit reached the disk is the next batch.

use std::{sync::Arc, time::Duration};

use hearthkeep_wire::{MailboxId, Refusal};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};

use crate::{
    clock::Clock,
    command::{Command, Settled, Verdict},
    database::{Answer, Database},
    ledger,
    random::jitter_ms,
    wakes::Wakes,
};

/// How many writes may wait. One more is told that the relay is busy.
const QUEUE: usize = 1_024;
/// How many writes one transaction may hold.
const BATCH: usize = 512;
/// How often an owed overwriting is tried again.
const FORGET_AGAIN: Duration = Duration::from_millis(200);

/// Told about mailboxes that are gone.
pub(crate) type OnGone = Arc<dyn Fn(&MailboxId) + Send + Sync>;

/// The queue in front of the writer.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Asked>,
}

#[derive(Debug)]
struct Asked {
    command: Command,
    reply: oneshot::Sender<Verdict>,
}

impl Writer {
    /// Starts the writer. It ends, in good order, when the last [`Writer`] is dropped.
    pub(crate) fn start<D: Database>(
        database: D,
        clock: Clock,
        wakes: Wakes,
        on_gone: OnGone,
    ) -> (Self, JoinHandle<Answer<()>>) {
        let (queue, asked) = mpsc::channel(QUEUE);
        let task = Task { database, clock, wakes, on_gone, owed: false };
        (Self { queue }, tokio::spawn(task.run(asked)))
    }

    /// Asks, and waits for the answer, which comes after the disk has it.
    ///
    /// Who asks may go away: the command is the writer's from here on.
    pub(crate) async fn ask(&self, command: Command) -> Verdict {
        let (reply, answer) = oneshot::channel();
        if self.queue.try_send(Asked { command, reply }).is_err() {
            return Err(busy());
        }
        answer.await.unwrap_or_else(|_| Err(busy()))
    }
}

/// With jitter, so that those who were refused together do not come again together.
pub(crate) fn busy() -> Refusal {
    Refusal::Busy { retry_ms: jitter_ms(200, 1_200) }
}

struct Task<D> {
    database: D,
    clock: Clock,
    wakes: Wakes,
    on_gone: OnGone,
    /// Something was removed and may still be in the log of the database.
    owed: bool,
}

impl<D: Database> Task<D> {
    async fn run(mut self, mut asked: mpsc::Receiver<Asked>) -> Answer<()> {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let received = if self.owed {
                let again = Instant::now().checked_add(FORGET_AGAIN).unwrap_or_else(Instant::now);
                tokio::time::timeout_at(again, asked.recv_many(&mut batch, BATCH)).await
            } else {
                Ok(asked.recv_many(&mut batch, BATCH).await)
            };
            match received {
                Ok(0) => break,
                Ok(_) => self.work(std::mem::take(&mut batch)).await,
                Err(_) => self.forget().await,
            }
        }
        self.forget().await;
        self.database.close().await
    }

    async fn work(&mut self, batch: Vec<Asked>) {
        let (commands, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|asked| (asked.command, asked.reply)).unzip();
        match self.settle(&commands).await {
            Ok(settled) => {
                if settled.removed {
                    self.owed = true;
                    self.forget().await;
                }
                // Only now: what is acknowledged is on disk (PROTOCOL W10).
                for (reply, verdict) in replies.into_iter().zip(settled.verdicts) {
                    // Nobody waits any more: it is written all the same.
                    drop(reply.send(verdict));
                }
                for (mailbox, seq) in &settled.woken {
                    self.wakes.wake(mailbox, *seq);
                }
                for mailbox in &settled.gone {
                    (self.on_gone)(mailbox);
                }
            }
            Err(error) => {
                // A batch is one fate: it was rolled back, and everybody may ask again.
                tracing::warn!(%error, writes = commands.len(), "a batch was rolled back");
                for reply in replies {
                    drop(reply.send(Err(busy())));
                }
            }
        }
    }

    async fn settle(&mut self, commands: &[Command]) -> Answer<Settled> {
        let now = self.clock.now();
        let tx = self.database.begin().await?;
        ledger::settle(tx, commands, now).await
    }

    /// Overwrites what was removed. A reader may be in the way; then it is tried again.
    async fn forget(&mut self) {
        if !self.owed {
            return;
        }
        match self.database.forget_removed().await {
            Ok(done) => self.owed = !done,
            Err(error) => tracing::warn!(%error, "what was removed is not overwritten yet"),
        }
    }
}

//! Listens to one group's relay for wakes, for as long as the vault is open.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::pace::Pace;
use crate::relay::{Positions, RelayLink, Way, listen};

/// A socket that lives shorter than this did not really open.
const SHORT: Duration = Duration::from_secs(20);
/// Sockets that did not really open, before the long poll is tried.
const SHORT_MAX: u32 = 2;

/// Calls `woken` whenever there may be something to fetch. Ends when `positions` has no sender.
pub(super) async fn look_out(link: Arc<RelayLink>, mut positions: Positions, woken: impl Fn()) {
    let mut pace = Pace::default();
    let mut short = 0_u32;
    loop {
        if positions.borrow_and_update().is_empty() {
            if positions.changed().await.is_err() {
                return;
            }
            continue;
        }
        let way = if short >= SHORT_MAX { Way::LongPoll } else { Way::Socket };
        let began = Instant::now();
        let error = listen(&link, way, &mut positions, &woken).await;
        if positions.has_changed().is_err() {
            return;
        }
        if began.elapsed() >= SHORT {
            pace.forget();
            short = 0;
        } else if way == Way::Socket {
            short = short.saturating_add(1);
        } else {
            // The poll fails too: it is the relay, not the way. The socket is tried again.
            short = 0;
        }
        sleep(pace.failed(error.retry_ms())).await;
    }
}

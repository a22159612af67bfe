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
        tokio::select! {
            () = sleep(pace.failed(error.retry_ms())) => {}
            // A turn has gone through: the relay is there again.
            turned = positions.changed() => {
                if turned.is_err() {
                    return;
                }
                pace.forget();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hearthkeep_crypto::SigningKey;
    use hearthkeep_wire::MailboxId;
    use tokio::{net::TcpListener, sync::watch, time::timeout};

    use super::*;
    use crate::relay::{Listen, RelayAddress};

    fn listens() -> Arc<Vec<Listen>> {
        let key = SigningKey::from_seed(&[1; 32]);
        Arc::new(vec![Listen { mailbox: MailboxId([2; 32]), key, since: 0 }])
    }

    #[tokio::test]
    async fn a_turn_that_went_through_ends_the_pause_before_the_next_line() {
        let relay = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", relay.local_addr().expect("it is bound"));
        let address = RelayAddress::parse(&address).expect("an address");
        let link = Arc::new(RelayLink::new(address).expect("a link"));
        let (positions, seen) = watch::channel(listens());
        let looking = tokio::spawn(look_out(link, seen, || ()));
        // Every line breaks at once. Left to themselves, this many tries take hours.
        let tries = async {
            for _ in 0..30 {
                drop(relay.accept().await.expect("somebody asks"));
                positions.send_replace(listens());
            }
        };
        timeout(Duration::from_secs(60), tries).await.expect("nobody waits for minutes");
        looking.abort();
    }
}

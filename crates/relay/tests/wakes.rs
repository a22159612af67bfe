//! Wake-ups: over a socket, by a long poll, and what ten thousand silent sockets may cost.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

mod support;

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use hearthkeep_wire::{
    FromRelay, MailboxId, Nonce, Op, Refusal, ToRelay, Wait, Waited, decode_exact, encode,
};
use support::{Member, RelayProcess, idem, key, mailbox};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Socket {
    stream: Stream,
    nonce: Nonce,
    counter: u64,
}

impl Socket {
    async fn open(relay: &RelayProcess) -> Self {
        let url = format!("ws://{}/v1/wake", relay.address);
        let (mut stream, _) = connect_async(url).await.unwrap();
        let FromRelay::Hello(nonce) = next(&mut stream).await else {
            panic!("the first message is a nonce");
        };
        Self { stream, nonce, counter: 0 }
    }

    async fn subscribe(&mut self, member: &Member, mailbox: MailboxId, since: u64) -> FromRelay {
        self.counter += 1;
        let sub = member.sub_under(self.nonce, self.counter, mailbox, since);
        self.say(&ToRelay::Sub(sub)).await;
        self.next().await
    }

    async fn say(&mut self, message: &ToRelay) {
        self.stream.send(Message::Binary(encode(message).into())).await.unwrap();
    }

    async fn next(&mut self) -> FromRelay {
        next(&mut self.stream).await
    }
}

async fn next(stream: &mut Stream) -> FromRelay {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        match message.expect("a message in time").unwrap().unwrap() {
            Message::Binary(bytes) => return decode_exact(&bytes, 1_000).unwrap(),
            Message::Ping(_) | Message::Pong(_) => {}
            other @ (Message::Text(_) | Message::Close(_) | Message::Frame(_)) => {
                panic!("{other:?}")
            }
        }
    }
}

#[tokio::test]
async fn w13_a_subscription_is_answered_with_the_head_and_an_append_wakes() {
    let relay = RelayProcess::start();
    let ana = Member::new(&relay, key(1));
    let (log, other) = (ana.open_log(&relay, 1).await, ana.open_log(&relay, 2).await);
    ana.append(log, idem(1), b"before").await;
    let mut socket = Socket::open(&relay).await;
    assert_eq!(socket.subscribe(&ana, log, 0).await, FromRelay::Wake(log, 1));
    assert_eq!(socket.subscribe(&ana, other, 0).await, FromRelay::Wake(other, 0));
    ana.append(log, idem(2), b"now").await;
    assert_eq!(socket.next().await, FromRelay::Wake(log, 2));
    socket.say(&ToRelay::Unsub(log)).await;
    assert_eq!(socket.subscribe(&ana, other, 0).await, FromRelay::Wake(other, 0));
    ana.append(log, idem(3), b"not told").await;
    ana.append(other, idem(4), b"told").await;
    assert_eq!(socket.next().await, FromRelay::Wake(other, 1));
}

#[tokio::test]
async fn w13_what_is_not_one_s_own_is_refused_on_the_socket_and_it_lives_on() {
    let relay = RelayProcess::start();
    let (ana, stranger) = (Member::new(&relay, key(1)), Member::new(&relay, key(2)));
    let log = ana.open_log(&relay, 1).await;
    let mut socket = Socket::open(&relay).await;
    let refused = |refusal: Refusal| FromRelay::Refused(log, refusal.to_body());
    assert_eq!(socket.subscribe(&stranger, log, 0).await, refused(Refusal::Signature));
    let nowhere = FromRelay::Refused(mailbox(9), Refusal::NoSuchMailbox.to_body());
    assert_eq!(socket.subscribe(&ana, mailbox(9), 0).await, nowhere);
    assert_eq!(socket.subscribe(&ana, log, 0).await, FromRelay::Wake(log, 0));
    // The same subscription once more: its counter was used.
    let again = ana.sub_under(socket.nonce, socket.counter, log, 0);
    socket.say(&ToRelay::Sub(again)).await;
    let FromRelay::Refused(_, body) = socket.next().await else { panic!("taken twice") };
    assert!(matches!(Refusal::from(body), Refusal::StaleNonce { .. }));
}

#[tokio::test]
async fn w13_who_sleeps_through_many_appends_is_told_the_newest_and_not_each() {
    let relay = RelayProcess::start_with(&["--rate", "0"]);
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let mut socket = Socket::open(&relay).await;
    socket.subscribe(&ana, log, 0).await;
    futures_util::stream::iter(1..=500)
        .for_each_concurrent(100, async |number| {
            ana.append(log, idem(number), b"much").await;
        })
        .await;
    let mut told = Vec::new();
    while told.last() != Some(&500) {
        let FromRelay::Wake(_, seq) = socket.next().await else { panic!("not a wake") };
        told.push(seq);
    }
    assert!(told.is_sorted());
    assert!(told.len() < 500, "{} wakes for 500 appends", told.len());
}

async fn wait(member: &Member, since: u64, seconds: u16) -> Result<Waited, Refusal> {
    let subs = vec![member.sub(mailbox(1), since).await];
    let body = encode(&Wait { subs, seconds });
    let bytes = member.send_raw(Op::Sub.path(), None, body).await?;
    Ok(decode_exact(&bytes, 1_000).unwrap())
}

#[tokio::test]
async fn w14_a_long_poll_answers_at_once_or_when_woken_or_empty_when_time_is_over() {
    let relay = RelayProcess::start();
    let (ana, bea) = (Member::new(&relay, key(1)), Member::new(&relay, key(1)));
    let log = ana.open_log(&relay, 1).await;
    ana.append(log, idem(1), b"before").await;
    let begin = Instant::now();
    assert_eq!(wait(&ana, 0, 50).await.unwrap().woken, [(log, 1)]);
    assert!(begin.elapsed() < Duration::from_secs(10));
    let (woken, _) = tokio::join!(wait(&ana, 1, 50), async {
        bea.append(log, idem(2), b"now").await;
    });
    assert_eq!(woken.unwrap().woken, [(log, 2)]);
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(wait(&ana, 2, 1).await.unwrap().woken, []);
    let stranger = Member::new(&relay, key(2));
    assert_eq!(wait(&stranger, 0, 1).await, Err(Refusal::Signature));
}

/// DESIGN: 10,000 idle subscribers in 60 MB. Here 1,000, so that the test is short: with
/// tungstenite's own buffers each would cost 134 KB instead of some 5.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_silent_sockets_cost_little_memory() {
    let relay = RelayProcess::start_with(&["--rate", "0", "--connections-per-address", "2000"]);
    let ana = Member::new(&relay, key(1));
    let log = ana.open_log(&relay, 1).await;
    let mut warm = Socket::open(&relay).await;
    warm.subscribe(&ana, log, 0).await;
    let before = memory_kib(relay.pid());
    let mut sockets = Vec::new();
    for _ in 0..1_000 {
        let mut socket = Socket::open(&relay).await;
        socket.subscribe(&ana, log, 0).await;
        sockets.push(socket);
    }
    let each_kib = (memory_kib(relay.pid()) - before) / 1_000;
    assert!(each_kib < 12, "{each_kib} KiB for each silent socket");
    ana.append(log, idem(1), b"wake up").await;
    for socket in &mut sockets {
        assert_eq!(socket.next().await, FromRelay::Wake(log, 1));
    }
}

fn memory_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

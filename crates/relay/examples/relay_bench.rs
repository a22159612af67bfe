//! Measures a relay process: appends, waking, memory of silent sockets, a first sync.
//!
//! `cargo run --release -p hearthkeep-relay --example relay_bench -- [seconds] [sockets] [records]`,
//! after `cargo build --release -p hearthkeep-relay`. Tells its figures to `tools/write_numbers.py`. Client and
//! relay share the machine, and so their figures. Blobs are random for every append: equal ones would
//! let a database write less.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that fails stops, and its output is for people"
)]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use ed25519_dalek::{Signer, SigningKey};
use futures_util::{SinkExt, StreamExt};
use hearthkeep_wire::{
    AUTH_HEADER, Append, Auth, CapKey, Class, Create, Fetch, FromRelay, Head, Hello, Idem,
    MailboxId, NewMailbox, Nonce, Op, Page, Sub, ToRelay, Token, blob_hash, decode_exact, encode,
    follow, message_to_sign, sub_body,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

const BLOB: usize = 4_096;
const MAILBOXES: u16 = 256;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u64>().expect("a number"));
    let seconds = arguments.next().unwrap_or(5);
    let sockets = arguments.next().unwrap_or(10_000);
    let records = arguments.next().unwrap_or(0);
    let bench = Bench::start().await;
    for writers in [1, 16, 256] {
        bench.appends(writers, Duration::from_secs(seconds)).await;
    }
    if records > 0 {
        bench.soak(records).await;
    }
    bench.first_sync(10_000).await;
    drop(bench);
    // A relay of its own: what the appends left in memory is not the sockets'.
    Bench::start().await.idle(sockets).await;
}

struct Bench {
    relay: Child,
    address: String,
    key: SigningKey,
    _folder: tempfile::TempDir,
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.relay.kill());
        drop(self.relay.wait());
    }
}

impl Bench {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let binary = std::env::current_exe().unwrap();
        let binary = binary.ancestors().nth(2).unwrap().join("hearthkeep-relay");
        let mut relay = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--rate", "0"])
            .args(["--connections", "50000", "--connections-per-address", "50000"])
            .args(["--mebibytes", "100000", "--mailboxes", "100000"])
            .arg("--database")
            .arg(folder.path().join("relay.db"))
            .arg("--token-file")
            .arg(folder.path().join("token"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo build --release -p hearthkeep-relay");
        let mut line = String::new();
        BufReader::new(relay.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        let text = std::fs::read_to_string(folder.path().join("token")).unwrap();
        let key = SigningKey::from_bytes(&[1; 32]);
        let bench = Self { relay, address, key, _folder: folder };
        let mut line = Line::open(&bench).await;
        for number in 0..=MAILBOXES {
            let new = NewMailbox {
                mailbox: mailbox(number),
                class: Class::Log,
                cap: CapKey(bench.key.verifying_key().to_bytes()),
                admin: None,
                ttl_s: None,
            };
            let token = Token::from_hex(&text).unwrap();
            line.ask(Op::Create, mailbox(number), &encode(&Create { new, token })).await;
        }
        bench
    }

    async fn appends(&self, writers: u16, time: Duration) {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for number in 0..writers {
            let mut line = Line::open(self).await;
            let stop = Arc::clone(&stop);
            tasks.push(tokio::spawn(async move {
                let mut took = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    took.push(line.append(mailbox(number % MAILBOXES)).await);
                }
                took
            }));
        }
        let begin = Instant::now();
        tokio::time::sleep(time).await;
        stop.store(true, Ordering::Relaxed);
        let mut took = Vec::new();
        for task in tasks {
            took.extend(task.await.unwrap());
        }
        let rate = took.len() as f64 / begin.elapsed().as_secs_f64();
        figure(&format!("relay_appends_{writers}_per_s"), rate);
        spread(&format!("relay_appends_{writers}"), &mut took);
    }

    /// Fills the relay to so many records and measures again at each tenth.
    async fn soak(&self, records: u64) {
        for tenth in 1..=10_u64 {
            let mut tasks = Vec::new();
            let begin = Instant::now();
            for number in 0..256_u16 {
                let mut line = Line::open(self).await;
                let each = records / 10 / 256;
                tasks.push(tokio::spawn(async move {
                    for _ in 0..each {
                        line.append(mailbox(number % MAILBOXES)).await;
                    }
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
            let rate = (records / 10) as f64 / begin.elapsed().as_secs_f64();
            figure(&format!("relay_soak_{tenth}_per_s"), rate);
        }
    }

    async fn first_sync(&self, notes: u64) {
        let log = mailbox(MAILBOXES);
        let mut line = Line::open(self).await;
        let mut lines = Vec::new();
        for _ in 0..64 {
            lines.push(Line::open(self).await);
        }
        let each = notes.div_ceil(64);
        let appends = lines.into_iter().map(|mut line| async move {
            for _ in 0..each {
                line.append(log).await;
            }
        });
        futures_util::future::join_all(appends).await;
        let begin = Instant::now();
        let (mut at, mut bytes) = (Head::genesis(&log), 0);
        loop {
            let body = encode(&Fetch { since: at.seq, limit: 1_000 });
            let answer = line.ask(Op::Fetch, log, &body).await;
            bytes += answer.len();
            let page: Page<'_> = decode_exact(&answer, usize::MAX).unwrap();
            at = follow(&at, &page).unwrap();
            if at == page.head {
                break;
            }
        }
        let took = begin.elapsed();
        assert_eq!(at.seq, each * 64);
        println!("{} records, {} MB", at.seq, bytes / 1_000_000);
        figure("relay_fetch_s", took.as_secs_f64());
    }

    async fn idle(&self, sockets: u64) {
        let before = self.resident_kib();
        let begin = Instant::now();
        let mut open = Vec::new();
        for number in 0..sockets {
            let url = format!("ws://{}/v1/wake", self.address);
            let (mut stream, _) = connect_async(url).await.unwrap();
            let hello = stream.next().await.unwrap().unwrap().into_data();
            let FromRelay::Hello(nonce) = decode_exact(&hello, 1_000).unwrap() else { panic!() };
            let log = mailbox(u16::try_from(number % 200).unwrap());
            let auth = sign(&self.key, Op::Sub, log, nonce, 1, &sub_body(0));
            let sub = ToRelay::Sub(Sub { auth: auth.to_bytes(), since: 0 });
            stream.send(Message::Binary(encode(&sub).into())).await.unwrap();
            stream.next().await.unwrap().unwrap();
            open.push(stream);
        }
        let rate = sockets as f64 / begin.elapsed().as_secs_f64();
        let resident = self.resident_kib();
        figure("relay_sockets_mb", resident as f64 * 1.024 / 1_000.0);
        figure("relay_socket_kb", (resident - before) as f64 * 1.024 / sockets as f64);
        figure("relay_sockets_opened_per_s", rate);
        // One append wakes the fifty sockets of its mailbox: how long until each has it?
        let mut line = Line::open(self).await;
        let mut took = Vec::new();
        for round in 0..200_u16 {
            let begin = Instant::now();
            line.append(mailbox(round)).await;
            let acknowledged = Instant::now();
            for stream in open.iter_mut().skip(usize::from(round)).step_by(200) {
                stream.next().await.unwrap().unwrap();
                took.push(acknowledged.elapsed().min(begin.elapsed()));
            }
        }
        spread("relay_wake", &mut took);
    }

    fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.relay.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

/// One connection that is kept, and what it signs with. HTTP by hand, because a client that costs
/// as much as the relay would measure itself.
struct Line {
    stream: BufStream<TcpStream>,
    key: SigningKey,
    nonce: Nonce,
    counter: u64,
}

impl Line {
    async fn open(bench: &Bench) -> Self {
        let stream = TcpStream::connect(&bench.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut stream = BufStream::new(stream);
        let answer = exchange(&mut stream, "/v1/hello", "", &[]).await;
        let hello: Hello = decode_exact(&answer, 100).unwrap();
        Self { stream, key: bench.key.clone(), nonce: hello.nonce, counter: 0 }
    }

    async fn append(&mut self, log: MailboxId) -> Duration {
        let (mut idem, mut blob) = ([0; 16], vec![0; BLOB]);
        getrandom::fill(&mut idem).unwrap();
        getrandom::fill(&mut blob).unwrap();
        let append = Append { idem: Idem(idem), expect_head: None, delete_hash: None, blob: &blob };
        let body = encode(&append);
        let begin = Instant::now();
        self.ask(Op::Append, log, &body).await;
        begin.elapsed()
    }

    async fn ask(&mut self, op: Op, log: MailboxId, body: &[u8]) -> Vec<u8> {
        self.counter += 1;
        let auth = sign(&self.key, op, log, self.nonce, self.counter, body);
        let header = format!("{AUTH_HEADER}: {}\r\n", auth.to_header());
        exchange(&mut self.stream, op.path(), &header, body).await
    }
}

async fn exchange(
    stream: &mut BufStream<TcpStream>,
    path: &str,
    header: &str,
    body: &[u8],
) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: relay\r\n{header}content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream.flush().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await.unwrap();
    answer
}

fn sign(key: &SigningKey, op: Op, log: MailboxId, nonce: Nonce, counter: u64, body: &[u8]) -> Auth {
    let body = blob_hash(body);
    let message = message_to_sign(op, &log, &nonce, counter, &body);
    let signature = key.sign(&message).to_bytes();
    Auth { mailbox: log, nonce, counter, body, signature }
}

fn mailbox(number: u16) -> MailboxId {
    let mut bytes = [7; 32];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    MailboxId(bytes)
}

/// Tells a figure: `tools/write_numbers.py` knows the name.
fn figure(name: &str, value: f64) {
    println!("figure\t{name}\t{value}");
}

fn spread(name: &str, took: &mut [Duration]) {
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    figure(&format!("{name}_p50_ms"), at(50));
    figure(&format!("{name}_p99_ms"), at(99));
}

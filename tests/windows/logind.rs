//! A system bus of one's own, and a stand-in of logind on it: it tells of sleep and of the
//! session's lock when a test says so.

use crate::process::Tree;
use crate::time::until;
use std::fs;
use std::io::{ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Runtime;
use zbus::connection::Builder;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedObjectPath;
use zbus::{Connection, fdo, interface};

const LOGINS: &str = "/org/freedesktop/login1";
const SESSION: &str = "/org/freedesktop/login1/session/_32";

/// Where the app's own process is, as logind sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Started {
    /// In the session: from a terminal, or by an older desktop.
    InTheSession,
    /// Beside it: by the person's own service manager, as newer desktops do.
    Beside,
}

/// The stand-in, with the bus that it is on.
pub(crate) struct Logind {
    runtime: Runtime,
    connection: Connection,
    delays: Delays,
    heard: Arc<AtomicBool>,
    address: String,
    _bus: Tree,
}

/// Ends of pipes whose other ends keep the computer awake.
type Delays = Arc<Mutex<Vec<UnixStream>>>;

impl Logind {
    /// Starts both; their files lie in `folder`.
    pub(crate) fn start(folder: &Path, started: Started) -> Self {
        let (bus, address) = bus(folder);
        let runtime = Runtime::new().expect("a runtime");
        let delays = Delays::default();
        let logins = Logins { delays: Arc::clone(&delays), started };
        let heard = Arc::new(AtomicBool::new(false));
        let session = Session { locked: false, heard: Arc::clone(&heard) };
        let connection = runtime.block_on(async {
            Builder::address(address.as_str())?
                .serve_at(LOGINS, logins)?
                .serve_at(SESSION, session)?
                .name("org.freedesktop.login1")?
                .build()
                .await
        });
        let connection = connection.expect("a bus");
        Self { runtime, connection, delays, heard, address, _bus: bus }
    }

    /// The bus, as the app is told it.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until the app has asked to be waited for.
    pub(crate) fn is_to_wait(&self) {
        until("a request to wait with sleeping", || self.is_delayed().then_some(()));
    }

    /// Waits until the app listens for what is told of the session: it asks for the hint last.
    pub(crate) fn is_heard(&self) {
        until("somebody who listens", || self.heard.load(Ordering::Acquire).then_some(()));
    }

    /// The computer is about to sleep; comes back when nobody asks it to wait any more.
    pub(crate) fn goes_to_sleep(&self) {
        self.prepares_for_sleep(true);
        until("leave to sleep", || (!self.is_delayed()).then_some(()));
    }

    /// The computer has woken up.
    pub(crate) fn wakes_up(&self) {
        self.prepares_for_sleep(false);
    }

    /// The session is asked to lock.
    pub(crate) fn locks_the_session(&self) {
        let emitter = self.emitter(SESSION);
        self.runtime.block_on(Session::lock(&emitter)).expect("a signal");
    }

    /// The desktop has locked its screen, or opened it, and says so.
    pub(crate) fn screen_is_locked(&self, locked: bool) {
        let told = async {
            let session = self.connection.object_server().interface::<_, Session>(SESSION).await?;
            session.get_mut().await.locked = locked;
            session.get().await.locked_hint_changed(session.signal_emitter()).await
        };
        self.runtime.block_on(told).expect("a signal");
    }

    fn prepares_for_sleep(&self, about_to: bool) {
        let emitter = self.emitter(LOGINS);
        self.runtime.block_on(Logins::prepare_for_sleep(&emitter, about_to)).expect("a signal");
    }

    fn emitter(&self, path: &'static str) -> SignalEmitter<'_> {
        SignalEmitter::new(&self.connection, path).expect("a path")
    }

    /// Whether anybody still holds an end that keeps the computer awake.
    fn is_delayed(&self) -> bool {
        let mut delays = self.delays.lock().unwrap_or_else(PoisonError::into_inner);
        delays.retain_mut(|end| {
            end.read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
        });
        !delays.is_empty()
    }
}

/// A bus like a system's, on which everybody may do everything.
fn bus(folder: &Path) -> (Tree, String) {
    let socket = folder.join("system-bus");
    let address = format!("unix:path={}", socket.display());
    let config = folder.join("system-bus.conf");
    let text = format!(
        "<busconfig><type>system</type><listen>{address}</listen><auth>EXTERNAL</auth>\
         <policy context=\"default\"><allow own=\"*\"/><allow send_destination=\"*\"/>\
         <allow receive_sender=\"*\"/></policy></busconfig>"
    );
    fs::write(&config, text).expect("a configuration");
    let mut command = Command::new("dbus-daemon");
    command.arg(format!("--config-file={}", config.display())).args(["--nofork", "--nopidfile"]);
    let tree = Tree::start(&mut command, folder.join("system-bus.log"));
    until("the system bus", || UnixStream::connect(&socket).ok());
    (tree, address)
}

struct Logins {
    delays: Delays,
    started: Started,
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Logins {
    fn inhibit(
        &self,
        what: &str,
        _who: &str,
        _why: &str,
        mode: &str,
    ) -> fdo::Result<zbus::zvariant::OwnedFd> {
        if (what, mode) != ("sleep", "delay") {
            return Err(fdo::Error::InvalidArgs("only sleep can be delayed".to_owned()));
        }
        let failed = |error: std::io::Error| fdo::Error::Failed(error.to_string());
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        ours.set_nonblocking(true).map_err(failed)?;
        self.delays.lock().unwrap_or_else(PoisonError::into_inner).push(ours);
        Ok(OwnedFd::from(theirs).into())
    }

    fn get_session(&self, id: &str) -> fdo::Result<OwnedObjectPath> {
        if id == "auto" { Ok(session()) } else { Err(no_session()) }
    }

    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _pid: u32) -> fdo::Result<OwnedObjectPath> {
        if self.started == Started::InTheSession { Ok(session()) } else { Err(no_session()) }
    }

    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, about_to: bool) -> zbus::Result<()>;
}

fn session() -> OwnedObjectPath {
    OwnedObjectPath::try_from(SESSION).expect("a path")
}

fn no_session() -> fdo::Error {
    fdo::Error::Failed("the caller does not belong to any known session".to_owned())
}

struct Session {
    locked: bool,
    heard: Arc<AtomicBool>,
}

#[interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.heard.store(true, Ordering::Release);
        self.locked
    }

    #[zbus(signal)]
    async fn lock(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

//! The relay as a process.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use hearthkeep_relay::{
    Allowance, Bounds, Clock, Config, Rate, Relay, RelayError, TlsFiles, create_token,
    token_of_file,
};
use tracing_subscriber::EnvFilter;

/// Keeps sealed letters for groups, in order, without being able to read one.
#[derive(Debug, Parser)]
#[command(version, name = "hearthkeep-relay")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the relay until it is interrupted.
    Serve(Serve),
    /// Give out tokens, with which groups may open mailboxes.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen. Port 0 takes any; the first line of output says which.
    #[arg(long, default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// The SQLite file.
    #[arg(long)]
    database: PathBuf,
    /// Certificate chain in PEM. Without it: plain HTTP, for a proxy or for this computer alone.
    #[arg(long, requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Key of the certificate in PEM.
    #[arg(long, requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Take addresses of clients from the last entry of x-forwarded-for.
    #[arg(long)]
    behind_proxy: bool,
    /// Accept the token in this file; it is made when there is none.
    #[arg(long)]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    allows: Allows,
    /// Requests a second of one address block. 0 lets everything pass.
    #[arg(long, default_value_t = 200.0)]
    rate: f64,
    /// Connections in all.
    #[arg(long, default_value_t = 20_000)]
    connections: usize,
    /// Connections of one address block.
    #[arg(long, default_value_t = 512)]
    connections_per_address: usize,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it. It is not kept: only its hash is.
    Create {
        /// The SQLite file of the relay, which may be running.
        #[arg(long)]
        database: PathBuf,
        #[command(flatten)]
        allows: Allows,
    },
}

#[derive(Debug, Args)]
struct Allows {
    /// Mailboxes that the token may open.
    #[arg(long, default_value_t = 1_000)]
    mailboxes: u64,
    /// Mebibytes that all of them may hold.
    #[arg(long, default_value_t = 1_024)]
    mebibytes: u64,
    /// Days until no more may be opened; for ever when not given.
    #[arg(long)]
    days: Option<u32>,
}

impl Allows {
    fn allowance(&self) -> Allowance {
        let now = Clock::system().now();
        let in_days = |days: u32| now.saturating_add(u64::from(days).saturating_mul(86_400));
        Allowance {
            mailboxes: self.mailboxes,
            bytes: self.mebibytes.saturating_mul(1024 * 1024),
            expires_at: self.days.map(in_days),
        }
    }
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => run(serve).await,
            Command::Token { command: TokenCommand::Create { database, allows } } => {
                let token = create_token(&database, allows.allowance()).await?;
                say(&token.to_hex());
                Ok(())
            }
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

async fn run(serve: Serve) -> Result<(), RelayError> {
    let relay = Relay::start(config(&serve)).await?;
    if let Some(file) = &serve.token_file {
        token_of_file(&serve.database, file, serve.allows.allowance()).await?;
    }
    say(&format!("listening on {}", relay.address()));
    interrupted().await;
    relay.end().await
}

fn config(serve: &Serve) -> Config {
    let tls = serve
        .tls_certificate
        .clone()
        .zip(serve.tls_key.clone())
        .map(|(certificate, key)| TlsFiles { certificate, key });
    let mut bounds = Bounds {
        connections: serve.connections,
        connections_per_block: serve.connections_per_address,
        ..Bounds::default()
    };
    if serve.rate > 0.0 {
        bounds.per_block = Rate { per_second: serve.rate, burst: serve.rate * 5.0 };
    } else {
        let open = Rate { per_second: 0.0, burst: 0.0 };
        (bounds.per_block, bounds.per_mailbox) = (open, open);
    }
    Config {
        listen: serve.listen,
        database: serve.database.clone(),
        tls,
        behind_proxy: serve.behind_proxy,
        bounds,
        clock: Clock::system(),
    }
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}

fn say(line: &str) {
    // Whoever started us may have closed the other end: then nobody wants to know.
    drop(writeln!(io::stdout(), "{line}"));
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    drop(writeln!(io::stderr(), "hearthkeep-relay: {error}"));
    ExitCode::FAILURE
}

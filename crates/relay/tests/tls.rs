//! TLS by two files: what a member's computer would meet at a relay that stands by itself.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

mod support;

use std::{path::PathBuf, process::Stdio, sync::Arc};

use support::{RelayProcess, command};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

fn file(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
    folder.join(name).to_str().unwrap().to_owned()
}

fn client() -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("certificate.pem")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[tokio::test]
async fn a_relay_with_a_certificate_speaks_tls_and_nothing_else() {
    let (certificate, key) = (file("certificate.pem"), file("key.pem"));
    let relay = RelayProcess::start_with(&["--tls-certificate", &certificate, "--tls-key", &key]);
    let hello = b"POST /v1/hello HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let stream = TcpStream::connect(relay.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = client().connect(name, stream).await.unwrap();
    stream.write_all(hello).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));

    let mut plain = TcpStream::connect(relay.address).await.unwrap();
    plain.write_all(hello).await.unwrap();
    let mut answer = Vec::new();
    // Broken off, with an alert at most.
    drop(plain.read_to_end(&mut answer).await);
    assert!(!answer.starts_with(b"HTTP"));
}

#[tokio::test]
async fn a_certificate_that_is_none_is_named_and_the_relay_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["--tls-certificate", &file("README.md"), "--tls-key", &file("key.pem")].map(str::to_owned);
    let failed = command(folder.path(), &arguments).stderr(Stdio::piped()).spawn().unwrap();
    let failed = failed.wait_with_output().unwrap();
    assert!(!failed.status.success());
    assert!(String::from_utf8_lossy(&failed.stderr).contains("README.md"));
}

//! The address of a relay.

use std::net::IpAddr;

use reqwest::Url;

use super::AddressError;

/// An address that may be spoken to: HTTPS, or plain HTTP to this computer itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RelayAddress(String);

impl RelayAddress {
    /// Reads what a person has entered, or an invitation has brought.
    pub(crate) fn parse(text: &str) -> Result<Self, AddressError> {
        let url = Url::parse(text.trim()).map_err(|_| AddressError::Malformed)?;
        let host = url.host_str().ok_or(AddressError::Malformed)?;
        let plain = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if plain {
            return Err(AddressError::Malformed);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(AddressError::NotPrivate),
            _ => return Err(AddressError::Malformed),
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// Whether it is this computer.
    pub(crate) fn is_here(&self) -> bool {
        Url::parse(&self.0).ok().and_then(|url| url.host_str().map(is_loopback)).unwrap_or(false)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// Only what is loopback by its form. A name that some resolver maps to 127.0.0.1 is not.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_spoken_to_this_computer_alone() {
        for here in ["http://127.0.0.1:7878", "http://localhost:1", "http://[::1]:7878/"] {
            assert!(RelayAddress::parse(here).unwrap().is_here());
        }
        for elsewhere in
            ["http://relay.example", "http://10.0.0.1:7878", "http://127.0.0.1.example"]
        {
            assert_eq!(RelayAddress::parse(elsewhere), Err(AddressError::NotPrivate));
        }
        let there = RelayAddress::parse(" https://relay.example/hk/ ").unwrap();
        assert_eq!(there.url("/v1/head"), "https://relay.example/hk/v1/head");
        assert!(!there.is_here());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let none = [
            "",
            "relay.example",
            "ftp://relay.example",
            "https://name:secret@relay.example",
            "https://relay.example/?q=1",
            "https://relay.example/#x",
            "javascript:alert(1)",
        ];
        for text in none {
            assert_eq!(RelayAddress::parse(text), Err(AddressError::Malformed), "{text}");
        }
    }
}

//! Addresses of the endpoint, as witnesses type them.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::trouble::{Trouble, TroubleReport};

/// Longest address, in bytes.
const ADDRESS_MAX_BYTES: usize = 300;
/// The scheme of enrolment links.
const LINK_SCHEME: &str = "saksi";

/// Which hosts may be spoken to without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cleartext {
    /// This machine only: for the demo and for tests. What a release does.
    #[default]
    ThisMachine,
    /// Also private networks (10/8, 172.16/12, 192.168/16, `*.local`): for
    /// developing with a phone on the desk.
    PrivateNetworks,
}

/// A checked address of an endpoint, without path and with its scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address as it is typed: the scheme may be missing (then it is
    /// `https`, or `http` for a host that `cleartext` allows), blanks and a
    /// trailing slash do not matter.
    ///
    /// # Errors
    /// [`Trouble::BadAddress`]; [`Trouble::InsecureConnection`] for `http`
    /// where `cleartext` does not allow it.
    pub fn parse(text: &str, cleartext: Cleartext) -> Result<Self, TroubleReport> {
        let bad = |cause: &str| TroubleReport::new(Trouble::BadAddress, cause);
        let text = text.trim();
        if text.is_empty() || text.len() > ADDRESS_MAX_BYTES {
            return Err(bad("empty or too long"));
        }
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("https://{text}"))
        };
        let mut url = url.map_err(|cause| bad(&cause.to_string()))?;
        let may_be_clear = url.host_str().is_some_and(|host| cleartext.allows(host));
        if !text.contains("://") && may_be_clear {
            // The port is kept: only the scheme was guessed.
            url = Url::parse(&format!("http://{text}")).map_err(|cause| bad(&cause.to_string()))?;
        }
        match url.scheme() {
            "https" => {}
            "http" if may_be_clear => {}
            "http" => {
                return Err(TroubleReport::new(
                    Trouble::InsecureConnection,
                    "an address without TLS outside this machine",
                ));
            }
            _ => return Err(bad("neither http nor https")),
        }
        if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
            return Err(bad("no host, or a user in the address"));
        }
        url.set_query(None);
        url.set_fragment(None);
        url.set_path("");
        Ok(Self(url))
    }

    /// Whether this names the machine that asks. Typed, that is a machine with
    /// an endpoint of its own; told by an endpoint, it can only be a mistake.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        self.0.host_str().is_some_and(is_here)
    }

    /// The whole URL of a path and query of the wire.
    pub(crate) fn url(&self, path: &str) -> Result<Url, TroubleReport> {
        self.0
            .join(path)
            .map_err(|cause| TroubleReport::new(Trouble::BadAddress, cause.to_string()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl Cleartext {
    fn allows(self, host: &str) -> bool {
        match self {
            Self::ThisMachine => is_here(host),
            Self::PrivateNetworks => {
                let is_private = match ip_of(host) {
                    Some(IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local(),
                    Some(IpAddr::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
                    None => host.ends_with(".local"),
                };
                is_here(host) || is_private
            }
        }
    }
}

fn ip_of(host: &str) -> Option<IpAddr> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().ok()
}

fn is_here(host: &str) -> bool {
    host == "localhost" || ip_of(host).is_some_and(|ip| ip.is_loopback())
}

/// An enrolment link: where, and with which code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolLink {
    /// The address, not yet checked.
    pub server: String,
    /// The code, not yet checked.
    pub code: Option<String>,
}

impl EnrolLink {
    /// Reads `saksi://enrol?server=<address>&code=<code>`, or
    /// `https://host/…#code=<code>`; `None` for anything that is no link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        if url.scheme() == LINK_SCHEME {
            let value = |name: &str| {
                let pair = url.query_pairs().find(|(own, _)| own == name);
                pair.map(|(_, value)| value.into_owned())
            };
            return Some(Self {
                server: value("server")?,
                code: value("code"),
            });
        }
        let code = url.fragment()?.strip_prefix("code=")?.to_owned();
        let mut server = url;
        server.set_fragment(None);
        Some(Self {
            server: server.to_string(),
            code: Some(code),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Trouble> {
        Address::parse(text, Cleartext::ThisMachine)
            .map(|address| address.to_string())
            .map_err(|report| report.trouble)
    }

    #[test]
    fn an_address_is_read_as_people_type_it() {
        for (typed, meant) in [
            ("saksi.example.org", "https://saksi.example.org"),
            (" https://saksi.example.org/ ", "https://saksi.example.org"),
            (
                "saksi.example.org:8443/enrol",
                "https://saksi.example.org:8443",
            ),
            ("localhost:8080", "http://localhost:8080"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(read(typed), Ok(meant.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "",
            "   ",
            "ftp://x.org",
            "https://",
            "https://a:b@x.org",
            "dua kata",
        ] {
            assert_eq!(read(typed), Err(Trouble::BadAddress), "{typed:?}");
        }
    }

    #[test]
    fn figures_never_go_over_the_air_in_the_clear() {
        for typed in [
            "http://saksi.example.org",
            "http://192.168.1.4",
            "http://localhost.example.org",
        ] {
            assert_eq!(read(typed), Err(Trouble::InsecureConnection), "{typed}");
        }
        let desk = Address::parse("10.0.2.2:8080", Cleartext::PrivateNetworks).unwrap();
        assert_eq!(desk.to_string(), "http://10.0.2.2:8080");
        assert!(Address::parse("http://8.8.8.8", Cleartext::PrivateNetworks).is_err());
    }

    #[test]
    fn an_enrolment_link_names_server_and_code() {
        let link = EnrolLink::parse(
            "saksi://enrol?server=https%3A%2F%2Fsaksi.example.org&code=7KQ2M-9XH4T-1",
        )
        .unwrap();
        assert_eq!(link.server, "https://saksi.example.org");
        assert_eq!(link.code.as_deref(), Some("7KQ2M-9XH4T-1"));
        let page = EnrolLink::parse("https://saksi.example.org/enrol#code=7KQ2M-9XH4T-1").unwrap();
        assert_eq!(page.code.as_deref(), Some("7KQ2M-9XH4T-1"));
        assert_eq!(
            read(&page.server),
            Ok("https://saksi.example.org".to_owned())
        );
        assert_eq!(EnrolLink::parse("saksi.example.org"), None);
    }
}

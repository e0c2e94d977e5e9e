//! Whether a request is meant for this gateway, and which web page it may come from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::header::{HeaderMap, HOST, ORIGIN};
use http::request::Parts;
use http::HeaderValue;

use super::refusal::Refusal;

const HTTP_PORT: u16 = 80;

/// Pages of other origins that may call, and the names that `Host` may have.
pub struct Site {
    hosts: Vec<(String, Option<u16>)>,
    origins: Vec<String>,
}

impl Site {
    pub fn new(hosts: &[String], origins: &[String]) -> Self {
        Self {
            hosts: hosts.iter().filter_map(|host| split_port(host)).collect(),
            origins: origins.to_vec(),
        }
    }

    pub fn has_origins(&self) -> bool {
        !self.origins.is_empty()
    }

    /// Refuses a foreign `Host`, which a name that was rebound to this address has, and requests of
    /// pages of other origins. Returns the origin when it is another one that may call.
    pub fn admit(&self, parts: &Parts, local: SocketAddr) -> Result<Option<HeaderValue>, Refusal> {
        let host = host_of(parts)?;
        if !self.answers_for(host, local) {
            return Err(Refusal::misdirected(host));
        }
        let origin = single(&parts.headers, ORIGIN.as_str())?;
        let other = origin.filter(|origin| !is_origin_of(origin.as_bytes(), host));
        if let Some(other) = other {
            let listed = self.origins.iter().any(|listed| listed.as_bytes() == other.as_bytes());
            return if listed { Ok(Some(other.clone())) } else { Err(Refusal::cross_site()) };
        }
        // An image, a script or a link sends no origin.
        match single(&parts.headers, "sec-fetch-site")?.map(HeaderValue::as_bytes) {
            None | Some(b"same-origin" | b"none") => Ok(None),
            Some(_) => Err(Refusal::cross_site()),
        }
    }

    fn answers_for(&self, host: &str, local: SocketAddr) -> bool {
        let Some((name, port)) = split_port(host) else { return false };
        let is_listed = |listed: &(String, Option<u16>)| {
            listed.0 == name && listed.1.is_none_or(|listed| port.unwrap_or(HTTP_PORT) == listed)
        };
        if self.hosts.iter().any(is_listed) {
            return true;
        }
        if port.unwrap_or(HTTP_PORT) != local.port() {
            return false;
        }
        // No name but `localhost`: a literal address cannot be rebound.
        name == "localhost"
            || literal(&name).is_some_and(|address| {
                address == local.ip().to_canonical()
                    || address == IpAddr::V4(Ipv4Addr::LOCALHOST)
                    || address == IpAddr::V6(Ipv6Addr::LOCALHOST)
            })
    }
}

/// The one value that a header may have.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Refusal::bad_request(format!("the header {name} is given twice"))),
    }
}

fn host_of(parts: &Parts) -> Result<&str, Refusal> {
    let host = single(&parts.headers, HOST.as_str())?
        .and_then(|host| host.to_str().ok())
        .ok_or_else(|| Refusal::bad_request("the header host is missing or malformed"))?;
    // A request line with a whole URL names its host there too.
    match parts.uri.authority() {
        Some(authority) if authority.as_str() != host => {
            Err(Refusal::bad_request("the header host is not that of the URL"))
        }
        _ => Ok(host),
    }
}

/// The name in lower case, or the address in its brackets, and the port.
fn split_port(host: &str) -> Option<(String, Option<u16>)> {
    let name_end = host.rfind(']').map_or(0, |bracket| bracket + 1);
    let (name, port) = match host[name_end..].find(':') {
        None => (host, None),
        Some(colon) => {
            let (name, port) = host.split_at(name_end + colon);
            let digits = &port[1..];
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            (name, Some(digits.parse().ok().filter(|_| is_number)?))
        }
    };
    (!name.is_empty()).then(|| (name.to_ascii_lowercase(), port))
}

fn literal(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse().map(IpAddr::V6).ok(),
        None => name.parse().map(IpAddr::V4).ok(),
    }
}

/// Whether pages of an origin have this host, over whatever a proxy in front speaks.
fn is_origin_of(origin: &[u8], host: &str) -> bool {
    let rest = origin.strip_prefix(b"http://").or_else(|| origin.strip_prefix(b"https://"));
    rest.is_some_and(|rest| rest.eq_ignore_ascii_case(host.as_bytes()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use http::Request;

    use super::*;

    fn admitted(site: &Site, headers: &[(&str, &str)]) -> Result<Option<String>, u16> {
        let mut request = Request::builder().uri("/a/b");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let admitted = site.admit(&parts, "192.168.0.7:8080".parse().unwrap());
        admitted
            .map(|origin| origin.map(|origin| origin.to_str().unwrap().to_owned()))
            .map_err(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn only_known_hosts_are_answered_for() {
        let listed = ["Shop.example".to_lowercase(), "api.example:8443".to_owned()];
        let site = Site::new(&listed, &[]);
        for host in [
            "192.168.0.7:8080",
            "localhost:8080",
            "LOCALHOST:8080",
            "127.0.0.1:8080",
            "[::1]:8080",
            "shop.example",
            "Shop.Example:99",
            "api.example:8443",
        ] {
            assert_eq!(admitted(&site, &[("host", host)]), Ok(None), "{host}");
        }
        for host in [
            "evil.example:8080",
            "localhost",
            "localhost:80",
            "127.0.0.1",
            "127.0.0.1.evil.example:8080",
            "localhost.evil.example:8080",
            "192.168.0.8:8080",
            "0.0.0.0:8080",
            "[::2]:8080",
            "api.example",
            "localhost:+8080",
            "localhost:8080:8080",
            "localhost:",
            ":8080",
            "",
        ] {
            assert_eq!(admitted(&site, &[("host", host)]), Err(421), "{host}");
        }
        assert_eq!(admitted(&site, &[]), Err(400));
        let twice = [("host", "localhost:8080"), ("host", "localhost:8080")];
        assert_eq!(admitted(&site, &twice), Err(400));
    }

    #[test]
    fn pages_of_other_origins_are_refused_unless_they_are_listed() {
        let site = Site::new(&[], &["https://app.example".to_owned()]);
        let with = |headers: &[(&str, &str)]| {
            admitted(&site, &[&[("host", "localhost:8080")], headers].concat())
        };
        assert_eq!(with(&[]), Ok(None));
        assert_eq!(with(&[("origin", "http://localhost:8080")]), Ok(None));
        assert_eq!(with(&[("origin", "https://localhost:8080")]), Ok(None));
        assert_eq!(
            with(&[("origin", "https://app.example"), ("sec-fetch-site", "cross-site")]),
            Ok(Some("https://app.example".to_owned()))
        );
        for origin in
            ["null", "http://localhost:5173", "http://app.example", "https://evil.example"]
        {
            assert_eq!(with(&[("origin", origin)]), Err(403), "{origin}");
        }
        for site in ["same-origin", "none"] {
            assert_eq!(with(&[("sec-fetch-site", site)]), Ok(None), "{site}");
        }
        for site in ["cross-site", "same-site", "new"] {
            assert_eq!(with(&[("sec-fetch-site", site)]), Err(403), "{site}");
        }
        let twice = [("origin", "http://localhost:8080"), ("origin", "https://evil.example")];
        assert_eq!(with(&twice), Err(400));
    }
}

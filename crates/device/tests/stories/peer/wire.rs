//! Just enough HTTP/1.1, by hand, so that it can be broken by hand.

use protocol::ProblemCode;
use protocol::problem::{PROBLEM_TYPE, Problem};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// The head of a request, and what came of its body with it.
pub(crate) struct Head {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    rest: Vec<u8>,
}

impl Head {
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A request.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    headers: Vec<(String, String)>,
    /// As much of the body as arrived.
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.header(name).unwrap().parse().unwrap()
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// An answer.
pub(crate) struct Told {
    status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn new(status: u16, content_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn json<T: serde::Serialize>(status: u16, value: &T) -> Self {
        Self::new(
            status,
            "application/json",
            &serde_json::to_string(value).unwrap(),
        )
    }

    pub(crate) fn problem(code: ProblemCode) -> Self {
        let body = serde_json::to_string(&Problem::new(code)).unwrap();
        Self::new(code.status(), PROBLEM_TYPE, &body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 && self.status != 304 {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Reads up to the blank line.
pub(crate) async fn read_head(stream: &mut TcpStream) -> Option<Head> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        let mut part = [0_u8; 4096];
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    Some(Head {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        rest: bytes[end + 4..].to_vec(),
    })
}

/// Reads at most `most` bytes of the body.
pub(crate) async fn read_body(stream: &mut TcpStream, head: Head, most: usize) -> Asked {
    let length = head
        .headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    let wanted = most.min(length);
    let mut body = head.rest;
    while body.len() < wanted {
        let mut part = vec![0_u8; wanted - body.len()];
        match stream.read(&mut part).await {
            Ok(read) if read > 0 => body.extend_from_slice(&part[..read]),
            _ => break,
        }
    }
    body.truncate(wanted);
    let (path, query) = head.path.split_once('?').unwrap_or((&head.path, ""));
    Asked {
        method: head.method.clone(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: head.headers,
        body,
    }
}

/// Reads and forgets until the other side is gone.
pub(crate) async fn wait_for_end(stream: &mut TcpStream) {
    let mut part = [0_u8; 4096];
    while let Ok(read) = stream.read(&mut part).await {
        if read == 0 {
            return;
        }
    }
}

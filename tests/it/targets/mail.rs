//! A mail as its reader sees it, decoded.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

#[derive(Clone, Debug)]
pub(crate) struct Mail {
    /// As it travelled.
    pub(crate) raw: String,
    head: String,
    /// Decoded, with plain line ends.
    pub(crate) body: String,
}

impl Mail {
    pub(crate) fn read(raw: &str) -> Self {
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        let mut mail = Self {
            raw: raw.to_owned(),
            // Long fields are folded.
            head: head.replace("\r\n ", " "),
            body: String::new(),
        };
        let body = body.strip_suffix(".\r\n").unwrap();
        let bytes = match mail.field("Content-Transfer-Encoding").as_str() {
            "base64" => BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap(),
            "quoted-printable" => printable(body),
            _ => body.as_bytes().to_vec(),
        };
        mail.body = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
        mail
    }

    /// A field of the head, decoded.
    pub(crate) fn field(&self, name: &str) -> String {
        let fields = self
            .head
            .split("\r\n")
            .filter_map(|line| line.split_once(": "));
        let mut found = fields.filter(|(field, _)| *field == name);
        let (_, value) = found.next().unwrap();
        assert!(found.next().is_none(), "two fields {name}");
        words(value)
    }

    pub(crate) fn field_names(&self) -> Vec<&str> {
        let fields = self.head.split("\r\n");
        fields
            .map(|line| line.split_once(": ").unwrap().0)
            .collect()
    }
}

/// Encoded words (RFC 2047); white space between two of them is none.
fn words(value: &str) -> String {
    let mut text = String::new();
    for part in value.replace("?= =?", "?==?").split_inclusive("?=") {
        let Some((plain, encoded)) = part.split_once("=?utf-8?b?") else {
            text.push_str(part);
            continue;
        };
        let bytes = BASE64_STANDARD.decode(encoded.strip_suffix("?=").unwrap());
        text += plain;
        text += std::str::from_utf8(&bytes.unwrap()).unwrap();
    }
    text
}

fn printable(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "");
    let mut parts = body.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

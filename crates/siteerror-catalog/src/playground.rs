//! Where a code happens for real: the address of a playground that sends it, the address that opens its builder, and how a client sees it.

use serde::Serialize;

use crate::{Class, Code, Text};

/// The query of a playground's builder with the request that is answered by 101: it opens a WebSocket. RFC 6455 §4.1.
pub const SWITCHING: &str = "path=/websocket/echo&field=Connection:%20Upgrade&field=Upgrade:%20websocket&field=Sec-WebSocket-Version:%2013&field=Sec-WebSocket-Key:%20\
                             dGhlIHNhbXBsZSBub25jZQ%3D%3D";

/// How a code is made to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Happening {
    /// Path of the endpoint that sends the code.
    pub path: String,
    /// Path and query of the page on which a request for it is composed.
    pub builder: String,
    /// How a client sees it, in whole sentences.
    pub seen: Text,
}

impl Code {
    /// How it is made to happen.
    pub fn happening(&self) -> Happening {
        let number = self.id.number();
        let (path, builder) = if number == 101 {
            ("/play/websocket/echo".to_owned(), SWITCHING.to_owned())
        } else {
            (format!("/play/status/{number}"), format!("code={number}"))
        };
        Happening {
            path,
            builder: format!("/playground?{builder}"),
            seen: words(seen(number, self.class())),
        }
    }
}

/// Words whose only markup are the ticks around code.
const fn words(text: &'static str) -> Text {
    Text {
        markdown: text,
        plain: text,
    }
}

const fn seen(number: u16, class: Class) -> &'static str {
    match (number, class) {
        (100, _) => "It goes out ahead of a 200. Libraries swallow it, and `curl -v` shows it.",
        (101, _) => {
            "The connection becomes a WebSocket. Ordinary requests to this address get 426."
        }
        (103, _) => "Browsers may act on its links. Scripts only see the 200 that follows.",
        // RFC 9110 §15.2: a client has to parse them, and may ignore them.
        (_, Class::Informational) => {
            "It leaves first, and a 200 follows. Most clients hide it; `curl -v` does not."
        }
        (204 | 205 | 304, _) => "The status is all that you get: there is no content.",
        // RFC 9110 §15.4.
        (301 | 302 | 303 | 307 | 308, _) => {
            "Most clients follow it before you see it. Tell yours to stop, or read its history."
        }
        (401, _) => "It comes with a challenge. Opened in a tab, it asks for a password.",
        (407, _) => {
            "A browser takes it for a lie: no proxy was there. Other clients report the status."
        }
        _ => "It arrives as the status of the response.",
    }
}

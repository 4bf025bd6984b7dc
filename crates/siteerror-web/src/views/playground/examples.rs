//! Things to try, each a link that holds its state.

/// Something to try.
pub(super) struct Example {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    /// The query of its state.
    pub(super) query: &'static str,
}

pub(super) static EXAMPLES: &[Example] = &[
    Example {
        title: "Test your retry code in one minute",
        about: "Two 503s, a 429 that asks for a second, then 200. Point your client at the address, and read the report card on how it came back.",
        query: "seq=503*2,429;retry-after%3D1,200",
    },
    Example {
        title: "See a 103 with your own eyes",
        about: "The hints leave at once, the page 800 ms later. Scripts never learn of the first; the transcript has both.",
        query: "code=200&header=Content-Type:%20text/html&body=%3Cp%3EWorth%20the%20wait%3C/p%3E&delay=800ms&interim=103@0",
    },
    Example {
        title: "What does your client do with a truncated body?",
        about: "A hundred bytes are promised and twelve come. A good client calls that an error; some hand over the twelve as if they were all.",
        query: "fault=length-too-long",
    },
    Example {
        title: "Time out on purpose",
        about: "The answer is held back for eight seconds. Set your deadline to two, and look at what your code does next.",
        query: "code=200&body=sorry%20to%20keep%20you&delay=8s",
    },
    Example {
        title: "Follow a redirect loop until it stops",
        about: "It leads to itself, for ever. Count the rounds that your client makes before it gives up.",
        query: "code=302&header=Location:%20%23again",
    },
    Example {
        title: "Send a cookie that no script may see",
        about: "Set-Cookie is there in the bytes, and missing among the fields that a script can read.",
        query: "code=200&header=Set-Cookie:%20taste%3Doat;%20HttpOnly;%20Max-Age%3D60&body=have%20a%20biscuit",
    },
    Example {
        title: "Switch protocols by hand",
        about: "The four fields that open a WebSocket, and the 101 that answers them. Browsers refuse to let a script send these.",
        query: siteerror_catalog::SWITCHING,
    },
    Example {
        title: "Earn a 406",
        about: "The path sends text, and the request wants a picture. Nobody asked for this code: a rule of negotiation did it, and another Accept gets a 200.",
        query: "path=/cause/406/try&field=Accept:%20image/png",
    },
    Example {
        title: "Meet a code that no RFC has",
        about: "A gateway of the kind that Cloudflare runs, in front of a server that refuses the connection: 521.",
        query: "path=/vendor/cloudflare/521",
    },
    Example {
        title: "Send anything, get it back",
        about: "A POST with a field and content of your own, shown as it arrived.",
        query: "path=/anything&method=POST&field=X-Mood:%20curious&content=hello",
    },
];

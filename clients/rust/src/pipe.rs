//! One connection to baton: a JSON object a line, both ways.

use crate::json::{quoted, Json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::Mutex;
use std::{io, time::Duration};

const MAX_LINE: usize = 1_048_576;
const MAX_TEXT: usize = 4_000;

pub(crate) struct Pipe {
    socket: UnixStream,
    sending: Mutex<()>,
    /// The other end, where there is no baton.
    own: Option<UnixStream>,
}

impl Pipe {
    /// Without an address it is one that nobody listens to.
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let (socket, own) = match address {
            "" => UnixStream::pair().map(|(socket, own)| (socket, Some(own)))?,
            _ => (UnixStream::connect(address)?, None),
        };
        Ok(Self { socket, own, sending: Mutex::default() })
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.own.is_some()
    }

    pub(crate) fn lines(&self) -> io::Result<BufReader<UnixStream>> {
        self.socket.try_clone().map(BufReader::new)
    }

    /// Whether baton is there to hear it; the fields are JSON.
    pub(crate) fn send(&self, kind: &str, fields: &[(&str, String)]) -> bool {
        let fields: String = fields.iter().map(|(name, value)| format!(r#","{name}":{value}"#)).collect();
        let _sending = self.sending.lock().unwrap();
        let is_said = !self.is_alone() && writeln!(&self.socket, r#"{{"type":"{kind}"{fields}}}"#).is_ok();
        if !is_said && !self.is_alone() {
            self.hang_up();
        }
        is_said
    }

    /// Ends what is received; sending goes on.
    pub(crate) fn hang_up(&self) {
        self.socket.shutdown(Shutdown::Read).ok(); // It may be closed already.
    }

    pub(crate) fn close(&self) {
        self.socket.shutdown(Shutdown::Both).ok();
    }

    /// From now on SIGINT and SIGTERM hang up.
    pub(crate) fn hang_up_on_signals(&self) {
        PIPE.store(self.socket.as_raw_fd(), Ordering::SeqCst);
        for number in [2, 15] {
            // SAFETY: the handler is safe to call at any time.
            unsafe { signal(number, on_signal) };
        }
    }
}

/// For signal handlers.
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn shutdown(descriptor: i32, how: i32) -> i32;
}

extern "C" fn on_signal(_: i32) {
    // SAFETY: the pipe is open as long as the process is; shutdown(2) may be called by signal handlers.
    unsafe { shutdown(PIPE.load(Ordering::SeqCst), 0) };
}

/// What baton says.
pub(crate) struct Message(Json);

impl Message {
    /// The next; None where baton is gone. Fails with what is wrong with the line.
    pub(crate) fn receive(lines: &mut BufReader<UnixStream>) -> Result<Option<Self>, String> {
        let mut line = vec![];
        let length = lines.take(MAX_LINE as u64).read_until(b'\n', &mut line).unwrap_or(0);
        if line.last() != Some(&b'\n') {
            return if length == MAX_LINE {
                Err(format!("The line is longer than {MAX_LINE} bytes"))
            } else {
                Ok(None)
            };
        }
        let text = String::from_utf8(line).map_err(|_| "The line is not UTF-8")?;
        let message = Self(Json::parse(&text).ok_or("The line is not JSON")?);
        message.text("type")?;
        Ok(Some(message))
    }

    pub(crate) fn kind(&self) -> &str {
        self.0.text("type").unwrap_or_default()
    }

    pub(crate) fn text(&self, key: &str) -> Result<&str, String> {
        self.0.text(key).ok_or(format!("{:?} has no text {key:?}", self.kind()))
    }

    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        self.0.texts(key)
    }

    pub(crate) fn number(&self, key: &str) -> Result<f64, String> {
        let number = self.0.number(key).filter(|number| (0.0..1e9).contains(number));
        number.ok_or(format!("{:?} has no number {key:?}", self.kind()))
    }

    pub(crate) fn deadline(&self) -> Result<Duration, String> {
        self.number("deadlineMs").map(|ms| Duration::from_secs_f64(ms / 1e3))
    }
}

/// A text for people, as JSON, and no longer than a message should hold.
pub(crate) fn for_people(text: &str) -> String {
    quoted(&text.chars().take(MAX_TEXT).collect::<String>())
}

/// Tells people, where there is somebody who reads.
pub(crate) fn complain(text: &str) {
    writeln!(io::stderr(), "baton: {text}").ok();
}

//! One connection to baton: a JSON object a line, both ways.

use crate::json::{field, quoted, text, texts};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
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
        IS_ALONE.store(self.is_alone(), Ordering::SeqCst);
        handle_signals(on_signal as extern "C" fn(i32) as usize);
    }
}

/// From now on SIGINT and SIGTERM end the process at once.
pub(crate) fn leave_signals() {
    handle_signals(0); // SIG_DFL
}

/// For signal handlers.
static PIPE: AtomicI32 = AtomicI32::new(-1);
static IS_ALONE: AtomicBool = AtomicBool::new(false);

extern "C" {
    fn signal(number: i32, handler: usize) -> usize;
    fn shutdown(descriptor: i32, how: i32) -> i32;
}

fn handle_signals(handler: usize) {
    for number in [2, 15] {
        // SAFETY: the handler is safe to call at any time.
        unsafe { signal(number, handler) };
    }
}

extern "C" fn on_signal(_: i32) {
    // SAFETY: the pipe is open as long as the process is; signal handlers may call shutdown(2) and signal(2).
    unsafe { shutdown(PIPE.load(Ordering::SeqCst), 0) };
    if IS_ALONE.load(Ordering::SeqCst) {
        leave_signals();
    }
}

/// What baton says.
pub(crate) struct Message(String);

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
        let message = Self(String::from_utf8(line).map_err(|_| "The line is not UTF-8")?);
        message.text("type").map(|_| Some(message))
    }

    pub(crate) fn text(&self, key: &str) -> Result<String, String> {
        field(&self.0, key).and_then(text).ok_or(format!("The line is no object in JSON with a text {key:?}"))
    }

    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        field(&self.0, key).map(texts).unwrap_or_default()
    }

    pub(crate) fn number(&self, key: &str) -> Result<f64, String> {
        let number = field(&self.0, key).and_then(|number| number.parse().ok());
        number.filter(|number| (0.0..1e9).contains(number)).ok_or(format!("The line has no number {key:?}"))
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

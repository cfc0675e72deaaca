//! While the program waits for its end, SIGINT and SIGTERM hang up, as baton does where it is gone.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

pub(crate) static SOCKET: OnceLock<&UnixStream> = OnceLock::new();

extern "C" {
    fn signal(number: i32, handler: Option<extern "C" fn(i32)>) -> usize;
}

pub(crate) extern "C" fn hang_up(_: i32) {
    SOCKET.get().map(|socket| socket.shutdown(Shutdown::Read));
}

/// Without a handler they end the process at once.
pub(crate) fn handle_signals(handler: Option<extern "C" fn(i32)>) {
    for number in [2, 15] {
        // SAFETY: the handler makes one system call, which it may at any time.
        unsafe { signal(number, handler) };
    }
}

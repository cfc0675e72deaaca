//! Hands a running program over to its next version, together with what it knows.
//!
//! A program that takes part (run it with `baton -- cargo run`); without baton it works unchanged:
//!
//! ```
//! # fn main() -> Result<(), baton::Error> {
//! use std::sync::{atomic::{AtomicU64, Ordering}, Arc};
//!
//! let app = baton::join()?;
//! let restored = app.restore(|bytes| std::str::from_utf8(bytes)?.parse::<u64>().map_err(baton::Error::from))?;
//! let count = Arc::new(AtomicU64::new(restored.unwrap_or(0))); // behind the barrier, which waits
//! app.on_save({
//!     let count = count.clone();
//!     move || Ok(count.load(Ordering::SeqCst).to_string())
//! });
//! count.fetch_add(1, Ordering::SeqCst);
//! # if std::env::var("BATON_PIPE").is_ok() {
//! app.wait(); // says ready; returns when it is time to end
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! The state is bytes, for `serde_json` or whatever the program likes; where components save a part of it, it is an
//! object in JSON with a key a component.
//!
//! There is no async runtime in it, and any will do: stop and save functions run on threads of their own, where
//! `tokio::runtime::Handle::block_on` may be called, and `tokio::task::spawn_blocking(move || app.wait()).await` waits
//! for the end.
//!
//! # Theory of operation
//!
//! A thread listens on the socket that `BATON_PIPE` names (`participant.rs`, `message.rs`). Asked to shut down it stops
//! the components, saves the state and waits for "exit"; then [`App::wait`] returns, so that `main` ends in
//! the ordinary way. It does the same by itself when the pipe is lost (baton is gone) and, while [`App::wait`] waits, on
//! SIGINT and SIGTERM. Rust ends the process when `main` returns, whatever else goes on: let it end with
//! [`App::wait`]. `docs/protocol.md`, in baton's repository, describes the messages.

mod app;
mod component;
mod message;
mod participant;
mod sha256;

pub use {app::App, component::Component};

/// What a program's functions may fail with.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Takes part in baton's handoff; without baton it returns a stand-in that works alone.
///
/// # Errors
/// Where `BATON_PIPE` is set and baton cannot be reached.
pub fn join() -> Result<App, Error> {
    App::join(vec![])
}

/// As [`join`], for a program of which two generations must never run at once (a lock, a device, too much memory): the
/// next one is started only after this one is gone.
///
/// # Errors
/// As [`join`].
pub fn join_exclusive() -> Result<App, Error> {
    App::join(vec!["exclusive"])
}

use crate::{App, Error};
use std::env::var;
use std::net::TcpListener;
use std::os::fd::{FromRawFd, IntoRawFd};

const FIRST: usize = 3; // as sd_listen_fds(3) has it

extern "C" {
    fn fcntl(descriptor: i32, command: i32, ...) -> i32;
}

impl App {
    /// The socket that baton holds (`--listen`): who connects while one generation hands over to the next waits in its
    /// queue, and nobody is refused. Call it after [`restore`](App::restore). The name is the port; "" is the first
    /// socket. Where none is held it listens at the address.
    ///
    /// # Errors
    /// Where there is no socket of that name, and where none is held and the address is empty or cannot be bound.
    pub fn listener(&self, name: &str, address: &str) -> Result<TcpListener, Error> {
        let names = held_names();
        match names.iter().position(|held| name.is_empty() || name == held) {
            Some(at) => {
                let held = adopt((FIRST + at) as i32)?;
                if self.0.pipe.is_alone() || self.own().has_started {
                    held.set_nonblocking(false)?; // Whoever had it before may have left it otherwise.
                }
                Ok(held)
            }
            None if !names.is_empty() => Err(format!("no socket {name:?} is held, but {names:?}").into()),
            None if address.is_empty() => {
                Err("no socket is held: start baton with --listen PORT, or name an address".into())
            }
            None => Ok(TcpListener::bind(address)?),
        }
    }
}

/// As a copy, so that who closes it can get it again; no child of the program inherits it.
fn adopt(descriptor: i32) -> Result<TcpListener, Error> {
    const F_SETFD: i32 = 2;
    const FD_CLOEXEC: i32 = 1;
    // SAFETY: it only sets a flag, and fails where the descriptor is closed.
    if unsafe { fcntl(descriptor, F_SETFD, FD_CLOEXEC) } < 0 {
        return Err(format!("descriptor {descriptor} was not passed on by who started this program").into());
    }
    // SAFETY: it is open, and given back before it could be closed.
    let held = unsafe { TcpListener::from_raw_fd(descriptor) };
    let copy = held.try_clone();
    let _ = held.into_raw_fd();
    let copy = copy?;
    copy.local_addr().map_err(|error| format!("descriptor {descriptor} is no TCP socket: {error}"))?;
    Ok(copy)
}

/// In their order. Baton's may go through a launcher, which has another process number.
fn held_names() -> Vec<String> {
    let is_own = var("LISTEN_PID").is_ok_and(|pid| pid == std::process::id().to_string());
    if var("BATON_VERSION").is_err() && !is_own {
        return vec![];
    }
    let count = var("LISTEN_FDS").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let names = var("LISTEN_FDNAMES").unwrap_or_default();
    let mut names: Vec<String> = names.split(':').map(String::from).collect();
    names.resize(count, String::new());
    names
}

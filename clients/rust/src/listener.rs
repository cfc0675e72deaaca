use crate::{App, Error};
use std::env::var;
use std::net::TcpListener;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixListener;

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
    /// Where there is no socket of that name, it is not of TCP, or none is held and the address is empty or cannot be
    /// bound.
    pub fn listener(&self, name: &str, address: &str) -> Result<TcpListener, Error> {
        let Some(held) = self.held(name, address)? else { return Ok(TcpListener::bind(address)?) };
        held.local_addr().map_err(|error| format!("socket {name:?} is not of TCP: {error}"))?;
        Ok(held)
    }

    /// As [`listener`](App::listener), for a Unix socket: its name is that of its file.
    ///
    /// # Errors
    /// As there.
    pub fn unix_listener(&self, name: &str, path: &str) -> Result<UnixListener, Error> {
        let Some(held) = self.held(name, path)? else { return Ok(UnixListener::bind(path)?) };
        let held = UnixListener::from(OwnedFd::from(held));
        held.local_addr().map_err(|error| format!("socket {name:?} is no Unix socket: {error}"))?;
        Ok(held)
    }

    /// None where none is, and there is a default.
    fn held(&self, name: &str, default: &str) -> Result<Option<TcpListener>, Error> {
        let names = held_names();
        let Some(at) = names.iter().position(|held| name.is_empty() || name == held) else {
            return match names.is_empty() {
                true if default.is_empty() => {
                    Err("no socket is held: start baton with --listen, or name a default".into())
                }
                true => Ok(None),
                false => Err(format!("no socket {name:?} is held, but {names:?}").into()),
            };
        };
        let held = adopted((FIRST + at) as i32)?;
        if self.0.pipe.is_alone() || self.own().has_started {
            held.set_nonblocking(false)?; // Whoever had it before may have left it otherwise.
        }
        Ok(Some(held))
    }
}

/// As a copy, so that who closes it can get it again; no child of the program inherits it. Whatever its family is.
fn adopted(descriptor: i32) -> Result<TcpListener, Error> {
    const F_SETFD: i32 = 2;
    const FD_CLOEXEC: i32 = 1;
    // SAFETY: it only sets a flag, and fails where the descriptor is closed.
    if unsafe { fcntl(descriptor, F_SETFD, FD_CLOEXEC) } < 0 {
        return Err(format!("descriptor {descriptor} was not passed on by who started this program").into());
    }
    // SAFETY: it is open, and nothing here closes it.
    Ok(unsafe { BorrowedFd::borrow_raw(descriptor) }.try_clone_to_owned()?.into())
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

use crate::{App, Error};
use std::env::var;
use std::net::TcpListener;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::process::id;

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

    /// Of whatever family it is; None where none is held, and there is a default.
    fn held(&self, name: &str, default: &str) -> Result<Option<TcpListener>, Error> {
        // Baton's may go through a launcher, which has another process number.
        let is_own = var("BATON_VERSION").is_ok() || var("LISTEN_PID").is_ok_and(|pid| pid == id().to_string());
        let count = var("LISTEN_FDS").ok().filter(|_| is_own).and_then(|count| count.parse().ok()).unwrap_or(0);
        let mut names: Vec<_> = var("LISTEN_FDNAMES").unwrap_or_default().split(':').map(String::from).collect();
        names.resize(count, String::new());
        if names.is_empty() && !default.is_empty() {
            return Ok(None);
        }
        let at = names.iter().position(|held| name.is_empty() || name == held);
        let at = at.map(|at| 3 + at as i32); // as sd_listen_fds(3) has it

        // SAFETY: F_SETFD sets FD_CLOEXEC, so no child of the program inherits it, or fails where it is closed.
        let open = at.filter(|at| unsafe { fcntl(*at, 2, 1) } >= 0);
        let open = open.ok_or_else(|| format!("no socket {name:?} was passed on (--listen): there are {names:?}"))?;
        // SAFETY: it is open, and nothing here closes it: who closes the copy can get it again.
        let held: TcpListener = unsafe { BorrowedFd::borrow_raw(open) }.try_clone_to_owned()?.into();
        if self.own().start.is_some() {
            held.set_nonblocking(false)?; // Whoever had it before may have left it otherwise.
        }
        Ok(Some(held))
    }
}

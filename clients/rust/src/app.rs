use crate::component::{Component, Save};
use crate::message::text;
use crate::Error;
use std::net::{Shutdown, TcpListener};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use std::{env, fs, mem, process, thread};

/// This program's part in the handoff, made by [`join`](crate::join). It can be copied, and used on any thread.
#[derive(Clone, Copy)]
pub struct App(pub(crate) &'static Inner);

pub(crate) struct Inner {
    pub(crate) socket: UnixStream,
    pub(crate) alone: Option<UnixStream>, // the other end of it, where there is no baton
    own: Mutex<Own>,
    pub(crate) changed: Condvar, // what is in `own`
    pub(crate) saving: Mutex<()>,
    pub(crate) sending: Mutex<UnixStream>,
}

#[derive(Default)]
pub(crate) struct Own {
    hello: String,                    // that was said last
    pub(crate) start: Option<String>, // the message
    capabilities: Vec<&'static str>,
    pub(crate) is_ready: bool,
    pub(crate) is_closing: bool,
    pub(crate) has_ended: bool,
    pub(crate) components: Vec<Component>,
    pub(crate) save: Option<Save>,         // of the program itself
    pub(crate) parts: Vec<(String, Save)>, // of its components
}

/// Who waits for the end; a signal brings it.
pub(crate) static WAITING: OnceLock<App> = OnceLock::new();

extern "C" {
    pub(crate) fn dup2(descriptor: i32, onto: i32) -> i32;
    fn fcntl(descriptor: i32, command: i32, ...) -> i32;
    pub(crate) fn poll(polled: *mut [i32; 2], count: usize, timeout_ms: i32) -> i32;
    fn signal(number: i32, handler: Option<extern "C" fn(i32)>) -> usize;
}

/// Has the program stop as where baton is gone. Without baton another signal ends it at once.
extern "C" fn hang_up(number: i32) {
    let Some(App(inner)) = WAITING.get() else { return };
    inner.socket.shutdown(Shutdown::Read).ok();
    // SAFETY: this and the call above are system calls, which a handler may make.
    unsafe { signal(number, inner.alone.is_none().then_some(hang_up as _)) };
}

impl App {
    pub(crate) fn join(capabilities: Vec<&'static str>) -> Result<Self, Error> {
        let unreached = |error| format!("cannot reach baton, unset BATON_PIPE to run alone: {error}");
        let (socket, alone) = match env::var("BATON_PIPE").unwrap_or_default().as_str() {
            "" => UnixStream::pair().map(|(socket, other)| (socket, Some(other)))?,
            address => (UnixStream::connect(address).map_err(unreached)?, None),
        };
        let start = alone.as_ref().map(|_| "{}".into()); // Nobody is waited for.
        let own = Own { start, capabilities, ..Own::default() }.into();
        let sending = socket.try_clone()?.into();
        let inner = Inner { socket, sending, alone, own, changed: Condvar::new(), saving: ().into() };
        let app = Self(Box::leak(Box::new(inner))); // It is there as long as the process is.
        thread::Builder::new().spawn(move || app.listen())?;
        Ok(app)
    }

    /// What the generation before saved, as `read` makes it of the bytes; None where there is nothing.
    ///
    /// This is the barrier: while the generation before still serves, it waits. What is slow belongs before this call,
    /// what must not run twice (binding a port, starting a loop) after it. A program that is not needed any more ends
    /// here, with status 0; what must be done before that, as flushing what is buffered, say with atexit(3).
    ///
    /// # Errors
    /// Where the state cannot be read, and where `read` fails, as of a state that another version has saved in another
    /// shape; baton keeps it.
    pub fn restore<T, E: Into<Error>>(&self, read: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<Option<T>, Error> {
        self.declare(|own| own.capabilities.extend(own.hello.is_empty().then_some("handoff")));
        let start = self.0.changed.wait_while(self.own(), |own| own.start.is_none()).unwrap().start.clone();
        let Some(path) = start.and_then(|start| text(&start, "stateFile")) else { return Ok(None) };
        let state = fs::read(&path).map_err(Error::from).and_then(|bytes| read(&bytes).map_err(Into::into));
        state.map(Some).map_err(|error| format!("cannot read the state {path:?}, --fresh starts anew: {error}").into())
    }

    /// Declares a part of the program. At the end the parts are stopped one after the other, the last declared first,
    /// those that serve after all others. One that fails, panics or is late is reported, the others still stop.
    ///
    /// # Panics
    /// Where the name is empty, over 200 bytes long, or taken.
    pub fn component(&self, component: Component) {
        let name = &component.name;
        let is_new = self.own().components.iter().all(|other| other.name != *name);
        assert!(is_new && (1..=200).contains(&name.len()), "baton: {name:?} is taken, or not of 1 to 200 bytes");
        self.declare(|own| {
            own.parts.extend(component.save.clone().map(|save| (component.name.clone(), save)));
            own.components.push(component);
        });
    }

    /// Sets what is called for the state when it is to be saved. With components that save too it must be an object in
    /// JSON; theirs are added to it.
    pub fn on_save<S: Into<Vec<u8>>>(&self, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) {
        self.declare(|own| own.save = Some(Arc::new(move || save().map(Into::into))));
    }

    /// Says that the program serves. Nothing is saved before; called again, it does nothing.
    pub fn ready(&self) {
        if self.declare(|own| !own.is_closing && !mem::replace(&mut own.is_ready, true)) {
            self.send(r#"{"type":"ready"}"#);
        }
    }

    /// Saves the state while running; a crash resumes from it. It does nothing without baton.
    ///
    /// # Errors
    /// Before [`ready`](App::ready), where nothing saves, what the save functions fail with, and where the state cannot
    /// be written.
    pub fn checkpoint(&self) -> Result<(), Error> {
        self.put("checkpoint", &self.out(), false)
    }

    /// Says [`ready`](App::ready) and returns when the program is to end, its components stopped and its state saved.
    /// Meanwhile SIGINT and SIGTERM end the program the same way; without baton a second one ends it at once. Return
    /// from `main` within a second after it.
    pub fn wait(&self) {
        WAITING.get_or_init(|| *self);
        // SAFETY: the handler makes system calls, which it may at any time.
        let _ = [2, 15].map(|number| unsafe { signal(number, Some(hang_up)) });
        self.ready();
        drop(self.0.changed.wait_while(self.own(), |own| !own.has_ended).unwrap());
    }

    /// The socket that baton holds (`--listen`): who connects while one generation hands over to the next waits in its
    /// queue, and nobody is refused. Call it after [`restore`](App::restore). The name is the port; "" is the first
    /// socket. Where none is held it listens at the address.
    ///
    /// # Errors
    /// Where there is no socket of that name, it is not of TCP, or none is held and the address is empty or cannot be
    /// bound.
    pub fn listener(&self, name: &str, address: &str) -> Result<TcpListener, Error> {
        let Some(held) = self.held::<TcpListener>(name, address)? else { return Ok(TcpListener::bind(address)?) };
        held.local_addr().map_err(|error| format!("socket {name:?} is not of TCP: {error}"))?;
        Ok(held)
    }

    /// As [`listener`](App::listener), for a Unix socket: its name is that of its file.
    ///
    /// # Errors
    /// As there.
    pub fn unix_listener(&self, name: &str, path: &str) -> Result<UnixListener, Error> {
        let Some(held) = self.held::<UnixListener>(name, path)? else { return Ok(UnixListener::bind(path)?) };
        held.local_addr().map_err(|error| format!("socket {name:?} is no Unix socket: {error}"))?;
        Ok(held)
    }

    /// One of whatever family; None where none is held, and there is a default.
    fn held<T: From<OwnedFd>>(&self, name: &str, default: &str) -> Result<Option<T>, Error> {
        // Baton's may go through a launcher, which has another process number.
        let is_own = env::var("BATON_VERSION").is_ok() || env::var("LISTEN_PID") == Ok(process::id().to_string());
        let count = env::var("LISTEN_FDS").ok().filter(|_| is_own).and_then(|count| count.parse().ok()).unwrap_or(0);
        let mut names: Vec<_> = env::var("LISTEN_FDNAMES").unwrap_or_default().split(':').map(String::from).collect();
        names.resize(count, String::new());
        if names.is_empty() && !default.is_empty() {
            return Ok(None);
        }
        // As sd_listen_fds(3) has it.
        let at = names.iter().position(|held| name.is_empty() || name == held).map(|at| 3 + at as i32);
        // SAFETY: F_SETFD sets FD_CLOEXEC, so no child of the program inherits it, or fails where it is closed.
        let open = at.filter(|at| unsafe { fcntl(*at, 2, 1) } >= 0);
        let open = open.ok_or_else(|| format!("no socket {name:?} was passed on (--listen): there are {names:?}"))?;
        // SAFETY: it is open, and nothing here closes it: who closes the copy can get it again.
        let held: TcpListener = unsafe { BorrowedFd::borrow_raw(open) }.try_clone_to_owned()?.into();
        // Whoever had it before may have left it otherwise; until the start that one has it still.
        self.own().start.as_ref().map(|_| held.set_nonblocking(false)).transpose()?;
        Ok(Some(OwnedFd::from(held).into()))
    }

    pub(crate) fn own(&self) -> MutexGuard<'_, Own> {
        self.0.own.lock().unwrap()
    }

    /// Where to save unasked.
    pub(crate) fn out(&self) -> String {
        let told = self.own().start.as_ref().and_then(|start| text(start, "out"));
        told.or(env::var("BATON_STATE_OUT").ok()).unwrap_or_default()
    }

    /// Changes what is declared, and says so: at the barrier, and once ready.
    pub(crate) fn declare<T>(&self, change: impl FnOnce(&mut Own) -> T) -> T {
        let mut own = self.own();
        let result = change(&mut own);
        self.0.changed.notify_all();
        let checkpoint = (own.save.is_some() || !own.parts.is_empty()).then_some("checkpoint");
        let capabilities: Vec<_> = own.capabilities.iter().copied().chain(checkpoint).collect();
        let components = Vec::from_iter(own.components.iter().map(Component::hello)).join(",");
        let (pid, version) = (process::id(), env!("CARGO_PKG_VERSION"));
        let about = format!(r#""type":"hello","protocol":1,"pid":{pid},"client":"baton-rust/{version}""#);
        let hello = format!(r#"{{{about},"capabilities":{capabilities:?},"components":[{components}]}}"#);
        let is_at_barrier = own.hello.is_empty() && own.capabilities.contains(&"handoff");
        if hello != own.hello && !own.is_closing && (own.is_ready || is_at_barrier) {
            self.send(&hello);
            own.hello = hello;
        }
        result
    }
}

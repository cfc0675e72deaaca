use crate::component::{Component, Save};
use crate::message::text;
use crate::signals::{handle_signals, hang_up, SOCKET};
use crate::Error;
use std::env::var;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::{fs, process, thread};

/// This program's part in the handoff, made by [`join`](crate::join). It can be copied, and used on any thread.
#[derive(Clone, Copy)]
pub struct App(pub(crate) &'static Inner);

pub(crate) struct Inner {
    pub(crate) socket: UnixStream,
    pub(crate) alone: Option<UnixStream>, // the other end of it, where there is no baton
    own: Mutex<Own>,
    pub(crate) changed: Condvar, // what is in `own`
    pub(crate) saving: Mutex<()>,
    pub(crate) sending: Mutex<()>,
}

#[derive(Default)]
pub(crate) struct Own {
    hello: String,                    // that was said last
    pub(crate) start: Option<String>, // the message
    capabilities: Vec<&'static str>,
    pub(crate) is_ready: bool,
    pub(crate) is_closing: bool,
    pub(crate) is_awaited: bool,
    pub(crate) has_ended: bool,
    pub(crate) components: Vec<Component>,
    pub(crate) save: Option<Save>,
    pub(crate) parts: Vec<(String, Save)>, // of the components that save
}

impl App {
    pub(crate) fn join(capabilities: Vec<&'static str>) -> Result<Self, Error> {
        let unreached = |error| format!("cannot reach baton, unset BATON_PIPE to run alone: {error}");
        let (socket, alone) = match var("BATON_PIPE").unwrap_or_default().as_str() {
            "" => UnixStream::pair().map(|(socket, other)| (socket, Some(other)))?,
            address => (UnixStream::connect(address).map_err(unreached)?, None),
        };
        let start = alone.as_ref().map(|_| "{}".into()); // Nobody is waited for.
        let own = Own { start, capabilities, ..Own::default() }.into();
        let inner = Inner { socket, alone, own, changed: Condvar::new(), saving: ().into(), sending: ().into() };
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
        let mut own = self.own();
        let barrier = own.hello.is_empty().then_some("handoff");
        own.capabilities.extend(barrier);
        self.greet(&mut own);
        let own = self.0.changed.wait_while(own, |own| own.start.is_none()).unwrap();
        let Some(path) = own.start.as_ref().and_then(|start| text(start, "stateFile").ok()) else { return Ok(None) };
        drop(own);
        let state = fs::read(&path).map_err(Error::from).and_then(|bytes| read(&bytes).map_err(Into::into));
        state.map(Some).map_err(|error| format!("cannot read the state {path:?}, --fresh starts anew: {error}").into())
    }

    /// Declares a part of the program. At the end the parts are stopped one after the other, the last declared first,
    /// those that serve after all others. One that fails, panics or is late is reported, the others still stop.
    ///
    /// # Panics
    /// Where the name is empty, over 200 bytes long, or taken.
    pub fn component(&self, component: Component) {
        let Component { name, save, .. } = &component;
        let is_new = self.own().components.iter().all(|other| other.name != *name);
        assert!(is_new && (1..=200).contains(&name.len()), "baton: {name:?} is taken, or not of 1 to 200 bytes");
        let mut own = self.own();
        own.parts.extend(save.clone().map(|save| (name.clone(), save)));
        own.components.push(component);
        self.greet(&mut own);
    }

    /// Sets what is called for the state when it is to be saved. With components that save too it must be an object in
    /// JSON; theirs are added to it.
    pub fn on_save<S: Into<Vec<u8>>>(&self, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) {
        let mut own = self.own();
        own.save = Some(Arc::new(move || save().map(Into::into)));
        self.greet(&mut own);
    }

    /// Says that the program serves. Nothing is saved before; called again, it does nothing.
    pub fn ready(&self) {
        let mut own = self.own();
        if !own.is_ready && !own.is_closing {
            own.is_ready = true;
            self.greet(&mut own);
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
        SOCKET.get_or_init(|| &self.0.socket);
        handle_signals(Some(hang_up));
        self.own().is_awaited = true;
        self.ready();
        drop(self.0.changed.wait_while(self.own(), |own| !own.has_ended).unwrap());
    }

    pub(crate) fn own(&self) -> MutexGuard<'_, Own> {
        self.0.own.lock().unwrap()
    }

    /// Where to save unasked.
    pub(crate) fn out(&self) -> String {
        let told = self.own().start.as_ref().and_then(|start| text(start, "out").ok());
        told.or(var("BATON_STATE_OUT").ok()).unwrap_or_default()
    }

    /// Says what is declared, where that has changed: at the barrier, and once ready.
    fn greet(&self, own: &mut Own) {
        let checkpoint = (own.save.is_some() || !own.parts.is_empty()).then_some("checkpoint");
        let capabilities: Vec<_> = own.capabilities.iter().copied().chain(checkpoint).collect();
        let components: Vec<_> = own.components.iter().map(Component::hello).collect();
        let about = concat!(r#""protocol":1,"client":"baton-rust/"#, env!("CARGO_PKG_VERSION"), '"');
        let declared = format!(r#""capabilities":{capabilities:?},"components":[{}]"#, components.join(","));
        let hello = format!(r#"{{"type":"hello",{about},"pid":{},{declared}}}"#, process::id());
        let is_at_barrier = own.hello.is_empty() && own.capabilities.contains(&"handoff");
        if hello != own.hello && !own.is_closing && (own.is_ready || is_at_barrier) {
            self.send(&hello);
            own.hello = hello;
        }
    }
}

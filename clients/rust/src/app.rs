use crate::changes::Reader;
use crate::component::{Component, Save};
use crate::pipe::{leave_signals, Pipe};
use crate::recycling::check;
use crate::Error;
use std::env::var;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;
use std::{fs, process, thread};

pub(crate) const ALONE: Duration = Duration::from_secs(10); // for components and state, where baton names no deadline
pub(crate) const SAVE: Duration = Duration::from_secs(5); // for a checkpoint

/// This program's part in the handoff, made by [`join`](crate::join). It can be cloned, and used on any thread.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) pipe: Pipe,
    pub(crate) saving: Mutex<()>,
    pub(crate) stopping: Mutex<()>, // held while components are stopped, and started again
    own: Mutex<Own>,
    pub(crate) changed: Condvar, // what is in `own`
}

#[derive(Default)]
pub(crate) struct Own {
    pub(crate) generation: u64,
    pub(crate) changes: Vec<String>,
    pub(crate) out: String,
    pub(crate) state_file: Option<String>,
    pub(crate) has_started: bool,
    pub(crate) has_barrier: bool,
    is_exclusive: bool,
    pub(crate) is_ready: bool,
    pub(crate) is_closing: bool,
    pub(crate) is_awaited: bool,
    pub(crate) has_ended: bool,
    hello: Vec<(&'static str, String)>, // that was said last
    pub(crate) components: Vec<Component>,
    pub(crate) readers: Vec<Reader>,
    pub(crate) save: Option<Save>,
    pub(crate) at_exit: Vec<Box<dyn FnOnce() + Send>>,
}

impl App {
    pub(crate) fn join(is_exclusive: bool) -> Result<Self, Error> {
        let pipe = Pipe::open(&var("BATON_PIPE").unwrap_or_default())
            .map_err(|error| format!("cannot reach baton, unset BATON_PIPE to run alone: {error}"))?;
        let own = Own {
            generation: var("BATON_GENERATION").ok().and_then(|number| number.parse().ok()).unwrap_or(1),
            changes: var("BATON_CHANGED").unwrap_or_default().lines().map(String::from).collect(),
            out: var("BATON_STATE_OUT").unwrap_or_default(),
            is_exclusive,
            ..Own::default()
        };
        let (own, changed) = (Mutex::new(own), Condvar::new());
        let app = Self(Arc::new(Inner { pipe, saving: Mutex::default(), stopping: Mutex::default(), own, changed }));
        let (listening, lines) = (app.clone(), app.0.pipe.lines()?);
        thread::spawn(move || listening.listen(lines));
        Ok(app)
    }

    /// What the generation before saved, as `read` makes it of the bytes; None where there is nothing.
    ///
    /// This is the barrier: while the generation before still serves, it waits. What is slow belongs before this call,
    /// what must not run twice (binding a port, starting a loop) after it. A program that is not needed any more ends
    /// here, with status 0; what must be done before that, say with [`at_exit`](App::at_exit).
    ///
    /// # Errors
    /// Where the state cannot be read, and where `read` fails, as of a state that another version has saved in another
    /// shape; baton keeps it.
    pub fn restore<T, E: Into<Error>>(&self, read: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<Option<T>, Error> {
        if self.0.pipe.is_alone() {
            return Ok(None);
        }
        self.declare(|own| own.has_barrier |= own.hello.is_empty());
        let own = self.0.changed.wait_while(self.own(), |own| !own.has_started).unwrap();
        let Some(path) = own.state_file.clone() else { return Ok(None) };
        drop(own);
        let state = fs::read(&path).map_err(Error::from).and_then(|bytes| read(&bytes).map_err(Into::into));
        let in_words = |error| format!("cannot read the state {path:?} (--fresh starts without it): {error}").into();
        state.map(Some).map_err(in_words)
    }

    /// The number of this run under baton, from 1 on; 1 without baton.
    pub fn generation(&self) -> u64 {
        self.own().generation
    }

    /// The paths behind this start, relative to the working directory; empty at first.
    pub fn changed(&self) -> Vec<String> {
        self.own().changes.clone()
    }

    /// Declares a part of the program. At the end the parts are stopped one after the other, the last declared first,
    /// those that serve after all others. One that fails, panics or is late is reported, the others still stop.
    ///
    /// # Panics
    /// Where the name is empty, over 200 bytes long, or taken.
    pub fn component(&self, component: Component) {
        let name = &component.name;
        let is_new = !self.own().components.iter().any(|other| other.name == *name);
        assert!(is_new && (1..=200).contains(&name.len()), "baton: {name:?} is taken, or not of 1 to 200 bytes");
        self.declare(|own| own.components.push(component));
    }

    /// Sets what is called for the state when it is to be saved. With components that save too it must be an object in
    /// JSON; theirs are added to it.
    pub fn on_save<S: Into<Vec<u8>>>(&self, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) {
        self.declare(|own| own.save = Some(Arc::new(move || save().map(Into::into))));
    }

    /// Sets what reads changed data files anew, where a rule of baton's says "notify": it is called with those paths
    /// that the glob names (.gitignore syntax), relative to the working directory. Where it fails, panics or is late,
    /// the program is restarted.
    pub fn on_change(&self, glob: &str, read: impl Fn(&[String]) -> Result<(), Error> + Send + Sync + 'static) {
        self.declare(|own| own.readers.push((glob.into(), Arc::new(read))));
    }

    /// Says that the program serves. Nothing is saved before; called again, it does nothing.
    pub fn ready(&self) {
        let mut is_first = false;
        self.declare(|own| {
            is_first = !own.is_ready && !own.is_closing;
            own.is_ready |= is_first;
        });
        if is_first {
            self.0.pipe.send("ready", &[]);
        }
    }

    /// Saves the state while running; a crash resumes from it. It does nothing without baton.
    ///
    /// # Errors
    /// Before [`ready`](App::ready), where nothing saves, what the save functions fail with, and where the state cannot
    /// be written.
    pub fn checkpoint(&self) -> Result<(), Error> {
        let out = self.own().out.clone();
        if self.0.pipe.is_alone() {
            Ok(())
        } else {
            self.put("checkpoint", &out, false)
        }
    }

    /// Says [`ready`](App::ready) and returns when the program is to end, its components stopped and its state saved.
    /// Meanwhile SIGINT and SIGTERM end the program the same way; without baton a second one ends it at once. Return
    /// from `main` within a second after it.
    pub fn wait(&self) {
        self.0.pipe.hang_up_on_signals();
        self.own().is_awaited = true;
        self.ready();
        drop(self.0.changed.wait_while(self.own(), |own| !own.has_ended).unwrap());
        leave_signals();
    }

    /// Has a function called before this client ends the process (buffers are to be flushed): where a program is not
    /// needed any more while it waits in [`restore`](App::restore), and where [`wait`](App::wait) was not called.
    /// Elsewhere `main` returns.
    pub fn at_exit(&self, function: impl FnOnce() + Send + 'static) {
        self.own().at_exit.push(Box::new(function));
    }

    pub(crate) fn own(&self) -> MutexGuard<'_, Own> {
        self.0.own.lock().unwrap()
    }

    /// Makes a change, and says hello where that matters: at the barrier, and once ready.
    fn declare(&self, change: impl FnOnce(&mut Own)) {
        let mut own = self.own();
        change(&mut own);
        let hello = own.to_hello();
        if hello != own.hello && (own.is_ready || own.has_barrier && own.hello.is_empty()) {
            let client = concat!("\"baton-rust/", env!("CARGO_PKG_VERSION"), "\"");
            let about = [("protocol", "1".into()), ("pid", process::id().to_string()), ("client", client.into())];
            self.0.pipe.send("hello", &[about.as_slice(), &hello].concat());
            own.hello = hello;
        }
    }
}

impl Own {
    /// What is declared, as fields of a hello.
    fn to_hello(&self) -> Vec<(&'static str, String)> {
        let offers = [
            ("handoff", self.has_barrier),
            ("checkpoint", self.save.is_some() || self.components.iter().any(|each| each.save.is_some())),
            ("exclusive", self.is_exclusive),
            ("notify", !self.readers.is_empty()),
            ("recycle", check(&self.components).is_ok()),
        ];
        let offered = offers.iter().filter(|(_, is)| *is).map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>();
        let components = self.components.iter().map(Component::hello).collect::<Vec<_>>();
        let list = |items: Vec<String>| format!("[{}]", items.join(","));
        vec![("capabilities", list(offered)), ("components", list(components))]
    }
}

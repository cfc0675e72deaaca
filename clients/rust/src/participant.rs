use crate::component::{stop, within, Component, Save};
use crate::json::{quoted, Json};
use crate::sha256::sha256;
use crate::Error;
use std::env::var;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::process::{exit, id};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{mem, thread};

const ALONE: Duration = Duration::from_secs(10); // for components and state, where baton names no deadline
const CHECKPOINT: Duration = Duration::from_secs(5);
const LEAVE: Duration = Duration::from_secs(1); // until the process is ended by force
const MAX_LINE: usize = 1_048_576;

/// This program's part in the handoff, made by [`join`](crate::join). It can be cloned, and used on any thread.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    pipe: Option<UnixStream>, // None without baton
    sending: Mutex<()>,
    saving: Mutex<()>,
    own: Mutex<Own>,
    changed: Condvar, // what is in `own`
}

#[derive(Default)]
struct Own {
    generation: u64,
    changes: Vec<String>,
    out: String,
    state_file: Option<String>,
    has_started: bool,
    has_barrier: bool,
    is_exclusive: bool,
    is_ready: bool,
    is_closing: bool,
    is_awaited: bool,
    has_ended: bool,
    said: String, // by the last hello
    components: Vec<Component>,
    save: Option<Save>,
    at_exit: Vec<Box<dyn FnOnce() + Send>>,
}

/// The pipe, for signal handlers.
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn shutdown(descriptor: i32, how: i32) -> i32;
}

extern "C" fn on_signal(_: i32) {
    // SAFETY: the pipe is open as long as the process is; shutdown(2) may be called by signal handlers.
    unsafe { shutdown(PIPE.load(Ordering::SeqCst), 0) }; // As where baton is gone: the listening thread does the rest.
}

impl App {
    pub(crate) fn join(is_exclusive: bool) -> Result<Self, Error> {
        let address = var("BATON_PIPE").unwrap_or_default();
        let pipe = match address.as_str() {
            "" => None,
            _ => Some(
                UnixStream::connect(&address)
                    .map_err(|error| format!("cannot reach baton, unset BATON_PIPE to run alone: {error}"))?,
            ),
        };
        let own = Own {
            generation: var("BATON_GENERATION")
                .ok()
                .and_then(|number| number.parse().ok())
                .unwrap_or(1),
            changes: var("BATON_CHANGED")
                .map(|paths| paths.lines().map(String::from).collect())
                .unwrap_or_default(),
            out: var("BATON_STATE_OUT").unwrap_or_default(),
            is_exclusive,
            ..Own::default()
        };
        let app = Self(Arc::new(Inner {
            pipe,
            sending: Mutex::default(),
            saving: Mutex::default(),
            own: Mutex::new(own),
            changed: Condvar::new(),
        }));
        if let Some(pipe) = &app.0.pipe {
            PIPE.store(pipe.as_raw_fd(), Ordering::SeqCst);
            let (app, lines) = (app.clone(), BufReader::new(pipe.try_clone()?));
            thread::spawn(move || app.listen(lines));
        }
        Ok(app)
    }

    /// What the generation before saved; None where there is nothing.
    ///
    /// This is the barrier: while the generation before still serves, it waits. What is slow belongs before this call,
    /// what must not run twice (binding a port, starting a loop) after it. A program that is not needed any more ends
    /// here, with status 0; what must be done before that, say with [`at_exit`](App::at_exit).
    ///
    /// # Errors
    /// Where the state cannot be read; baton keeps it.
    pub fn restore(&self) -> Result<Option<Vec<u8>>, Error> {
        if self.0.pipe.is_none() {
            return Ok(None);
        }
        self.declare(|own| own.has_barrier = own.said.is_empty());
        let own = self.0.changed.wait_while(self.own(), |own| !own.has_started).unwrap();
        let Some(path) = own.state_file.clone() else {
            return Ok(None);
        };
        drop(own);
        Ok(Some(
            fs::read(&path).map_err(|error| format!("cannot read the state {path:?}: {error}"))?,
        ))
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
        assert!(
            (1..=200).contains(&name.len()),
            "baton: a component's name has 1 to 200 bytes, got {name:?}"
        );
        let is_taken = self.own().components.iter().any(|other| other.name == *name);
        assert!(!is_taken, "baton: there is a component {name:?} already");
        self.declare(|own| own.components.push(component));
    }

    /// Sets what is called for the state when it is to be saved. With components that save too it must be an object in
    /// JSON; theirs are added to it.
    pub fn on_save<S: Into<Vec<u8>>>(&self, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) {
        self.declare(|own| own.save = Some(Arc::new(move || save().map(Into::into))));
    }

    /// Says that the program serves. Nothing is saved before; called again, it does nothing.
    pub fn ready(&self) {
        let mut is_first = false;
        self.declare(|own| {
            is_first = !own.is_ready && !own.is_closing;
            own.is_ready |= is_first;
        });
        if is_first {
            self.say("ready", "");
        }
    }

    /// Saves the state while running; a crash resumes from it. It does nothing without baton.
    ///
    /// # Errors
    /// Before [`ready`](App::ready), where nothing saves, what the save functions fail with, and where the state cannot
    /// be written.
    pub fn checkpoint(&self) -> Result<(), Error> {
        let out = self.own().out.clone();
        self.0
            .pipe
            .as_ref()
            .map_or(Ok(()), |_| self.put("checkpoint", &out, false))
    }

    /// Says [`ready`](App::ready) and returns when the program is to end, its components stopped and its state saved.
    /// Return from `main` within a second after it. Without baton it never returns: a signal ends the program.
    pub fn wait(&self) {
        if self.0.pipe.is_some() {
            for number in [2, 15] {
                // SAFETY: SIGINT and SIGTERM get a handler that is safe to call at any time.
                unsafe { signal(number, on_signal) };
            }
        }
        self.own().is_awaited = true;
        self.ready();
        drop(self.0.changed.wait_while(self.own(), |own| !own.has_ended).unwrap());
    }

    /// Has a function called before this client ends the process: where a program is not needed any more while it waits
    /// in [`restore`](App::restore), and where [`wait`](App::wait) was not called. Elsewhere `main` returns.
    pub fn at_exit(&self, function: impl FnOnce() + Send + 'static) {
        self.own().at_exit.push(Box::new(function));
    }

    fn own(&self) -> MutexGuard<'_, Own> {
        self.0.own.lock().unwrap()
    }

    /// Makes a change, and says hello where that matters: at the barrier, and once ready.
    fn declare(&self, change: impl FnOnce(&mut Own)) {
        let mut own = self.own();
        change(&mut own);
        if !(own.is_ready || own.has_barrier && own.said.is_empty()) {
            return;
        }
        let saves = own.save.is_some() || own.components.iter().any(|each| each.save.is_some());
        let offers = [
            ("handoff", own.has_barrier),
            ("checkpoint", saves),
            ("exclusive", own.is_exclusive),
        ];
        let capabilities: Vec<_> = offers
            .iter()
            .filter(|(_, offered)| *offered)
            .map(|(name, _)| quoted(name))
            .collect();
        let components: Vec<_> = own.components.iter().map(Component::hello).collect();
        let declared = format!(
            r#""capabilities":[{}],"components":[{}]"#,
            capabilities.join(","),
            components.join(",")
        );
        if declared != own.said {
            own.said = declared.clone();
            let client = concat!("baton-rust/", env!("CARGO_PKG_VERSION"));
            self.say(
                "hello",
                &format!(r#""protocol":1,"pid":{},"client":"{client}",{declared}"#, id()),
            );
        }
    }

    /// Silent where baton is gone: `listen` notices, and that is acted on.
    fn say(&self, kind: &str, fields: &str) {
        let comma = if fields.is_empty() { "" } else { "," };
        let line = format!("{{\"type\":\"{kind}\"{comma}{fields}}}\n");
        let Some(mut pipe) = self.0.pipe.as_ref() else { return };
        let _sending = self.0.sending.lock().unwrap();
        if pipe.write_all(line.as_bytes()).is_err() {
            pipe.shutdown(Shutdown::Read).ok();
        }
    }

    fn listen(&self, mut lines: BufReader<UnixStream>) {
        while self.obey(&mut lines).unwrap_or_else(|error| {
            self.say("error", &format!(r#""message":{}"#, quoted(&error)));
            self.0.pipe.as_ref().map(|pipe| pipe.shutdown(Shutdown::Both));
            false
        }) {}
        let out = self.own().out.clone();
        if !self.is_at_barrier() && self.close(ALONE) {
            if let Err(error) = self.put("final", &out, true) {
                eprintln!("baton: The state cannot be saved: {error}");
            }
        }
        self.leave();
    }

    /// Does what the next message says, and tells whether to go on; fails with what is wrong with the line.
    fn obey(&self, lines: &mut BufReader<UnixStream>) -> Result<bool, String> {
        let mut line = vec![];
        let length = lines.take(MAX_LINE as u64).read_until(b'\n', &mut line).unwrap_or(0);
        if length == MAX_LINE && line.last() != Some(&b'\n') {
            return Err(format!("The line is longer than {MAX_LINE} bytes"));
        }
        if line.last() != Some(&b'\n') {
            return Ok(false); // Baton is gone.
        }
        let text = String::from_utf8(line).map_err(|_| "The line is not UTF-8")?;
        let message = Json::parse(&text).ok_or("The line is not JSON")?;
        let kind = message.text("type").ok_or("The line is no object with a type")?;
        let out = || {
            message
                .text("out")
                .map(String::from)
                .ok_or(format!("{kind:?} has no \"out\""))
        };
        match kind {
            "start" => self.start(&message),
            "shutdown" if self.is_at_barrier() => self.refuse(Err("The program is still at the barrier".into())),
            "shutdown" => {
                let ms = message
                    .number("deadlineMs")
                    .filter(|ms| (0.0..1e9).contains(ms))
                    .ok_or("\"shutdown\" has no \"deadlineMs\"")?;
                let (out, deadline) = (out()?, Duration::from_secs_f64(ms / 1e3));
                let until = Instant::now() + deadline;
                self.close(deadline);
                self.save(until.saturating_duration_since(Instant::now()), "final", out);
            }
            "checkpoint" => self.save(CHECKPOINT, "checkpoint", out()?),
            "exit" => {
                self.own().is_closing = true;
                return Ok(false);
            }
            "error" => eprintln!(
                "baton: Baton did not understand: {}",
                message.text("message").unwrap_or("")
            ),
            _ => self.say(
                "error",
                &format!(r#""message":{}"#, quoted(&format!("Unknown message type {kind:?}"))),
            ),
        }
        Ok(true)
    }

    fn start(&self, message: &Json) {
        let mut own = self.own();
        own.generation = message
            .number("generation")
            .map_or(own.generation, |number| number as u64);
        own.changes = message.texts("changed");
        own.state_file = message.text("stateFile").map(String::from);
        own.out = message.text("out").map_or(mem::take(&mut own.out), String::from);
        own.has_started = true;
        self.0.changed.notify_all();
    }

    fn is_at_barrier(&self) -> bool {
        let own = self.own();
        own.has_barrier && !own.has_started
    }

    /// Stops the components, once; whether it was this call.
    fn close(&self, deadline: Duration) -> bool {
        if mem::replace(&mut self.own().is_closing, true) {
            return false;
        }
        let mut components = mem::take(&mut self.own().components);
        stop(&mut components, deadline, |kind, fields| self.say(kind, fields));
        self.own().components = components;
        true
    }

    fn save(&self, time: Duration, kind: &'static str, out: String) {
        let app = self.clone();
        self.refuse(within(time, move || app.put(kind, &out, false)));
    }

    fn refuse(&self, result: Result<(), String>) {
        if let Err(why) = result {
            self.say("refused", &format!(r#""why":{}"#, quoted(&why)));
        }
    }

    /// Baton syncs what it takes, once nobody waits for the disk; `alone` says that it is gone.
    fn put(&self, kind: &str, out: &str, alone: bool) -> Result<(), Error> {
        if !self.own().is_ready {
            return Err("The program was not ready: it has not called ready()".into());
        }
        let _saving = self.0.saving.lock().unwrap_or_else(|broken| broken.into_inner()); // By a save that panicked.
        let state = self.collect()?;
        if kind == "checkpoint" && self.own().is_closing {
            return Ok(()); // The final state must stay the last one.
        }
        write(out, &state, alone)?;
        self.say(
            "saved",
            &format!(
                r#""kind":"{kind}","bytes":{},"sha256":"{}""#,
                state.len(),
                sha256(&state)
            ),
        );
        Ok(())
    }

    /// What `save` returns, with a key for each component that saves a part.
    fn collect(&self) -> Result<Vec<u8>, Error> {
        let own = self.own();
        let save = own.save.clone();
        let savers: Vec<_> = own
            .components
            .iter()
            .filter_map(|each| Some((each.name.clone(), each.save.clone()?)))
            .collect();
        drop(own);
        if save.is_none() && savers.is_empty() {
            return Err("Nothing saves: call on_save, or give a component a save function".into());
        }
        let whole = save.map_or(Ok(b"{}".to_vec()), |save| save())?;
        if savers.is_empty() {
            return Ok(whole);
        }
        let inside = whole
            .trim_ascii()
            .strip_prefix(b"{")
            .and_then(|rest| rest.strip_suffix(b"}"));
        let mut state = inside
            .ok_or("With components that save, on_save must return an object in JSON")?
            .to_vec();
        for (name, save) in savers {
            let comma = if state.trim_ascii().is_empty() { "" } else { "," };
            state.extend(format!("{comma}{}:", quoted(&name)).bytes().chain(save()?));
        }
        Ok([b"{", state.as_slice(), b"}"].concat())
    }

    /// Lets `main` end the process, and does it where that does not.
    fn leave(&self) -> ! {
        let waits = self.own().is_awaited && !self.is_at_barrier();
        self.own().has_ended = true;
        self.0.changed.notify_all();
        if waits {
            thread::sleep(LEAVE);
            eprintln!(
                "baton: Process {} did not leave in {LEAVE:?}: main has not returned",
                id()
            );
        }
        let at_exit = mem::take(&mut self.own().at_exit);
        at_exit.into_iter().for_each(|function| function());
        exit(0)
    }
}

/// Writes beside the path and renames.
fn write(path: &str, state: &[u8], sync: bool) -> Result<(), Error> {
    let beside = format!("{path}.{}.tmp", id());
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file: File| {
            file.write_all(state)?;
            if sync {
                file.sync_all()
            } else {
                Ok(())
            }
        });
    if let Err(error) = written.and_then(|()| fs::rename(&beside, path)) {
        fs::remove_file(&beside).ok(); // It may not be there.
        return Err(error.into());
    }
    Ok(())
}

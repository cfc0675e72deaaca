use crate::app::{dup2, poll, WAITING};
use crate::component::{Component, Save};
use crate::message::{number, quoted, text};
use crate::{sha256::sha256, App, Error};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::{fd::AsRawFd, unix::fs::OpenOptionsExt};
use std::sync::{mpsc, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, mem, net, process, thread};

const UNTOLD_MS: u64 = 9_000; // for components and state, where baton names no deadline; it waits 10 s
const GRACE: Duration = Duration::from_millis(200); // for one that has had its time while others were waited for
const LEAVE: Duration = Duration::from_secs(1); // until the process is ended by force

impl App {
    /// Does what baton asks for. Once it is gone, or says what is no message, the program stops by itself.
    pub(crate) fn listen(&self) {
        if self.obey().is_none() {
            self.answer("The line is no object in JSON, or lacks what its type needs");
            self.0.socket.shutdown(net::Shutdown::Both).ok(); // It may be closed already.
        }
        // Where baton was killed, who reads what is printed is closed a moment after its end of the socket.
        let ends = [(self.0.socket.as_raw_fd(), 0), (2, 200), (1, 200)];
        // SAFETY: poll(2) has one entry, that asks for no event: that the other side is closed is told unasked.
        ends.iter().all(|(end, wait_ms)| unsafe { poll(&mut [*end, 0], 1, *wait_ms) } > 0);
        self.shut_down(self.out(), UNTOLD_MS, true);
        self.leave();
    }

    /// Until baton is gone; None where a line is no message.
    fn obey(&self) -> Option<()> {
        let (mut lines, mut line) = (BufReader::new(&self.0.socket), String::new());
        // What is longer is cut, and so no object.
        while lines.by_ref().take(1_048_576).read_line(&mut line).ok()? > 0 {
            match text(&line, "type")?.as_str() {
                "start" => self.declare(|own| own.start = Some(line.clone())),
                "checkpoint" => self.save("checkpoint", text(&line, "out")?, Duration::from_millis(UNTOLD_MS), false),
                "shutdown" => self.shut_down(text(&line, "out")?, number(&line, "deadlineMs")?, false),
                "exit" => self.leave(),
                "error" => complain("Baton did not understand", text(&line, "message")?),
                kind => self.answer(&format!("Unknown message type {kind:?}")),
            }
            line.clear();
        }
        Some(())
    }

    /// Stops the components and saves, once.
    fn shut_down(&self, out: String, deadline_ms: u64, sync: bool) {
        if !mem::replace(&mut self.own().is_closing, true) {
            let for_saving = Duration::from_millis(1_000.min(deadline_ms / 5));
            let stop_by = Instant::now() + Duration::from_millis(deadline_ms) - for_saving;
            self.stop(stop_by);
            // Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
            self.save("final", out, for_saving + stop_by.saturating_duration_since(Instant::now()), sync);
        }
    }

    /// Stops the components, each within its own timeout.
    fn stop(&self, stop_by: Instant) {
        let left = || stop_by.saturating_duration_since(Instant::now());
        let mut to_come = mem::take(&mut self.own().components);
        to_come.retain(|each| !each.calls.is_empty());
        let share = left() / 4 / to_come.len().max(1) as u32;
        // What serves is last, who can be joined is told before one is waited for, the last declared is first.
        let rank = |(at, each): &(usize, &Component)| (!each.serves, each.calls.len(), *at);
        while let Some((at, _)) = to_come.iter().enumerate().max_by_key(rank) {
            let mut each = to_come.remove(at);
            let name = quoted(&each.name);
            let began = *each.began.get_or_insert_with(|| {
                self.send(&format!(r#"{{"type":"stopping","component":{name}}}"#));
                Instant::now()
            });
            // One whose own time is over when its turn comes has ended, as a rule.
            let own = each.timeout.saturating_sub(began.elapsed()).max(each.timeout.min(GRACE));
            // One that hangs cannot take it all.
            let shared = left().saturating_sub(share * to_come.len() as u32);
            if let Err(error) = within(own.min(shared), each.calls.remove(0)) {
                let message = format!(r#""type":"failed","component":{name},"error""#);
                self.report(&message, &format!("Component {name} failed to stop"), error);
            } else if each.calls.is_empty() {
                let ms = began.elapsed().as_secs_f64() * 1e3;
                self.send(&format!(r#"{{"type":"stopped","component":{name},"elapsedMs":{ms:.3}}}"#));
            } else {
                to_come.insert(at, each);
            }
        }
    }

    fn save(self, kind: &'static str, out: String, deadline: Duration, sync: bool) {
        let attempt = |out: String| within(deadline, move || self.put(kind, &out, sync));
        // Who reads what it prints may have gone just then.
        let saved = attempt(out.clone()).or_else(|why| if sync { attempt(out) } else { Err(why) });
        saved.unwrap_or_else(|why| self.report(r#""type":"refused","why""#, "The state cannot be saved", why));
    }

    /// Saves the state and says so. Baton syncs what it takes, once nobody waits for the disk; `sync` is for where it
    /// is gone.
    pub(crate) fn put(&self, kind: &str, out: &str, sync: bool) -> Result<(), Error> {
        let _saving = self.0.saving.lock().unwrap_or_else(PoisonError::into_inner); // By a save that panicked.
        let state = match Some(self.own()).filter(|own| own.is_ready).map(|own| (own.save.clone(), own.parts.clone())) {
            saves if self.0.alone.is_some() || sync && saves.is_none() => return Ok(()), // Nobody waits for one.
            None => return Err("The program was not ready: it has not called ready()".into()),
            Some((save, parts)) => collect(save, parts)?,
        };
        // The final state must stay the last one.
        if kind == "final" || !self.own().is_closing {
            write(out, &state, sync).map_err(|error| format!("Cannot write the state to {out:?}: {error}"))?;
            let (bytes, sha256) = (state.len(), sha256(state));
            self.send(&format!(r#"{{"type":"saved","kind":"{kind}","bytes":{bytes},"sha256":"{sha256}"}}"#));
        }
        Ok(())
    }

    /// Lets main end the process, and does it where main does not.
    fn leave(&self) {
        self.declare(|own| (own.is_closing, own.has_ended) = (true, true));
        if WAITING.get().is_some() {
            thread::sleep(self.0.alone.as_ref().map_or(LEAVE, |_| Duration::MAX)); // Without baton it is free.
            complain(&format!("Process {} did not leave in {LEAVE:?}", process::id()), "main has not returned");
        }
        process::exit(0)
    }

    fn answer(&self, error: &str) {
        self.send(&format!(r#"{{"type":"error","message":{}}}"#, quoted(error)));
    }

    /// Tells baton what went wrong, or people where it is not there.
    fn report(&self, message: &str, what: &str, why: impl std::fmt::Display) {
        if !self.send(&format!("{{{message}:{}}}", quoted(&why))) {
            complain(what, why);
        }
    }

    /// Whether baton is there to hear it.
    pub(crate) fn send(&self, message: &str) -> bool {
        self.0.alone.is_none() && writeln!(self.0.sending.lock().unwrap(), "{message}").is_ok()
    }
}

/// Calls a function on a thread of its own, and gives it up once the time is over; a panic is an error.
fn within(timeout: Duration, call: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
    // Where baton is killed its pipe for stderr is gone, too, and a function that prints would panic: what nobody reads
    // any more is written nowhere. SAFETY: poll(2) has one entry, as in `listen`.
    for output in [1, 2].into_iter().filter(|output| unsafe { poll(&mut [*output, 0], 1, 0) } > 0) {
        // SAFETY: both are open.
        unsafe { dup2(fs::File::create("/dev/null")?.as_raw_fd(), output) };
    }
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new().spawn(move || sender.send(call()))?;
    receiver.recv_timeout(timeout).unwrap_or_else(|error| match error {
        mpsc::RecvTimeoutError::Timeout => Err(format!("No end after {timeout:.0?}").into()),
        mpsc::RecvTimeoutError::Disconnected => Err("It panicked".into()),
    })
}

/// What on_save gives; where components save, too, that with a key more for each.
fn collect(save: Option<Save>, parts: Vec<(String, Save)>) -> Result<Vec<u8>, Error> {
    let whole = save.map(|save| save()).transpose()?;
    if parts.is_empty() {
        return whole.ok_or("Nothing saves: neither on_save nor a component".into());
    }
    let whole = whole.unwrap_or(b"{}".to_vec());
    let inside = whole.trim_ascii().strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    let inside = inside.ok_or("With components that save, on_save must return an object in JSON")?.trim_ascii();
    let mut fields = if inside.is_empty() { vec![] } else { vec![inside.to_vec()] };
    for (name, save) in parts {
        fields.push([quoted(name).as_bytes(), b":", &save()?].concat());
    }
    Ok([b"{", fields.join(&b',').as_slice(), b"}"].concat())
}

/// Writes beside the path and renames.
fn write(path: &str, state: &[u8], sync: bool) -> io::Result<()> {
    let beside = format!("{path}.{}.tmp", process::id());
    let mut file = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    let written = file.write_all(state).and_then(|()| if sync { file.sync_all() } else { Ok(()) });
    written.and_then(|()| fs::rename(&beside, path)).inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// Tells people, where there is somebody who reads.
fn complain(what: &str, why: impl std::fmt::Display) {
    writeln!(io::stderr(), "baton: {what}: {why}").ok();
}

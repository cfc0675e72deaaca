use crate::message::{field, quoted, text};
use crate::signals::handle_signals;
use crate::{App, Error};
use std::io::{stderr, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::process::{exit, id};
use std::sync::mpsc::{channel, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{mem, thread};

const MAX_LINE: u64 = 1_048_576; // bytes; what is longer is cut, and so no object
const UNTOLD: Duration = Duration::from_secs(10); // for components and state, where baton names no deadline
const GRACE: Duration = Duration::from_millis(200); // for one that has had its time while others were waited for
const LEAVE: Duration = Duration::from_secs(1); // until the process is ended by force

impl App {
    /// Does what baton asks for, until baton is gone or the program may leave; then it stops by itself.
    pub(crate) fn listen(&self) {
        if let Err(error) = self.obey() {
            self.answer(error);
            self.0.socket.shutdown(Shutdown::Both).ok(); // It may be closed already.
        }
        let is_alone = self.0.alone.is_some();
        if is_alone {
            handle_signals(None);
        }
        self.shut_down(&self.out(), UNTOLD, true);
        self.own().has_ended = true;
        self.0.changed.notify_all();
        if is_alone {
            return;
        }
        if self.own().is_awaited {
            thread::sleep(LEAVE);
            complain(format!("Process {} did not leave in {LEAVE:?}: main has not returned", id()));
        }
        exit(0)
    }

    /// Fails with what is wrong with a message.
    fn obey(&self) -> Result<(), Error> {
        let (mut lines, mut line) = (BufReader::new(&self.0.socket), String::new());
        while lines.by_ref().take(MAX_LINE).read_line(&mut line)? > 0 {
            match text(&line, "type")?.as_str() {
                "start" => {
                    self.own().start = Some(line.clone());
                    self.0.changed.notify_all();
                }
                "shutdown" => {
                    let ms: Option<u32> = field(&line, "deadlineMs").and_then(|ms| ms.parse().ok());
                    let deadline = ms.map_or(UNTOLD, |ms| Duration::from_millis(ms.into()));
                    self.shut_down(&text(&line, "out")?, deadline, false);
                }
                "checkpoint" => self.save("checkpoint", &text(&line, "out")?, UNTOLD, false),
                "exit" => {
                    self.own().is_closing = true;
                    break;
                }
                "error" => complain(format!("Baton did not understand: {}", text(&line, "message")?)),
                kind => self.answer(format!("Unknown message type {kind:?}")),
            }
            line.clear();
        }
        Ok(())
    }

    /// Stops the components and saves, once.
    fn shut_down(&self, out: &str, deadline: Duration, sync: bool) {
        let for_saving = (deadline / 5).min(Duration::from_secs(1));
        let stop_by = Instant::now() + deadline - for_saving;
        if !mem::replace(&mut self.own().is_closing, true) {
            self.stop(stop_by);
            // Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
            self.save("final", out, for_saving + stop_by.saturating_duration_since(Instant::now()), sync);
        }
    }

    /// Stops the components, each within its own timeout.
    fn stop(&self, stop_by: Instant) {
        let mut components = mem::take(&mut self.own().components);
        let mut to_come = components.iter().map(|each| each.calls.len()).sum::<usize>() as u32;
        let share = stop_by.saturating_duration_since(Instant::now()) / 4 / to_come.max(1);
        for (serves, calls) in [(false, 2), (false, 1), (true, 2), (true, 1)] {
            for each in components.iter_mut().rev().filter(|each| each.serves == serves && each.calls.len() == calls) {
                to_come -= 1;
                let name = quoted(&each.name);
                let began = *each.began.get_or_insert_with(|| {
                    self.send(&format!(r#"{{"type":"stopping","component":{name}}}"#));
                    Instant::now()
                });
                // One whose own time is over when its turn comes has ended, as a rule.
                let own = each.timeout.saturating_sub(began.elapsed()).max(each.timeout.min(GRACE));
                // One that hangs cannot take it all.
                let left = stop_by.saturating_duration_since(Instant::now()).saturating_sub(share * to_come);
                if let Err(error) = within(own.min(left), each.calls.remove(0)) {
                    each.calls.clear();
                    if !self.send(&format!(r#"{{"type":"failed","component":{name},"error":{}}}"#, quoted(&error))) {
                        complain(format!("Component {name} failed to stop: {error}"));
                    }
                } else if each.calls.is_empty() {
                    let ms = began.elapsed().as_secs_f64() * 1e3;
                    self.send(&format!(r#"{{"type":"stopped","component":{name},"elapsedMs":{ms:.3}}}"#));
                }
            }
        }
    }

    fn save(&self, kind: &'static str, out: &str, deadline: Duration, sync: bool) {
        let (app, out) = (*self, out.to_string());
        if let Err(why) = within(deadline, move || app.put(kind, &out, sync)) {
            if !self.send(&format!(r#"{{"type":"refused","why":{}}}"#, quoted(&why))) {
                complain(format!("The state cannot be saved: {why}"));
            }
        }
    }

    fn answer(&self, error: impl ToString) {
        self.send(&format!(r#"{{"type":"error","message":{}}}"#, quoted(error)));
    }

    /// Whether baton is there to hear it.
    pub(crate) fn send(&self, message: &str) -> bool {
        let _sending = self.0.sending.lock().unwrap();
        self.0.alone.is_none() && writeln!(&self.0.socket, "{message}").is_ok()
    }
}

/// Calls a function on a thread of its own, and gives it up once the time is over; a panic is an error.
fn within(timeout: Duration, call: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
    let (sender, receiver) = channel();
    thread::Builder::new().spawn(move || sender.send(call()))?;
    receiver.recv_timeout(timeout).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(format!("No end after {timeout:.0?}").into()),
        RecvTimeoutError::Disconnected => Err("It panicked".into()),
    })
}

/// Tells people, where there is somebody who reads.
fn complain(text: String) {
    writeln!(stderr(), "baton: {text}").ok();
}

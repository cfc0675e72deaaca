use crate::app::{App, ALONE, SAVE};
use crate::changes::tell;
use crate::pipe::{complain, for_people, Message};
use crate::stopping::{for_saving, plan, stop, within};
use std::io::BufReader;
use std::os::unix::net::UnixStream;
use std::process::{exit, id};
use std::time::{Duration, Instant};
use std::{mem, thread};

const LEAVE: Duration = Duration::from_secs(1); // until the process is ended by force

impl App {
    /// Does what baton asks for, until baton is gone; then the program stops by itself.
    pub(crate) fn listen(&self, mut lines: BufReader<UnixStream>) {
        let handed_over = loop {
            match Message::receive(&mut lines)
                .and_then(|message| message.map(|message| self.obey(&message)).transpose())
            {
                Ok(Some(false)) => {}
                Ok(is_over) => break is_over.is_some(),
                Err(error) => {
                    self.0.pipe.send("error", &[("message", for_people(&error))]);
                    self.0.pipe.close();
                    break false;
                }
            }
        };
        if !handed_over && !self.is_at_barrier() {
            let out = self.own().out.clone();
            self.shut_down(&out, ALONE, true);
        }
        self.leave();
    }

    /// Does what the message says, and tells whether the program may leave; fails with what it lacks.
    fn obey(&self, message: &Message) -> Result<bool, String> {
        match message.text("type")?.as_str() {
            "start" => self.begin(message),
            "shutdown" if self.is_at_barrier() => self.refuse("The program is still at the barrier"),
            "shutdown" => self.shut_down(&message.text("out")?, message.deadline()?, false),
            "checkpoint" => self.save(SAVE, "checkpoint", &message.text("out")?, false),
            "changed" => {
                let (readers, paths) = (self.own().readers.clone(), message.texts("paths"));
                let told = within(message.deadline()?, move || tell(&readers, &paths));
                self.answer(message, told)?;
            }
            "recycle" => {
                let recycled = self.recycle_within(message.deadline()?);
                self.answer(message, recycled.map_err(|error| error.to_string()))?;
            }
            "exit" => {
                self.own().is_closing = true;
                return Ok(true);
            }
            "error" => complain(&format!("Baton did not understand: {}", message.text("message")?)),
            kind => {
                self.0.pipe.send("error", &[("message", for_people(&format!("Unknown message type {kind:?}")))]);
            }
        }
        Ok(false)
    }

    fn begin(&self, message: &Message) {
        let mut own = self.own();
        own.generation = message.number("generation").map_or(own.generation, |number| number as u64);
        own.changes = message.texts("changed");
        own.state_file = message.text("stateFile").ok();
        own.out = message.text("out").unwrap_or(mem::take(&mut own.out));
        own.has_started = true;
        self.0.changed.notify_all();
    }

    fn is_at_barrier(&self) -> bool {
        let own = self.own();
        own.has_barrier && !own.has_started
    }

    /// Stops the components and saves, once.
    fn shut_down(&self, out: &str, deadline: Duration, sync: bool) {
        let until = Instant::now() + deadline;
        if mem::replace(&mut self.own().is_closing, true) {
            return;
        }
        let stopping = self.0.stopping.lock().unwrap();
        let steps = plan(&mut self.own().components);
        stop(steps, until.saturating_duration_since(Instant::now()), &self.0.pipe);
        drop(stopping);
        if !self.0.pipe.is_alone() {
            // Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
            let left = until.saturating_duration_since(Instant::now()).max(for_saving(deadline));
            self.save(left, "final", out, sync);
        }
    }

    fn save(&self, deadline: Duration, kind: &'static str, out: &str, sync: bool) {
        let (app, out) = (self.clone(), out.to_string());
        if let Err(why) = within(deadline, move || app.put(kind, &out, sync)) {
            self.refuse(&why);
        }
    }

    fn refuse(&self, why: &str) {
        if !self.0.pipe.send("refused", &[("why", for_people(why))]) {
            complain(&format!("The state cannot be saved: {why}"));
        }
    }

    /// Says whether what the message asks for is in effect.
    fn answer(&self, message: &Message, result: Result<(), String>) -> Result<(), String> {
        let step = ("step", message.number("step")?.to_string());
        match result {
            Ok(()) => self.0.pipe.send("done", &[step]),
            Err(why) => self.0.pipe.send("declined", &[step, ("why", for_people(&why))]),
        };
        Ok(())
    }

    /// Lets `main` end the process, and does it where that does not.
    fn leave(&self) {
        let waits = self.own().is_awaited && !self.is_at_barrier();
        self.own().has_ended = true;
        self.0.changed.notify_all();
        if self.0.pipe.is_alone() {
            return;
        }
        if waits {
            thread::sleep(LEAVE);
            complain(&format!("Process {} did not leave in {LEAVE:?}: main has not returned", id()));
        }
        let at_exit = mem::take(&mut self.own().at_exit);
        for function in at_exit {
            let called = move || {
                function();
                Ok(())
            };
            within(SAVE, called).unwrap_or_else(|error| complain(&format!("A function of at_exit failed: {error}")));
        }
        exit(0)
    }
}

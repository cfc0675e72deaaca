use crate::component::{Call, Component};
use crate::json::quoted;
use crate::pipe::{complain, for_people, Pipe};
use crate::Error;
use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A call: whether the component begins to stop by it, and whether it has ended once that returns.
pub(crate) struct Step {
    name: String,
    timeout: Duration,
    call: Call,
    begins: bool,
    ends: bool,
}

/// What is called, in this order: the last declared first, those that serve after all others.
pub(crate) fn plan(components: &mut [Component]) -> Vec<Step> {
    let mut steps = vec![];
    for serves in [false, true] {
        let mut ended = vec![];
        for each in components.iter_mut().rev().filter(|each| each.serves == serves) {
            let (name, timeout) = (&each.name, each.timeout);
            let step = |call, begins, ends| Step { name: name.clone(), timeout, call, begins, ends };
            match (each.stop.take(), each.join.take()) {
                (Some(stop), Some(join)) => {
                    steps.push(step(stop, true, false));
                    ended.push(step(join, false, true));
                }
                (Some(call), None) | (None, Some(call)) => ended.push(step(call, true, true)),
                (None, None) => {}
            }
        }
        steps.append(&mut ended);
    }
    steps
}

/// How much of the deadline is kept for the state.
pub(crate) fn for_saving(deadline: Duration) -> Duration {
    (deadline / 5).min(Duration::from_secs(1))
}

/// Takes the steps within the components' own timeouts, and all within their share of the deadline. What went wrong, by
/// the component.
pub(crate) fn stop(steps: Vec<Step>, deadline: Duration, pipe: &Pipe) -> HashMap<String, String> {
    let whole = deadline - for_saving(deadline);
    let stop_by = Instant::now() + whole;
    let mut to_come = steps.len() as u32;
    let share = whole / 4 / to_come.max(1);
    let mut began: HashMap<String, Instant> = HashMap::new();
    let mut failed = HashMap::new();
    for step in steps {
        to_come -= 1;
        if failed.contains_key(&step.name) {
            continue;
        }
        let component = ("component", quoted(&step.name));
        if step.begins {
            began.insert(step.name.clone(), Instant::now());
            pipe.send("stopping", std::slice::from_ref(&component));
        }
        let elapsed = began[&step.name].elapsed();
        // One whose own time is over when its turn comes has ended, as a rule.
        let own = step.timeout.saturating_sub(elapsed).max(step.timeout.min(Duration::from_millis(200)));
        // One that hangs cannot take it all.
        let left = stop_by.saturating_duration_since(Instant::now()).saturating_sub(share * to_come);
        if let Err(error) = within(own.min(left), step.call) {
            if !pipe.send("failed", &[component, ("error", for_people(&error))]) {
                complain(&format!("Component {:?} failed to stop: {error}", step.name));
            }
            failed.insert(step.name, error);
        } else if step.ends {
            let elapsed_ms = began[&step.name].elapsed().as_secs_f64() * 1e3;
            pipe.send("stopped", &[component, ("elapsedMs", format!("{elapsed_ms:.3}"))]);
        }
    }
    failed
}

/// Calls a function on a thread of its own, and gives it up once the time is over; a panic is an error.
pub(crate) fn within<T: Send + 'static>(
    timeout: Duration,
    call: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    let calling = move || {
        let result = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
            Err(text.or_else(|| panic.downcast_ref().cloned()).unwrap_or("panic".into()).into())
        });
        sender.send(result.map_err(|error| error.to_string())).ok() // Nobody waits for a late one.
    };
    thread::Builder::new().spawn(calling).map_err(|error| format!("No thread for it: {error}"))?;
    receiver.recv_timeout(timeout).unwrap_or_else(|_| Err(format!("No end after {timeout:.0?}")))
}

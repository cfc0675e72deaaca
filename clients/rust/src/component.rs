use crate::json::quoted;
use crate::Error;
use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{mpsc, Arc};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) type Stop = Box<dyn FnOnce() -> Result<(), Error> + Send>;
pub(crate) type Save = Arc<dyn Fn() -> Result<Vec<u8>, Error> + Send + Sync>;

/// A part of the program with its own end, for [`App::component`](crate::App::component).
pub struct Component {
    pub(crate) name: String,
    timeout: Duration,
    stop: Option<Stop>,
    join: Option<Stop>,
    pub(crate) save: Option<Save>,
    serves: bool,
}

impl Component {
    /// One that `stop` ends; it returns when the component has ended.
    pub fn new(name: &str, stop: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Self {
        let stop: Stop = Box::new(stop);
        Self {
            name: name.into(),
            timeout: Duration::from_secs(5),
            stop: Some(stop),
            join: None,
            save: None,
            serves: false,
        }
    }

    /// One that only saves: its part of the state, as JSON.
    pub fn saving<S: Into<Vec<u8>>>(name: &str, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self {
        Self {
            stop: None,
            ..Self::new(name, || Ok(())).save(save)
        }
    }

    /// Its part of the state, as JSON.
    pub fn save<S: Into<Vec<u8>>>(mut self, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self {
        self.save = Some(Arc::new(move || save().map(Into::into)));
        self
    }

    /// With it the stop function only tells the component to end, and this returns when it has. All that have one are
    /// told before the first is waited for, so loops that sleep end side by side.
    pub fn join(mut self, join: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Self {
        self.join = Some(Box::new(join));
        self
    }

    /// How long it may take to end, from when it is told; 5 s without it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Others reach the program by it: it goes on until everything else has ended.
    pub fn serves(mut self) -> Self {
        self.serves = true;
        self
    }

    pub(crate) fn hello(&self) -> String {
        let serves = if self.serves { r#","serves":true"# } else { "" };
        let ms = self.timeout.as_millis().max(1);
        format!(r#"{{"name":{},"timeoutMs":{ms}{serves}}}"#, quoted(&self.name))
    }
}

/// A call: whether the component begins to stop by it, and whether it has ended once that returns.
struct Step {
    name: String,
    timeout: Duration,
    call: Stop,
    begins: bool,
    ends: bool,
}

/// What is called, in this order: the last declared first, those that serve after all others.
fn plan(components: &mut [Component]) -> Vec<Step> {
    let mut steps = vec![];
    for serves in [false, true] {
        let mut ended = vec![];
        for each in components.iter_mut().rev().filter(|each| each.serves == serves) {
            let step = |call, begins, ends| Step {
                name: each.name.clone(),
                timeout: each.timeout,
                call,
                begins,
                ends,
            };
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

/// Stops them within their own timeouts, and all within their share of the deadline; `say` takes a type and its fields.
pub(crate) fn stop(components: &mut [Component], deadline: Duration, say: impl Fn(&str, &str)) {
    let steps = plan(components);
    let whole = deadline - (deadline / 5).min(Duration::from_secs(1)); // The rest is for saving.
    let stop_by = Instant::now() + whole;
    let count = steps.len() as u32;
    let mut began: HashMap<String, Instant> = HashMap::new();
    let mut failed = vec![];
    for (at, step) in steps
        .into_iter()
        .enumerate()
        .filter(|(_, step)| step.timeout > Duration::ZERO)
    {
        if failed.contains(&step.name) {
            continue;
        }
        let component = format!(r#""component":{}"#, quoted(&step.name));
        if step.begins {
            began.insert(step.name.clone(), Instant::now());
            say("stopping", &component);
        }
        let began = began[&step.name];
        // One whose own time is over when its turn comes has ended, as a rule.
        let own = step
            .timeout
            .saturating_sub(began.elapsed())
            .max(step.timeout.min(Duration::from_millis(200)));
        let later = whole / 4 * (count - at as u32 - 1) / count; // One that hangs cannot take it all.
        let left = stop_by.saturating_duration_since(Instant::now()).saturating_sub(later);
        match within(own.min(left), step.call) {
            Err(error) => {
                say("failed", &format!(r#"{component},"error":{}"#, quoted(&error)));
                failed.push(step.name);
            }
            Ok(()) if step.ends => {
                say(
                    "stopped",
                    &format!(r#"{component},"elapsedMs":{:.3}"#, began.elapsed().as_secs_f64() * 1e3),
                );
            }
            Ok(()) => {}
        }
    }
}

/// Calls a function on a thread of its own, and gives it up once the time is over; a panic is an error.
pub(crate) fn within<T: Send + 'static>(
    timeout: Duration,
    call: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
            Err(text
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or("panic".into())
                .into())
        });
        sender.send(result.map_err(|error| error.to_string())).ok() // Nobody waits for a late one.
    });
    receiver
        .recv_timeout(timeout)
        .unwrap_or_else(|_| Err(format!("No end after {timeout:?}")))
}

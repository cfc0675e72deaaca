use crate::message::quoted;
use crate::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) type Save = Arc<dyn Fn() -> Result<Vec<u8>, Error> + Send + Sync>;

/// A part of the program with its own end, for [`App::component`](crate::App::component).
pub struct Component {
    pub(crate) name: String,
    pub(crate) timeout: Duration,
    pub(crate) serves: bool,
    /// What ends it, in this order: stop, join.
    pub(crate) calls: Vec<Box<dyn FnOnce() -> Result<(), Error> + Send>>,
    pub(crate) began: Option<Instant>, // to end
    pub(crate) save: Option<Save>,
}

impl Component {
    /// One that `stop` ends; it returns when the component has ended.
    pub fn new(name: &str, stop: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Self {
        let timeout = Duration::from_secs(5);
        Self { name: name.into(), timeout, serves: false, calls: vec![Box::new(stop)], began: None, save: None }
    }

    /// One that only saves: its part of the state, as JSON.
    pub fn saving<S: Into<Vec<u8>>>(name: &str, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self {
        Self { calls: vec![], ..Self::new(name, || Ok(())) }.save(save)
    }

    /// Its part of the state, as JSON.
    pub fn save<S: Into<Vec<u8>>>(self, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self {
        Self { save: Some(Arc::new(move || save().map(Into::into))), ..self }
    }

    /// With it the stop function only tells the component to end, and this returns when it has. All that have one are
    /// told before the first is waited for, so loops that sleep end side by side.
    pub fn join(mut self, join: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Self {
        self.calls.truncate(1); // Called again it names another one.
        self.calls.push(Box::new(join));
        self
    }

    /// How long it may take to end, from when it is told; 5 s without it.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Others reach the program by it: it goes on until everything else has ended.
    pub fn serves(self) -> Self {
        Self { serves: true, ..self }
    }

    pub(crate) fn hello(&self) -> String {
        let (name, ms, serves) = (quoted(&self.name), self.timeout.as_millis().max(1), self.serves);
        format!(r#"{{"name":{name},"timeoutMs":{ms},"serves":{serves}}}"#)
    }
}

#[test]
fn a_second_join_function_takes_the_place_of_the_first() {
    let component = Component::new("loop", || Ok(())).join(|| Err("the first".into())).join(|| Ok(()));
    let results: Vec<_> = component.calls.into_iter().map(|call| call().is_ok()).collect();
    assert_eq!(results, [true, true]);
}

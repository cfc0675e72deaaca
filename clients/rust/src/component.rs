use crate::json::quoted;
use crate::Error;
use std::sync::Arc;
use std::time::Duration;

pub(crate) type Call = Box<dyn FnOnce() -> Result<(), Error> + Send>;
pub(crate) type Save = Arc<dyn Fn() -> Result<Vec<u8>, Error> + Send + Sync>;
pub(crate) type Start = Arc<dyn Fn(Vec<u8>) -> Result<Component, Error> + Send + Sync>;

/// A part of the program with its own end, for [`App::component`](crate::App::component).
pub struct Component {
    pub(crate) name: String,
    pub(crate) timeout: Duration,
    pub(crate) serves: bool,
    pub(crate) stop: Option<Call>,
    pub(crate) join: Option<Call>,
    pub(crate) save: Option<Save>,
    pub(crate) start: Option<Start>,
    /// What it saved, while it is stopped to be started again.
    pub(crate) held: Option<Vec<u8>>,
}

impl Component {
    /// One that `stop` ends; it returns when the component has ended.
    pub fn new(name: &str, stop: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Self {
        Self { stop: Some(Box::new(stop)), ..Self::named(name) }
    }

    /// One that only saves: its part of the state, as JSON.
    pub fn saving<S: Into<Vec<u8>>>(name: &str, save: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self {
        Self::named(name).save(save)
    }

    fn named(name: &str) -> Self {
        let timeout = Duration::from_secs(5);
        Self { name: name.into(), timeout, serves: false, stop: None, join: None, save: None, start: None, held: None }
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

    /// Starts it again in this process: called with what its save function returned (nothing, where it has none), it
    /// returns the component that runs from then on. See [`App::recycle`](crate::App::recycle).
    pub fn start(mut self, start: impl Fn(Vec<u8>) -> Result<Component, Error> + Send + Sync + 'static) -> Self {
        self.start = Some(Arc::new(start));
        self
    }

    /// How long it may take to end, from when it is told, and to start again; 5 s without it.
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
        format!(r#"{{"name":{},"timeoutMs":{}{serves}}}"#, quoted(&self.name), self.timeout.as_millis().max(1))
    }
}

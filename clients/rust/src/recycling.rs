use crate::app::{App, ALONE, SAVE};
use crate::component::Component;
use crate::stopping::{plan, stop, within};
use crate::Error;
use std::time::Duration;

impl App {
    /// Stops every component, the last declared first, and starts all again in order, in this process, each with what
    /// it saved. It is what baton asks for where a rule says "recycle"; by hand it works without baton, too.
    ///
    /// # Errors
    /// Where a component has no [`start`](Component::start), does not stop in time, or fails. Nothing is lost by that:
    /// what has stopped keeps what it saved, for the state and for another try.
    pub fn recycle(&self) -> Result<(), Error> {
        self.recycle_within(ALONE)
    }

    pub(crate) fn recycle_within(&self, deadline: Duration) -> Result<(), Error> {
        let _stopping = self.0.stopping.lock().unwrap();
        let mut own = self.own();
        if own.is_closing {
            return Err("The program is being stopped".into());
        }
        check(&own.components)?;
        let steps = plan(&mut own.components);
        drop(own);
        let failed = stop(steps, deadline, &self.0.pipe);
        let names: Vec<_> = self.own().components.iter().map(|each| each.name.clone()).collect();
        for name in &names {
            // One that may still run is not taken for one that has stopped.
            match failed.contains_key(name) {
                true => self.with(name, |each| each.stop = Some(Box::new(|| Err("It did not before".into())))),
                false => self.hold(name)?,
            }
        }
        if let Some((name, error)) = failed.into_iter().next() {
            return Err(format!("Component {name:?} did not stop: {error}").into());
        }
        names.iter().try_for_each(|name| self.start(name))
    }

    /// Keeps what a component that has stopped saves, until it is started again.
    fn hold(&self, name: &str) -> Result<(), Error> {
        let save = self.with(name, |each| match each.start.is_some() && each.held.is_none() {
            true => Some(each.save.clone()),
            false => None,
        });
        let Some(save) = save else { return Ok(()) };
        let saved = save.map_or(Ok(vec![]), |save| within(SAVE, move || save()));
        let saved = saved.map_err(|error| format!("Component {name:?} cannot save: {error}"))?;
        self.with(name, |each| each.held = Some(saved));
        Ok(())
    }

    fn start(&self, name: &str) -> Result<(), Error> {
        let (start, held, timeout) = self.with(name, |each| (each.start.clone(), each.held.clone(), each.timeout));
        let (Some(start), Some(held)) = (start, held) else { return Ok(()) };
        let started = within(timeout, move || start(held));
        let started = started.map_err(|error| format!("Component {name:?} did not start: {error}"))?;
        self.with(name, |each| *each = Component { name: name.into(), ..started });
        Ok(())
    }

    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Component) -> T) -> T {
        let mut own = self.own();
        act(own.components.iter_mut().find(|each| each.name == name).expect("none is ever removed"))
    }
}

/// Says why they cannot be stopped and started again; what only saves goes on as it is.
pub(crate) fn check(components: &[Component]) -> Result<(), String> {
    let is_once = |each: &&Component| each.start.is_none() && (each.stop.is_some() || each.join.is_some());
    match components.iter().find(is_once) {
        Some(once) => Err(format!("Component {:?} has no start function", once.name)),
        None if components.iter().all(|each| each.start.is_none()) => Err("No component has a start function".into()),
        None => Ok(()),
    }
}

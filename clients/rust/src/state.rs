use crate::app::App;
use crate::json::quoted;
use crate::sha256::sha256;
use crate::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process::id;

impl App {
    /// Saves the state and says so. Baton syncs what it takes, once nobody waits for the disk; `sync` is for where it
    /// is gone.
    pub(crate) fn put(&self, kind: &str, out: &str, sync: bool) -> Result<(), Error> {
        if !self.own().is_ready {
            return Err("The program was not ready: it has not called ready()".into());
        }
        let _saving = self.0.saving.lock().unwrap_or_else(|broken| broken.into_inner()); // By a save that panicked.
        let state = self.collect()?;
        if kind == "checkpoint" && self.own().is_closing {
            return Ok(()); // The final state must stay the last one.
        }
        write(out, &state, sync)?;
        let fields = [("kind", quoted(kind)), ("bytes", state.len().to_string()), ("sha256", quoted(&sha256(&state)))];
        self.0.pipe.send("saved", &fields);
        Ok(())
    }

    /// What `save` returns, with a key for each component that saves a part.
    fn collect(&self) -> Result<Vec<u8>, Error> {
        let own = self.own();
        let whole = own.save.clone();
        let parts: Vec<_> = own
            .components
            .iter()
            .filter_map(|each| Some((each.name.clone(), each.save.clone()?, each.held.clone())))
            .collect();
        drop(own);
        if whole.is_none() && parts.is_empty() {
            return Err("Nothing saves: call on_save, or give a component a save function".into());
        }
        let whole = whole.map_or(Ok(b"{}".to_vec()), |save| save())?;
        if parts.is_empty() {
            return Ok(whole);
        }
        let inside = whole.trim_ascii().strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
        let inside = inside.ok_or("With components that save, on_save must return an object in JSON")?.trim_ascii();
        let mut fields = if inside.is_empty() { vec![] } else { vec![inside.to_vec()] };
        for (name, save, held) in parts {
            let part = held.map_or_else(|| save(), Ok)?;
            fields.push([quoted(&name).as_bytes(), b":", &part].concat());
        }
        Ok([b"{", fields.join(&b',').as_slice(), b"}"].concat())
    }
}

/// Writes beside the path and renames.
fn write(path: &str, state: &[u8], sync: bool) -> Result<(), Error> {
    let beside = format!("{path}.{}.tmp", id());
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside);
    let written = file.and_then(|mut file| {
        file.write_all(state)?;
        if sync {
            file.sync_all()
        } else {
            Ok(())
        }
    });
    if let Err(error) = written.and_then(|()| fs::rename(&beside, path)) {
        fs::remove_file(&beside).ok(); // It may not be there.
        return Err(format!("Cannot write the state to {path:?}: {error}").into());
    }
    Ok(())
}

use crate::component::Save;
use crate::message::quoted;
use crate::sha256::sha256;
use crate::{App, Error};
use std::fs::{remove_file, rename, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::id;

impl App {
    /// Saves the state and says so. Baton syncs what it takes, once nobody waits for the disk; `sync` is for where it
    /// is gone.
    pub(crate) fn put(&self, kind: &str, out: &str, sync: bool) -> Result<(), Error> {
        let _saving = self.0.saving.lock().unwrap_or_else(|broken| broken.into_inner()); // By a save that panicked.
        let own = self.own();
        let (is_ready, whole, parts) = (own.is_ready, own.save.clone(), own.parts.clone());
        drop(own);
        let state = match whole {
            _ if self.0.alone.is_some() || sync && !is_ready => return Ok(()), // Nobody waits for one.
            _ if !is_ready => return Err("The program was not ready: it has not called ready()".into()),
            None if parts.is_empty() => return Err("Nothing saves: neither on_save nor a component".into()),
            Some(save) if parts.is_empty() => save()?,
            whole => with_parts(&whole.map_or(Ok(b"{}".to_vec()), |save| save())?, &parts)?,
        };
        if kind == "checkpoint" && self.own().is_closing {
            return Ok(()); // The final state must stay the last one.
        }
        write(out, &state, sync).map_err(|error| format!("Cannot write the state to {out:?}: {error}"))?;
        let (bytes, sha256) = (state.len(), sha256(state));
        self.send(&format!(r#"{{"type":"saved","kind":"{kind}","bytes":{bytes},"sha256":"{sha256}"}}"#));
        Ok(())
    }
}

/// An object in JSON, with a key more for each component.
fn with_parts(whole: &[u8], parts: &[(String, Save)]) -> Result<Vec<u8>, Error> {
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
    let beside = format!("{path}.{}.tmp", id());
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    let written = file.write_all(state).and_then(|()| if sync { file.sync_all() } else { Ok(()) });
    written.and_then(|()| rename(&beside, path)).inspect_err(|_| drop(remove_file(&beside)))
}

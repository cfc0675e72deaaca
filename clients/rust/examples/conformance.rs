//! The programs that the conformance suite runs: `conformance PROGRAM`; see docs/protocol.md.
use baton::{App, Component, Error};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::Arc;
use std::time::Duration;
use std::{env, process, thread};

fn say(text: &'static str) -> impl FnOnce() -> Result<(), Error> {
    move || {
        println!("{text}");
        Ok(())
    }
}

/// The number in what `{"key":NUMBER}` holds.
fn number(app: &App, key: &str) -> Result<i64, Error> {
    let read = |state: &[u8]| {
        let text = std::str::from_utf8(state)?;
        let inside = text.strip_prefix(&format!("{{\"{key}\":")).and_then(|rest| rest.strip_suffix('}'));
        Ok::<i64, Error>(inside.ok_or("it is not what was saved")?.parse()?)
    };
    Ok(app.restore(read)?.unwrap_or(0))
}

fn counts(app: &App) -> Result<(), Error> {
    let count = number(app, "count")?;
    println!("restored {{\"count\":{count}}}");
    app.component(Component::new("first", say("stop first")));
    app.component(Component::new("second", say("stop second")).timeout(Duration::from_millis(900)));
    app.on_save(move || Ok(format!("{{\"count\":{}}}", count + 1)));
    Ok(())
}

extern "C" fn ended() {
    println!("ended");
}

extern "C" {
    fn atexit(function: extern "C" fn()) -> i32;
}

fn main() -> Result<(), Error> {
    // SAFETY: it prints.
    unsafe { atexit(ended) };
    let program = env::args().nth(1).unwrap_or_default();
    let app = if program == "late" { baton::join_exclusive()? } else { baton::join()? };
    if !["counts", "workers", "finishes", "late", "checkpoints"].contains(&program.as_str()) {
        app.restore(|_| Ok::<_, Error>(()))?;
        app.restore(|_| Ok::<_, Error>(()))?; // Again: it is still a barrier.
    }
    match program.as_str() {
        "counts" | "finishes" => counts(&app)?,
        "workers" => {
            counts(&app)?;
            app.ready();
            // A worker is a process of its own that takes part as well.
            process::Command::new(env::current_exe()?).arg("worker").spawn()?;
        }
        "worker" => app.on_save(|| Ok("\"of the worker\"")),
        "parts" => {
            app.on_save(|| Ok("{\"whole\":true}"));
            app.component(Component::new("queue", || Ok(())).save(|| Ok("[\"event\"]")));
            app.component(Component::saving("config", || Ok("{\"tick\":1}")));
        }
        "joins" => {
            app.component(Component::new("http", say("stop http")).serves());
            app.component(Component::new("first", say("tell first")).join(say("join first")));
            app.component(Component::new("queue", say("stop queue")));
            app.component(Component::new("second", say("tell second")).join(say("join second")));
            app.on_save(|| Ok("\"joined\""));
        }
        "stuck" => {
            app.component(Component::new("fine", || Ok(())));
            app.component(
                Component::new("hangs", || loop {
                    thread::park()
                })
                .timeout(Duration::from_millis(50)),
            );
            app.component(Component::new("raises", || panic!("cannot stop")));
            app.on_save(|| Ok("\"saved anyway\""));
        }
        "raises" => app.on_save(|| -> Result<String, Error> { panic!("not now") }),
        "slow" => app.on_save(|| {
            println!("saving");
            eprintln!("saving");
            thread::sleep(Duration::from_millis(200));
            Ok(format!("\"{}\"", "x".repeat(1 << 24)))
        }),
        "nothing" => app.component(Component::new("only", || Ok(()))),
        "unready" => {
            app.on_save(|| Ok("\"too early\""));
            thread::sleep(Duration::MAX);
        }
        "late" => {
            app.ready();
            app.component(Component::new("late", || Ok(())));
        }
        "checkpoints" => {
            let saved = Arc::new(AtomicI64::new(number(&app, "saved")?));
            app.on_save(move || Ok(format!("{{\"saved\":{}}}", saved.fetch_add(1, Ordering::SeqCst) + 1)));
            app.ready();
            app.checkpoint()?;
        }
        _ => return Err(format!("there is no program {program:?}").into()),
    }
    if program == "finishes" {
        app.ready()
    } else {
        app.wait()
    }
    Ok(())
}

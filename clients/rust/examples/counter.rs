//! Counts its requests, over every edit of it. Run it with
//! `baton --listen 8000 --rule greeting.txt=notify --rule settings.txt=recycle -- cargo run --example counter`.
use baton::{App, Component, Error};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::Arc;
use std::{fs, str, thread};

const VERSION: u32 = 1;

#[derive(Default)]
struct State {
    count: AtomicU64,
    greeting: AtomicU64,
}

/// Who only wakes the loop asks nothing.
fn answer(stream: &mut TcpStream, state: &State) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(_request) = lines.next().transpose()? else { return Ok(()) };
    while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
    let (count, greeting) = (state.count.fetch_add(1, SeqCst) + 1, state.greeting.load(SeqCst));
    let body = format!(r#"{{"version":{VERSION},"count":{count},"greeting":{greeting}}}"#);
    write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Serves on a thread, from the first time on and each time that it is started again.
fn serve(app: &App, state: &Arc<State>) -> Result<Component, Error> {
    let listener = app.listener("", "127.0.0.1:8000")?;
    let (address, is_ending) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
    let (own, ending) = (state.clone(), is_ending.clone());
    let serving = thread::spawn(move || {
        while !ending.load(SeqCst) {
            if let Ok((mut stream, _)) = listener.accept() {
                answer(&mut stream, &own).unwrap_or_else(|error| eprintln!("{error}"));
            }
        }
    });
    let tell = move || {
        is_ending.store(true, SeqCst);
        TcpStream::connect(address)?; // It looks up.
        Ok(())
    };
    let join = move || serving.join().map_err(|_| "it panicked".into());
    let (app, state) = (app.clone(), state.clone());
    Ok(Component::new("http", tell).join(join).start(move |_| serve(&app, &state)).serves())
}

fn main() -> Result<(), Error> {
    let app = baton::join()?;
    let state = Arc::new(State::default());
    if let Some(count) = app.restore(|bytes| str::from_utf8(bytes)?.parse().map_err(Error::from))? {
        state.count.store(count, SeqCst);
    }
    let own = state.clone();
    app.on_save(move || Ok(own.count.load(SeqCst).to_string()));
    let own = state.clone();
    app.on_change("greeting.txt", move |_| {
        own.greeting.store(fs::read_to_string("greeting.txt")?.trim().parse()?, SeqCst);
        Ok(())
    });
    app.component(serve(&app, &state)?);
    app.wait();
    Ok(())
}

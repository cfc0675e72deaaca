//! Counts its requests, over every edit of it: `baton --listen 8000 -- cargo run --example counter`.
use baton::{Component, Error};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::Arc;
use std::{str, thread};

const VERSION: u32 = 1;

/// Who only wakes the loop asks nothing.
fn answer(stream: &mut TcpStream, count: &AtomicU64) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(_request) = lines.next().transpose()? else { return Ok(()) };
    while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
    let body = format!(r#"{{"version":{VERSION},"count":{}}}"#, count.fetch_add(1, SeqCst) + 1);
    write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn main() -> Result<(), Error> {
    let app = baton::join()?;
    let restored = app.restore(|bytes| str::from_utf8(bytes)?.parse().map_err(Error::from))?;
    let count = Arc::new(AtomicU64::new(restored.unwrap_or(0)));
    let own = count.clone();
    app.on_save(move || Ok(own.load(SeqCst).to_string()));

    let listener = app.listener("", "127.0.0.1:8000")?;
    let (address, is_ending) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
    let ending = is_ending.clone();
    let serving = thread::spawn(move || {
        while !ending.load(SeqCst) {
            if let Ok((mut stream, _)) = listener.accept() {
                answer(&mut stream, &count).unwrap_or_else(|error| eprintln!("{error}"));
            }
        }
    });
    let tell = move || {
        is_ending.store(true, SeqCst);
        TcpStream::connect(address)?; // It looks up.
        Ok(())
    };
    let join = move || serving.join().map_err(|_| "it panicked".into());
    app.component(Component::new("http", tell).join(join).serves());
    app.wait();
    Ok(())
}

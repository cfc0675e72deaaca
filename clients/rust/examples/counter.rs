//! Counts its requests, over every edit of it: `baton --listen 8000 -- cargo run --example counter`.
use baton::{Component, Error};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::thread;

const VERSION: u32 = 1;

/// Who only wakes the loop asks nothing.
fn answer(stream: &mut TcpStream, count: &AtomicU64) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(_request) = lines.next().transpose()? else {
        return Ok(());
    };
    while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
    let body = format!(
        "{{\"version\":{VERSION},\"count\":{}}}",
        count.fetch_add(1, Ordering::SeqCst) + 1
    );
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn main() -> Result<(), Error> {
    let app = baton::join()?;
    let restored = app.restore()?.unwrap_or(b"0".to_vec());
    let count = Arc::new(AtomicU64::new(String::from_utf8(restored)?.parse()?));
    let listener = app.listener("", "127.0.0.1:8000")?;
    let (address, ending) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
    let serving = thread::spawn({
        let (count, ending) = (count.clone(), ending.clone());
        move || {
            while !ending.load(Ordering::SeqCst) {
                if let Ok((mut stream, _)) = listener.accept() {
                    if let Err(error) = answer(&mut stream, &count) {
                        eprintln!("{error}");
                    }
                }
            }
        }
    });
    let tell = move || {
        ending.store(true, Ordering::SeqCst);
        TcpStream::connect(address)?; // It looks up.
        Ok(())
    };
    let join = move || serving.join().map_err(|_| "it panicked".into());
    app.component(Component::new("http", tell).join(join).serves());
    app.on_save(move || Ok(count.load(Ordering::SeqCst).to_string()));
    app.wait();
    Ok(())
}

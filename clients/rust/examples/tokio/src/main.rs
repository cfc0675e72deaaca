//! Counts its requests on tokio, over every edit of it: `baton --listen 8000 -- cargo run`, in this folder.
use baton::{Component, Error};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::{spawn, spawn_blocking, JoinSet};

const VERSION: u32 = 1;

async fn answer(mut stream: TcpStream, count: Arc<AtomicU64>) -> std::io::Result<()> {
    if stream.read(&mut [0; 4_096]).await? == 0 {
        return Ok(());
    }
    let body = format!(r#"{{"version":{VERSION},"count":{}}}"#, count.fetch_add(1, SeqCst) + 1);
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let app = baton::join()?;
    let parse = |bytes: &[u8]| std::str::from_utf8(bytes)?.parse::<u64>().map_err(Error::from);
    let restored = spawn_blocking(move || app.restore(parse)).await??; // The barrier waits: on a thread that may.
    let count = Arc::new(AtomicU64::new(restored.unwrap_or(0)));
    let own = count.clone();
    app.on_save(move || Ok(own.load(SeqCst).to_string()));

    let listener = app.listener("", "127.0.0.1:8000")?;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let (end, mut ending) = watch::channel(false);
    let serving = spawn(async move {
        let mut requests = JoinSet::new();
        loop {
            tokio::select! {
                Ok((stream, _)) = listener.accept() => requests.spawn(answer(stream, count.clone())),
                _ = ending.changed() => break,
            };
        }
        requests.join_all().await; // What is under way is answered.
    });
    let runtime = Handle::current();
    let tell = move || end.send(true).map_err(Error::from);
    let join = move || runtime.block_on(serving).map_err(Error::from);
    app.component(Component::new("http", tell).join(join).serves());
    spawn_blocking(move || app.wait()).await?;
    Ok(())
}

//! What a program gets without baton, or once it has gone; on Linux.
#![cfg(target_os = "linux")]
use baton::{Component, Error};
use std::io;
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixListener;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{id, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, fs, thread};

type Calls = Arc<Mutex<Vec<String>>>;

/// Notes that it is stopped, and started again.
fn noted(name: &'static str, calls: &Calls) -> Component {
    let (stopped, started) = (calls.clone(), calls.clone());
    let stop = move || {
        stopped.lock().unwrap().push(format!("stop {name}"));
        Ok(())
    };
    Component::new(name, stop).start(move |_| {
        started.lock().unwrap().push(format!("start {name}"));
        Ok(noted(name, &started))
    })
}

#[test]
fn what_did_not_stop_is_not_started_beside_it() -> Result<(), Error> {
    let (app, calls) = (baton::join()?, Calls::default());
    app.component(noted("first", &calls));
    app.recycle()?;
    let start = |_| panic!("it runs already");
    let hang = || loop {
        thread::park()
    };
    app.component(Component::new("hangs", hang).timeout(Duration::from_millis(10)).start(start));
    for _ in 0..2 {
        let error = app.recycle().expect_err("it hangs").to_string();
        assert!(error.starts_with("Component \"hangs\" did not stop"), "{error}");
    }
    assert_eq!(*calls.lock().unwrap(), ["stop first", "start first", "stop first"]);
    Ok(())
}

extern "C" {
    fn kill(process: u32, signal: i32) -> i32;
}

fn interrupt() {
    unsafe { kill(id(), 2) };
}

/// Whether a handler is set, as Linux tells.
fn hears_interrupts() -> Result<bool, Error> {
    let status = fs::read_to_string("/proc/self/status")?;
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).ok_or("no mask")?;
    Ok(u64::from_str_radix(caught.trim(), 16)? & 2 != 0)
}

/// This test as a program of its own, where it is not that already.
fn program(name: &str) -> Option<Command> {
    let mut program = Command::new(env::current_exe().expect("its own path"));
    program.args(["--exact", name]).env("BATON_TEST_PROGRAM", name);
    env::var("BATON_TEST_PROGRAM").is_err().then_some(program)
}

/// Its component is told to stop by the first signal, and sends the second.
#[test]
fn a_second_signal_ends_it_at_once() -> Result<(), Error> {
    if let Some(mut program) = program("a_second_signal_ends_it_at_once") {
        let status = program.output()?.status;
        assert_eq!(status.signal(), Some(2), "{status}");
        return Ok(());
    }
    let app = baton::join()?;
    app.component(Component::new("hangs", || {
        interrupt();
        loop {
            thread::park()
        }
    }));
    thread::spawn(|| {
        while !hears_interrupts().expect("it can be asked") {
            thread::yield_now();
        }
        interrupt();
    });
    app.wait();
    Ok(())
}

/// Baton goes at once.
#[test]
fn it_leaves_where_a_function_of_at_exit_panics() -> Result<(), Error> {
    if let Some(mut program) = program("it_leaves_where_a_function_of_at_exit_panics") {
        let address = env::temp_dir().join(format!("baton-{}", id()));
        let listener = UnixListener::bind(&address)?;
        let mut program = program.env("BATON_PIPE", &address).stderr(Stdio::null()).stdout(Stdio::null()).spawn()?;
        drop(listener.accept()?);
        fs::remove_file(address)?;
        assert_eq!(program.wait()?.code(), Some(0));
        return Ok(());
    }
    let app = baton::join()?;
    app.at_exit(|| panic!("cannot flush"));
    thread::sleep(Duration::from_secs(60));
    Err("it has not left".into())
}

extern "C" {
    fn dup2(descriptor: i32, at: i32) -> i32;
    fn fcntl(descriptor: i32, command: i32, ...) -> i32;
}

/// What is said of the listener by a program that has inherited the socket.
fn inheriting(name: &str, socket: impl AsRawFd) -> Result<Option<String>, Error> {
    let Some(mut program) = program(name) else { return Ok(None) };
    let socket = socket.as_raw_fd();
    let inherit = move || match unsafe { dup2(socket, 3) + fcntl(3, 2, 0) } {
        3 => Ok(()), // F_SETFD has left it open, if it was there already.
        _ => Err(io::Error::last_os_error()),
    };
    program.arg("--nocapture").env("BATON_VERSION", "1").env("LISTEN_FDS", "1").env("LISTEN_FDNAMES", "8000");
    let said = unsafe { program.pre_exec(inherit) }.output()?;
    Ok(Some(String::from_utf8(said.stdout)?))
}

#[test]
fn a_held_socket_can_be_had_again_and_no_child_inherits_it() -> Result<(), Error> {
    let held = TcpListener::bind("127.0.0.1:0")?;
    held.set_nonblocking(true)?; // As the version before may have left it.
    let address = held.local_addr()?;
    if let Some(said) = inheriting("a_held_socket_can_be_had_again_and_no_child_inherits_it", held)? {
        assert!(said.contains(&format!("{address} {address}, it waits: true, and 0 more")), "{said}");
        return Ok(());
    }
    let app = baton::join()?;
    let (first, second) = (app.listener("8000", "")?, app.listener("", "")?);
    let waits = unsafe { fcntl(second.as_raw_fd(), 3) } & 0o4000 == 0; // F_GETFL, O_NONBLOCK
    let (first, second) = (first.local_addr()?, second.local_addr()?);
    let descriptors = Command::new("ls").args(["-l", "/proc/self/fd"]).output()?.stdout;
    println!(
        "{first} {second}, it waits: {waits}, and {} more",
        String::from_utf8(descriptors)?.matches("socket:").count()
    );
    Ok(())
}

#[test]
fn a_socket_of_another_kind_is_refused() -> Result<(), Error> {
    let address = env::temp_dir().join(format!("baton-unix-{}", id()));
    if let Some(said) = inheriting("a_socket_of_another_kind_is_refused", UnixListener::bind(&address)?)? {
        fs::remove_file(&address)?;
        assert!(said.contains("socket \"\" is not of TCP"), "{said}");
        assert!(said.contains(&format!("serves {address:?} (pathname)")), "{said}");
        return Ok(());
    }
    fs::remove_file(&address)?;
    let app = baton::join()?;
    println!("{}", app.listener("", "").expect_err("it is a Unix socket"));
    println!("serves {:?}", app.unix_listener("", "")?.local_addr()?);
    Ok(())
}

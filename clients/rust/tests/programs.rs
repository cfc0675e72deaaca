//! What a program gets without baton, and of one that is played to it; on Linux.
#![cfg(target_os = "linux")]
use baton::{Component, Error};
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{id, Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

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

/// The test's side of the pipe.
struct Played {
    program: Child,
    socket: UnixStream,
    lines: Lines<BufReader<UnixStream>>,
}

impl Played {
    fn new(mut program: Command) -> Result<Self, Error> {
        let address = env::temp_dir().join(format!("baton-{:?}-{}", thread::current().id(), id()));
        let listener = UnixListener::bind(&address)?;
        let program = program.env("BATON_PIPE", &address).stdout(Stdio::null()).spawn()?;
        let (socket, _) = listener.accept()?;
        fs::remove_file(address)?;
        Ok(Self { program, lines: BufReader::new(socket.try_clone()?).lines(), socket })
    }

    /// What the program says, up to a message of that type: its type, and the next word.
    fn until(&mut self, last: &str) -> Result<Vec<String>, Error> {
        let mut said: Vec<String> = vec![];
        while !said.last().is_some_and(|words| words.starts_with(last)) {
            let line = self.lines.next().ok_or_else(|| format!("it has gone after {said:?}"))??;
            let words: Vec<_> = line.split('"').skip(3).step_by(4).take(2).collect();
            said.push(words.join(" "));
        }
        Ok(said)
    }
}

/// One that hangs takes neither the time of those that come after it nor that of the state; one whose own time is over
/// meanwhile has ended.
#[test]
fn one_that_hangs_cannot_take_all_of_the_deadline() -> Result<(), Error> {
    if let Some(program) = program("one_that_hangs_cannot_take_all_of_the_deadline") {
        let out = env::temp_dir().join(format!("baton \\ \"é\" {}", id()));
        let path = out.to_str().ok_or("not UTF-8")?.replace('\\', r"\\").replace('"', r#"\""#);
        let mut baton = Played::new(program)?;
        baton.until("hello")?;
        writeln!(baton.socket, r#"{{"type":"start","changed":["a,b"],"stateFile":null}}"#)?;
        baton.until("ready")?;
        writeln!(baton.socket, r#"{{"type":"shutdown","out":"{path}","deadlineMs":3000}}"#)?;
        let said = baton.until("saved")?;
        writeln!(baton.socket, r#"{{"type":"exit"}}"#)?;
        assert_eq!(baton.program.wait()?.code(), Some(0));
        assert_eq!(said[2..], ["failed hangs", "stopped ends", "stopping last", "stopped last", "saved final"]);
        assert_eq!(fs::read_to_string(&out)?, "{\"part\":1}");
        return Ok(fs::remove_file(out)?);
    }
    let app = baton::join()?;
    app.restore(|_| Ok::<_, Error>(()))?;
    let hang = || loop {
        thread::park()
    };
    app.component(Component::new("last", || Ok(())).serves());
    app.component(Component::new("ends", || Ok(())).join(|| Ok(())).timeout(Duration::from_millis(200)));
    app.component(Component::new("hangs", || Ok(())).join(hang).timeout(Duration::from_secs(60)));
    app.component(Component::saving("part", || Ok("1")));
    app.wait();
    Ok(())
}

#[test]
fn a_line_that_is_too_long_is_as_good_as_none() -> Result<(), Error> {
    if let Some(program) = program("a_line_that_is_too_long_is_as_good_as_none") {
        let mut baton = Played::new(program)?;
        baton.until("hello")?;
        // It may have gone before it is all said.
        writeln!(baton.socket, r#"{{"type":"start","mood":"{}"}}"#, "fine".repeat(1 << 18)).ok();
        assert_eq!(baton.until("error")?.len(), 1);
        assert_eq!(baton.program.wait()?.code(), Some(0));
        return Ok(());
    }
    baton::join()?.restore(|_| Ok::<_, Error>(()))?;
    Err("it was let go on".into())
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

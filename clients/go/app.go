package baton

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Version of this client.
const Version = "0.1.0"

// App is this program's part in the handoff, made by [Join]. Any goroutine may call its methods. Which run this is,
// and what has changed before it, say the variables BATON_GENERATION and BATON_CHANGED.
type App struct {
	conn       *net.UnixConn   // nil without baton
	started    context.Context // done once "start" has come
	ended      context.Context // done once the program is to end
	begin, end context.CancelFunc
	finish     func() // has the program end from its own side
	ready      atomic.Bool
	closing    atomic.Bool // the components are to stop, or have
	awaited    atomic.Bool // main ends by itself
	saving     sync.Mutex
	mu         sync.Mutex // of what follows
	known
}

// known is what the program has declared, and what baton has said of this run.
type known struct {
	barrier    bool // Restore was called
	exclusive  bool
	components []*Component
	save       Save
	atExit     []func()
	sockets    []*os.File // those that are held and were asked for: their end would close them
	hello      string     // that was said last
	stateFile  string
	out        string // where to save unasked
}

// Join takes part in baton's handoff; without baton it returns a stand-in that works alone. Once ctx is done,
// the program ends as on a stop signal: its components are stopped, its state is saved.
//
// It returns an error where BATON_PIPE is set and baton cannot be reached.
func Join(ctx context.Context) (*App, error) {
	a := &App{known: known{out: os.Getenv("BATON_STATE_OUT")}}
	a.started, a.begin = context.WithCancel(context.Background())
	a.ended, a.end = context.WithCancel(context.Background())
	if address := os.Getenv("BATON_PIPE"); address == "" {
		a.finish = sync.OnceFunc(func() { a.shutDown("", aloneDeadline, 0); a.end() })
		a.begin()
	} else {
		conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: address, Net: "unix"})
		if err != nil {
			return nil, fmt.Errorf("cannot reach baton, unset BATON_PIPE to run alone: %w", err)
		}
		a.conn, a.finish = conn, func() { conn.CloseRead() } // listen does the rest
		// Caught, it ends nothing: where baton is killed, so is who reads the output, and the state counts more. What the
		// program executes has it as ever.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
		go a.listen()
	}
	context.AfterFunc(ctx, a.finish)
	return a, nil
}

// Restore returns what the generation before saved, or initial where there is nothing.
//
// This is the barrier: while the generation before still serves, it waits. What is slow belongs before this
// call, what must not run twice (binding a port, starting a loop) after it. Where components save, the state
// is an object with a key a component. A program that is not needed any more ends here, with status 0; what
// must be done before that, say with [App.AtExit].
//
// It returns an error where the state cannot be read into a T; baton keeps it.
func Restore[T any](a *App, initial T) (T, error) {
	a.declare(func() { a.barrier = a.barrier || a.hello == "" })
	<-a.started.Done()
	path := a.now().stateFile
	if path == "" {
		return initial, nil
	}
	var state T
	bytes, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(bytes, &state)
	}
	if err != nil {
		return initial, fmt.Errorf("cannot read the state %q (--fresh starts without it): %w", path, err)
	}
	return state, nil
}

// Exclusive says that two generations must never run at once (a lock, a device, too much memory): the next one is
// started only after this one is gone. Call it before [Restore].
func (a *App) Exclusive() { a.declare(func() { a.exclusive = true }) }

// Component declares a part of the program. At the end the parts are stopped one after the other, the last
// declared first, those that serve after all others. One that returns an error, panics or is late is
// reported, the others still stop. It panics where the name is empty or taken.
func (a *App) Component(c Component) {
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	a.declare(func() {
		isTaken := slices.ContainsFunc(a.components, func(other *Component) bool { return other.Name == c.Name })
		if isTaken || c.Name == "" || len(c.Name) > 200 || c.Timeout < 0 {
			panic(fmt.Sprintf("baton: component %q: names are unique, of 1 to 200 bytes; timeouts are above 0", c.Name))
		}
		a.components = append(a.components, &c)
	})
}

// OnSave sets what is called for the state when it is to be saved. With components that save too it must
// return what is an object in JSON; theirs are added to it.
func (a *App) OnSave(save Save) { a.declare(func() { a.save = save }) }

// Ready says that the program serves. Nothing is saved before; called again, it does nothing.
func (a *App) Ready() {
	if !a.closing.Load() && a.ready.CompareAndSwap(false, true) {
		a.declare(func() {})
		a.say("ready", object{})
	}
}

// Checkpoint saves the state while running; a crash resumes from it. It does nothing without baton.
func (a *App) Checkpoint() error { return a.put("checkpoint", a.now().out, 0) }

// Wait says [App.Ready] and returns when the program is to end, its components stopped and its state saved.
// Meanwhile SIGINT and SIGTERM end the program the same way; without baton a second one ends it at once. Return
// from main within a second after it.
func (a *App) Wait() {
	signals, stop := signal.NotifyContext(a.ended, os.Interrupt, syscall.SIGTERM)
	defer stop()
	ended := a.Done()
	a.Ready()
	<-signals.Done()
	if a.conn == nil {
		stop() // From now on a signal ends the program.
	}
	a.finish()
	<-ended
}

// Done is closed when [App.Wait] would return: for a program that waits for more than that.
func (a *App) Done() <-chan struct{} {
	a.awaited.Store(true)
	return a.ended.Done()
}

// AtExit has f called before this package ends the process (buffers are to be flushed): where a program is not
// needed any more while it waits in [Restore], and where neither [App.Wait] nor [App.Done] was called.
// Elsewhere main returns.
func (a *App) AtExit(f func()) { a.declare(func() { a.atExit = append(a.atExit, f) }) }

// Listener returns the socket that baton holds (--listen): who connects while one generation hands over to
// the next waits in its queue, and nobody is refused. Call it after [Restore]. The name is the port, or the
// file of a Unix socket; "" is the first one. Where none is held it listens at the TCP address.
//
// It returns an error where there is no socket of that name, and where none is held and the address is empty
// or cannot be bound.
func (a *App) Listener(name, address string) (net.Listener, error) {
	var names []string
	// Baton's may go through a launcher, which has another process number.
	if os.Getenv("BATON_VERSION") != "" || os.Getenv("LISTEN_PID") == strconv.Itoa(os.Getpid()) {
		count, _ := strconv.Atoi(os.Getenv("LISTEN_FDS"))
		names = make([]string, max(0, count))
		copy(names, strings.Split(os.Getenv("LISTEN_FDNAMES"), ":"))
	}
	at := slices.Index(names, name)
	switch {
	case len(names) == 0 && address != "":
		return net.Listen("tcp", address)
	case len(names) > 0 && name == "":
		at = 0
	case at < 0:
		return nil, fmt.Errorf("no socket %q is held, but %q: see baton --listen, or name an address", name, names)
	}
	fd := 3 + at // 3 is the first, as sd_listen_fds(3) has it
	listens, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN)
	if listens == 0 && err != syscall.ENOPROTOOPT { // Not every system tells.
		return nil, fmt.Errorf("socket %q was not passed on by who started this program", names[at])
	}
	syscall.CloseOnExec(fd)
	file := os.NewFile(uintptr(fd), names[at])
	a.declare(func() { a.sockets = append(a.sockets, file) })
	return net.FileListener(file)
}

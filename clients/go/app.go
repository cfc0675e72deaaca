package baton

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// Version of this client.
const Version = "0.1.0"

// App is this program's part in the handoff, made by [Join]. Any goroutine may call its methods.
type App struct {
	pipe       *pipe           // nil without baton
	started    context.Context // done once "start" has come
	ended      context.Context // done once the program is to end
	begin, end context.CancelFunc
	finish     func() // has the program end from its own side
	ready      atomic.Bool
	closing    atomic.Bool // the components are to stop, or have
	awaited    atomic.Bool // main ends by itself
	saving     sync.Mutex
	stopping   sync.Mutex // held while components are stopped, and started again
	mu         sync.Mutex // of what follows
	known
}

// known is what the program has declared, and what baton has said of this run.
type known struct {
	barrier    bool // Restore was called
	exclusive  bool
	components []*component
	readers    []reader
	save       Save
	atExit     []func()
	hello      string  // that was said last
	start      message // before it has come, what the environment says
}

// Option is what [Join] takes.
type Option func(*App)

// Exclusive says that two generations must never run at once (a lock, a device, too much memory): the next
// one is started only after this one is gone.
func Exclusive() Option { return func(a *App) { a.exclusive = true } }

// Join takes part in baton's handoff; without baton it returns a stand-in that works alone. Once ctx is done,
// the program ends as on a stop signal: its components are stopped, its state is saved.
//
// It returns an error where BATON_PIPE is set and baton cannot be reached.
func Join(ctx context.Context, options ...Option) (*App, error) {
	a := &App{}
	a.started, a.begin = context.WithCancel(context.Background())
	a.ended, a.end = context.WithCancel(context.Background())
	a.start.Out = os.Getenv("BATON_STATE_OUT")
	a.start.Generation, _ = strconv.Atoi(os.Getenv("BATON_GENERATION"))
	a.start.Changed = strings.FieldsFunc(os.Getenv("BATON_CHANGED"), func(r rune) bool { return r == '\n' })
	for _, option := range options {
		option(a)
	}
	if err := a.takePart(os.Getenv("BATON_PIPE")); err != nil {
		return nil, fmt.Errorf("cannot reach baton, unset BATON_PIPE to run alone: %w", err)
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
	path := a.now().start.StateFile
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

// Generation is the number of this run under baton, from 1 on; 1 without baton.
func (a *App) Generation() int { return max(1, a.now().start.Generation) }

// Changed lists the paths behind this start, relative to the working directory; empty at first.
func (a *App) Changed() []string { return a.now().start.Changed }

// Component declares a part of the program. At the end the parts are stopped one after the other, the last
// declared first, those that serve after all others. One that returns an error, panics or is late is
// reported, the others still stop. It panics where the name is empty or taken.
func (a *App) Component(c Component) { a.declare(func() { a.add(c) }) }

// OnSave sets what is called for the state when it is to be saved. With components that save too it must
// return what is an object in JSON; theirs are added to it.
func (a *App) OnSave(save Save) { a.declare(func() { a.save = save }) }

// OnChange sets what reads changed data files anew, where a rule of baton's says "notify": it is called with
// those paths that the glob names (.gitignore syntax), relative to the working directory. Where it returns an
// error, panics or is late, the program is restarted.
func (a *App) OnChange(glob string, read func(paths []string) error) {
	a.declare(func() { a.readers = append(a.readers, reader{glob, read}) })
}

// Ready says that the program serves. Nothing is saved before; called again, it does nothing.
func (a *App) Ready() {
	if !a.closing.Load() && a.ready.CompareAndSwap(false, true) {
		a.declare(func() {})
		a.say("ready", object{})
	}
}

// Checkpoint saves the state while running; a crash resumes from it. It does nothing without baton.
func (a *App) Checkpoint() error { return a.put("checkpoint", a.now().start.Out, 0) }

// Wait says [App.Ready] and returns when the program is to end, its components stopped and its state saved.
// Meanwhile SIGINT and SIGTERM end the program the same way; without baton a second one ends it at once. Return
// from main within a second after it.
func (a *App) Wait() {
	signals, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(signals, func() {
		if a.pipe == nil {
			stop()
		}
		a.finish()
	})()
	a.Ready()
	<-a.Done()
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

package baton

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

const (
	aloneDeadline = 10 * time.Second // for components and state, where baton names none
	saveDeadline  = 5 * time.Second  // for a checkpoint
	leaveDeadline = time.Second      // until the process is ended by force
)

func (a *App) takePart(address string) (err error) {
	if address == "" {
		a.finish = sync.OnceFunc(func() { a.shutDown("", aloneDeadline, 0); a.end() })
		a.begin()
		return nil
	}
	if a.pipe, err = dial(address); err == nil {
		a.finish = func() { a.pipe.CloseRead() } // obey does the rest
		go a.listen()
	}
	return err
}

// now is what is known at this time.
func (a *App) now() known {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known
}

// waits tells whether the program is at the barrier.
func (a *App) waits() bool { return a.now().barrier && a.started.Err() == nil }

// declare makes a change, and says hello where that matters: at the barrier, and once ready.
func (a *App) declare(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	if atBarrier := a.barrier && a.hello == ""; !atBarrier && !a.ready.Load() {
		return
	}
	components, saves := []object{}, a.save != nil
	for _, c := range a.components {
		components, saves = append(components, c.about()), saves || c.Save != nil
	}
	offers := map[string]bool{"handoff": a.barrier, "checkpoint": saves, "exclusive": a.exclusive,
		"notify": len(a.readers) > 0, "recycle": recyclable(a.components) == nil}
	capabilities := []string{}
	for name, isOffered := range offers {
		if isOffered {
			capabilities = append(capabilities, name)
		}
	}
	if hello := fmt.Sprint(offers, components); hello != a.hello {
		a.hello = hello
		a.say("hello", object{"protocol": 1, "pid": os.Getpid(), "client": "baton-go/" + Version,
			"capabilities": capabilities, "components": components})
	}
}

// listen does what baton asks for, until the program may leave.
func (a *App) listen() {
	for a.obey(a.pipe.receive()) {
	}
	a.leave()
}

// obey does what the message says, and tells whether there is more to come.
func (a *App) obey(m message) bool {
	deadline := time.Duration(m.DeadlineMs * float64(time.Millisecond))
	switch m.Type {
	case "start":
		if m.Out == "" {
			m.Out = a.now().start.Out
		}
		a.declare(func() { a.start = m })
		a.begin()
	case "checkpoint":
		a.saveWithin(saveDeadline, "checkpoint", m.Out, 0)
	case "changed":
		a.answer(m.Step, within(deadline, func(context.Context) error { return a.tell(m.Paths) }))
	case "recycle":
		a.answer(m.Step, a.recycle(deadline))
	case "shutdown":
		if a.waits() {
			a.say("refused", object{"why": "the program is still at the barrier"})
		} else {
			a.shutDown(m.Out, deadline, 0)
		}
	case gone:
		if !a.waits() {
			a.shutDown(a.now().start.Out, aloneDeadline, os.O_SYNC)
		}
	case "error":
		complain("Baton did not understand: %s", m.Message)
	case "exit":
	default:
		a.say("error", object{"message": fmt.Sprintf("unknown message type %q", cut(m.Type))})
	}
	return m.Type != "exit" && m.Type != gone
}

// shutDown stops the components and saves, once.
func (a *App) shutDown(out string, deadline time.Duration, flag int) {
	until := time.Now().Add(deadline)
	if !a.closing.CompareAndSwap(false, true) {
		return
	}
	signal.Ignore(syscall.SIGPIPE) // Who reads the output may be gone before; the state counts more.
	a.stopping.Lock()
	a.stop(a.now().components, time.Until(until))
	a.stopping.Unlock()
	// Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
	a.saveWithin(max(time.Until(until), forSaving(deadline)), "final", out, flag)
}

func (a *App) saveWithin(deadline time.Duration, kind, out string, flag int) {
	err := within(deadline, func(context.Context) error { return a.put(kind, out, flag) })
	if err != nil {
		a.say("refused", object{"why": cut(err.Error())})
	}
}

// answer says whether what a message asks for is in effect.
func (a *App) answer(step int, err error) {
	if err != nil {
		a.say("declined", object{"step": step, "why": cut(err.Error())})
	} else {
		a.say("done", object{"step": step})
	}
}

// leave lets main end the process, and does it where main does not.
func (a *App) leave() {
	isAwaited := a.awaited.Load() && !a.waits()
	a.closing.Store(true)
	a.end()
	if isAwaited {
		time.Sleep(leaveDeadline)
		complain("Process %d did not leave in %v: main has not returned", os.Getpid(), leaveDeadline)
	}
	for _, f := range a.now().atExit {
		f()
	}
	os.Exit(0)
}

// say tells baton; where it is not there, a failure is for people.
func (a *App) say(kind string, fields object) {
	isSaid := a.pipe != nil && a.pipe.send(kind, fields)
	switch {
	case kind == "failed" && !isSaid:
		complain("Component %q failed to stop: %s", fields["component"], fields["error"])
	case kind == "refused" && !isSaid:
		complain("The state cannot be saved: %s", fields["why"])
	}
}

func complain(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "baton: "+format+"\n", values...)
}

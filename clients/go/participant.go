package baton

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	aloneDeadline = 10 * time.Second // for components and state, where baton names none
	saveDeadline  = 5 * time.Second  // for a checkpoint
	leaveDeadline = time.Second      // until the process is ended by force
)

// listen does what baton asks for, until baton is gone; then the program stops by itself.
func (a *App) listen() {
	for {
		m, isOpen := a.pipe.receive()
		if !isOpen {
			a.shutDown(a.begun().Out, aloneDeadline, true)
		}
		if !isOpen || m.Type == "exit" {
			a.leave()
		}
		a.obey(m)
	}
}

func (a *App) obey(m message) {
	deadline := time.Duration(m.DeadlineMs * float64(time.Millisecond))
	switch m.Type {
	case "start":
		a.mu.Lock()
		if m.Out == "" {
			m.Out = a.start.Out
		}
		a.start = m
		a.mu.Unlock()
		a.begin()
	case "shutdown":
		a.shutDown(m.Out, deadline, false)
	case "checkpoint":
		a.saveWithin(saveDeadline, "checkpoint", m.Out, false)
	case "changed":
		a.answer(m, within(deadline, func(context.Context) error { return a.changed(m.Paths) }))
	case "recycle":
		a.answer(m, a.recycle(deadline))
	case "error":
		complain("Baton did not understand: %s", m.Message)
	default:
		a.say("error", object{"message": fmt.Sprintf("unknown message type %q", cut(m.Type))})
	}
}

// begun is what "start" said; before it, what the environment says.
func (a *App) begun() message {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.start
}

// waits tells whether the program is at the barrier.
func (a *App) waits() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.barrier && a.started.Err() == nil
}

// shutDown stops the components and saves, once; alone says that baton is gone.
func (a *App) shutDown(out string, deadline time.Duration, alone bool) {
	if a.waits() {
		if !alone {
			a.say("refused", object{"why": "the program is still at the barrier"})
		}
		return
	}
	until := time.Now().Add(deadline)
	if !a.closing.CompareAndSwap(false, true) {
		return
	}
	signal.Ignore(syscall.SIGPIPE) // Who reads the output may be gone before; the state counts more.
	a.stopping.Lock()
	a.stop(a.parts(), deadline)
	a.stopping.Unlock()
	if a.pipe != nil {
		// Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
		a.saveWithin(max(time.Until(until), forSaving(deadline)), "final", out, alone)
	}
}

func (a *App) saveWithin(deadline time.Duration, kind, out string, alone bool) {
	err := within(deadline, func(context.Context) error { return a.put(kind, out, alone) })
	if err != nil {
		a.say("refused", object{"why": cut(err.Error())})
	}
}

// answer says whether what the message asks for is in effect.
func (a *App) answer(m message, err error) {
	if err != nil {
		a.say("declined", object{"step": m.Step, "why": cut(err.Error())})
	} else {
		a.say("done", object{"step": m.Step})
	}
}

// finish ends the program from its own side.
func (a *App) finish() {
	if a.pipe != nil {
		a.pipe.connection.CloseRead() // listen does the rest
	} else {
		a.shutDown("", aloneDeadline, true)
		a.end()
	}
}

// leave lets main end the process, and does it where main does not.
func (a *App) leave() {
	waits := a.awaited.Load() && !a.waits()
	a.closing.Store(true)
	a.end()
	if waits {
		time.Sleep(leaveDeadline)
		complain("Process %d did not leave in %v: main has not returned", os.Getpid(), leaveDeadline)
	}
	a.mu.Lock()
	atExit := a.atExit
	a.mu.Unlock()
	for _, f := range atExit {
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

package baton

import (
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	aloneDeadline = 10 * time.Second // for components and state, where baton names none
	saveDeadline  = 5 * time.Second  // for a checkpoint
	leaveDeadline = time.Second      // until the process is ended by force
)

var errAtBarrier = errors.New("The program is still at the barrier")

// listen does what baton asks for, until baton is gone; then the program stops by itself.
func (a *App) listen() {
	for a.obey(a.pipe.receive()) {
	}
	if !a.waits() && a.closing.CompareAndSwap(false, true) {
		a.stopComponents(aloneDeadline)
		if err := a.put("final", a.begun().Out, true); err != nil {
			complain("The state cannot be saved: %v", err)
		}
	}
	a.leave()
}

// obey does what a message says, and tells whether to go on.
func (a *App) obey(m message, err error) bool {
	switch {
	case err == errGone:
		return false
	case err != nil:
		a.say("error", object{"message": cut(err.Error())})
		a.pipe.connection.Close()
		return false
	}
	switch m.Type {
	case "start":
		a.begin(m)
	case "shutdown":
		a.refuse(a.shutDown(m))
	case "checkpoint":
		a.refuse(within(saveDeadline, func() error { return a.put("checkpoint", m.Out, false) }))
	case "exit":
		a.closing.Store(true)
	case "error":
		complain("Baton did not understand: %s", m.Message)
	default:
		a.say("error", object{"message": fmt.Sprintf("Unknown message type %q", cut(m.Type))})
	}
	return m.Type != "exit"
}

func (a *App) begin(m message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m.Out == "" {
		m.Out = a.start.Out
	}
	if a.start.Type == "" {
		a.start = m
		close(a.opened)
	}
}

// begun is what "start" said; before it, what the environment says.
func (a *App) begun() message {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.start
}

// waits tells whether the program is at the barrier.
func (a *App) waits() bool { return a.barrier.Load() && a.begun().Type == "" }

func (a *App) shutDown(m message) error {
	if a.waits() {
		return errAtBarrier
	}
	deadline := time.Duration(m.DeadlineMs * float64(time.Millisecond))
	until := time.Now().Add(deadline)
	if a.closing.CompareAndSwap(false, true) {
		a.stopComponents(deadline)
	}
	return within(time.Until(until), func() error { return a.put("final", m.Out, false) })
}

func (a *App) refuse(err error) {
	if err != nil {
		a.say("refused", object{"why": cut(err.Error())})
	}
}

// end ends the program from its own side.
func (a *App) end() {
	if a.pipe != nil {
		a.pipe.connection.CloseRead() // listen does the rest
	} else if a.closing.CompareAndSwap(false, true) {
		a.stopComponents(aloneDeadline)
		close(a.done)
	}
}

// leave lets main end the process, and does it where main does not.
func (a *App) leave() {
	close(a.done)
	if a.awaited.Load() && !a.waits() {
		time.Sleep(leaveDeadline)
		complain("Process %d did not leave in %v: main has not returned", os.Getpid(), leaveDeadline)
	}
	for _, f := range a.atExit {
		f()
	}
	os.Exit(0)
}

func (a *App) say(kind string, fields object) {
	if a.pipe != nil {
		a.pipe.send(kind, fields)
	} else if kind == "failed" { // without baton a failure is for people
		complain("Component %q failed to stop: %s", fields["component"], fields["error"])
	}
}

// declare makes a change, and says hello where that matters: at the barrier, and once ready.
func (a *App) declare(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	if !a.barrier.Load() && !a.ready.Load() || a.declared != "" && !a.ready.Load() {
		return
	}
	capabilities, saves := []string{}, a.save != nil
	components := []object{}
	for _, c := range a.components {
		saves = saves || c.Save != nil
		components = append(components, c.hello())
	}
	if a.barrier.Load() {
		capabilities = append(capabilities, "handoff")
	}
	if saves {
		capabilities = append(capabilities, "checkpoint")
	}
	if a.exclusive {
		capabilities = append(capabilities, "exclusive")
	}
	hello := object{"protocol": 1, "pid": os.Getpid(), "client": "baton-go/" + Version,
		"capabilities": capabilities, "components": components}
	if declared := fmt.Sprint(hello); declared != a.declared {
		a.declared = declared
		a.say("hello", hello)
	}
}

func complain(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "baton: "+format+"\n", values...)
}

package baton

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"
)

// How long components and state may take where baton names no time, and a checkpoint: baton waits 10 s for it.
const aloneDeadline, saveDeadline = 10 * time.Second, 9 * time.Second

// object is what is said to baton.
type object map[string]any

// message is what baton says; docs/protocol.md tells which field belongs to which type.
type message struct {
	Type, Out, Message, StateFile string
	DeadlineMs                    float64
}

// now is what is known at this time.
func (a *App) now() known {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known
}

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
		about := object{"name": c.Name, "timeoutMs": max(1, c.Timeout.Milliseconds()), "serves": c.Serves}
		components, saves = append(components, about), saves || c.Save != nil
	}
	offers := map[string]bool{"handoff": a.barrier, "checkpoint": saves, "exclusive": a.exclusive}
	capabilities := slices.DeleteFunc([]string{"handoff", "checkpoint", "exclusive"},
		func(name string) bool { return !offers[name] })
	if hello := fmt.Sprint(capabilities, components); hello != a.hello {
		a.hello = hello
		a.say("hello", object{"protocol": 1, "pid": os.Getpid(), "client": "baton-go/" + Version,
			"capabilities": capabilities, "components": components})
	}
}

// listen does what baton asks for. Once it is gone, or says what is no message, the program stops by itself.
func (a *App) listen() {
	lines, err := json.NewDecoder(a.conn), error(nil)
	for err == nil {
		m := message{Out: a.now().out, DeadlineMs: float64(aloneDeadline.Milliseconds())}
		if err = lines.Decode(&m); err == nil {
			a.obey(m)
		}
	}
	if err != io.EOF {
		a.say("error", object{"message": cut(err)})
		a.conn.Close()
	}
	if known := a.now(); !known.barrier || a.started.Err() != nil { // Else there is nothing to save yet.
		a.shutDown(known.out, aloneDeadline, os.O_SYNC)
	}
	a.leave()
}

// obey does what the message says.
func (a *App) obey(m message) {
	switch m.Type {
	case "start":
		a.declare(func() { a.stateFile, a.out = m.StateFile, m.Out })
		a.begin()
	case "checkpoint":
		a.saveWithin(saveDeadline, "checkpoint", m.Out, 0)
	case "shutdown":
		a.shutDown(m.Out, time.Duration(m.DeadlineMs*float64(time.Millisecond)), 0)
	case "exit":
		a.leave()
	case "error":
		slog.Warn("baton did not understand this program", "message", m.Message)
	default:
		a.say("error", object{"message": fmt.Sprintf("unknown message type %.99q", m.Type)})
	}
}

// shutDown stops the components and saves, once.
func (a *App) shutDown(out string, deadline time.Duration, flag int) {
	if a.closing.Swap(true) {
		return
	}
	until := time.Now().Add(deadline)
	a.stop(a.now().components, until)
	// Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
	a.saveWithin(max(time.Until(until), min(deadline/5, time.Second)), "final", out, flag)
}

func (a *App) saveWithin(deadline time.Duration, kind, out string, flag int) {
	err := within(deadline, func(context.Context) error { return a.put(kind, out, flag) })
	if err != nil && !a.say("refused", object{"why": cut(err)}) {
		slog.Warn("baton: the state cannot be saved", "error", err)
	}
}

// put saves the state to out and says so. Baton syncs what it takes, once nobody waits for the disk; where it is
// gone the flag is [os.O_SYNC].
func (a *App) put(kind, out string, flag int) error {
	if a.conn == nil {
		return nil // Nobody resumes from it.
	}
	if !a.ready.Load() {
		return errors.New("the program was not ready: it has not called Ready")
	}
	a.saving.Lock()
	defer a.saving.Unlock()
	state, err := a.collect()
	if err != nil || kind == "checkpoint" && a.closing.Load() { // The final state must stay the last one.
		return err
	}
	beside := fmt.Sprintf("%s.%d.tmp", out, os.Getpid())
	defer os.Remove(beside) // where it was not renamed
	file, err := os.OpenFile(beside, flag|os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(state)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(beside, out)
	}
	if err == nil {
		a.say("saved", object{"kind": kind, "bytes": len(state), "sha256": fmt.Sprintf("%x", sha256.Sum256(state))})
	}
	return err
}

// collect returns the state: what OnSave was given returns, with a key for each component that saves a part.
func (a *App) collect() (whole []byte, err error) {
	known := a.now()
	savers := slices.DeleteFunc(slices.Clone(known.components), func(c *Component) bool { return c.Save == nil })
	if known.save == nil && len(savers) == 0 {
		return nil, errors.New("nothing saves: call OnSave, or give a component a Save")
	}
	state := map[string]json.RawMessage{}
	if known.save != nil {
		if whole, err = encoded(known.save); err != nil || len(savers) == 0 {
			return whole, err
		}
		if json.Unmarshal(whole, &state) != nil || state == nil {
			return nil, errors.New("with components that save, OnSave must return an object")
		}
	}
	for _, c := range savers {
		if state[c.Name], err = encoded(c.Save); err != nil {
			return nil, fmt.Errorf("component %q cannot save: %w", c.Name, err)
		}
	}
	return json.Marshal(state)
}

func encoded(save Save) ([]byte, error) {
	value, err := save()
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// leave lets main end the process, and does it where main does not.
func (a *App) leave() {
	a.closing.Store(true)
	a.end()
	if a.awaited.Load() {
		time.Sleep(time.Second)
		slog.Warn("baton: main has not returned, the process is ended")
	}
	for _, f := range a.now().atExit {
		f()
	}
	os.Exit(0)
}

// say tells baton, and returns whether it is there.
func (a *App) say(kind string, fields object) bool {
	fields["type"] = kind
	return a.conn != nil && json.NewEncoder(a.conn).Encode(fields) == nil
}

// cut returns as much of the text as a message should hold.
func cut(err error) string { return fmt.Sprintf("%.4000s", err) }

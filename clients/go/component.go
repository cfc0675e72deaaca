package baton

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// Save returns a state, or a part of it, that encoding/json can hold.
type Save func() (any, error)

// Component is a part of the program with its own end.
type Component struct {
	// Name is unique among the program's components, and the key of its part of the state.
	Name string
	// Stop ends it, and returns when it has ended; [net/http.Server.Shutdown] does. Its context is done when
	// its time is over. With Join it only tells the component to end. Nil is for what only saves.
	Stop func(context.Context) error
	// Join returns when the component has ended. All that have one are told before the first is waited for, so
	// loops that sleep end side by side.
	Join func(context.Context) error
	// Save is for the component's part of the state.
	Save Save
	// Start starts it again in this process, with what Save returned: see [App.Recycle].
	Start func(saved any) error
	// Timeout counts from when it is told, or started; 5 s where it is 0.
	Timeout time.Duration
	// Serves says that others reach the program by it: it goes on until everything else has ended.
	Serves bool
}

// Loop is a component that runs work in a goroutine. At the end the context is cancelled, and work is waited
// for; it may return that context's error. It can be started again.
func Loop(name string, work func(context.Context) error) Component {
	var cancel context.CancelFunc
	var ended chan error
	start := func(any) error {
		var ctx context.Context
		ctx, cancel = context.WithCancel(context.Background())
		ended = make(chan error, 1)
		go func(ended chan<- error) { ended <- work(ctx); close(ended) }(ended)
		return nil
	}
	stop := func(context.Context) error { cancel(); return nil }
	join := func(context.Context) error {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
	_ = start(nil)
	return Component{Name: name, Stop: stop, Join: join, Start: start}
}

// component is one while the program runs.
type component struct {
	Component
	held atomic.Pointer[any] // what it has saved, while it is stopped to be started again
}

func (k *known) add(c Component) {
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	isTaken := slices.ContainsFunc(k.components, func(other *component) bool { return other.Name == c.Name })
	if isTaken || c.Name == "" || len(c.Name) > 200 || c.Timeout < 0 {
		panic(fmt.Sprintf("baton: component %q: a name is unique and has 1 to 200 bytes, a timeout is above 0", c.Name))
	}
	k.components = append(k.components, &component{Component: c})
}

// about is what a hello says of it.
func (c *component) about() object {
	about := object{"name": c.Name, "timeoutMs": max(1, c.Timeout.Milliseconds())}
	if c.Serves {
		about["serves"] = true
	}
	return about
}

// part returns its part of the state.
func (c *component) part() (any, error) {
	if held := c.held.Load(); held != nil {
		return *held, nil
	}
	return c.Save()
}

// hold keeps what it saves once it has stopped.
func (c *component) hold() error {
	var saved any
	if c.Save != nil {
		save := func(context.Context) (err error) { saved, err = c.Save(); return err }
		if err := within(saveDeadline, save); err != nil {
			return fmt.Errorf("component %q cannot save: %w", c.Name, err)
		}
	}
	c.held.Store(&saved)
	return nil
}

// resume starts it again with what it saved.
func (c *component) resume() error {
	start := func(context.Context) error { return c.Start(*c.held.Load()) }
	if err := within(c.Timeout, start); err != nil {
		return fmt.Errorf("component %q did not start: %w", c.Name, err)
	}
	c.held.Store(nil)
	return nil
}

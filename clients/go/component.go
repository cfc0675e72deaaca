package baton

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	// Timeout counts from when it is told; 5 s where it is 0.
	Timeout time.Duration
	// Serves says that others reach the program by it: it goes on until everything else has ended.
	Serves bool

	told      time.Time // when it was told to end, or its Stop was called
	hasFailed bool
}

// Loop is a component that runs work in a goroutine. At the end the context is cancelled, and work is waited
// for; it may return that context's error.
func Loop(name string, work func(context.Context) error) Component {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		if err := work(ctx); !errors.Is(err, context.Canceled) {
			ended <- err
		}
		close(ended)
	}()
	stop := func(context.Context) error { cancel(); return nil }
	join := func(context.Context) error { return <-ended }
	return Component{Name: name, Stop: stop, Join: join}
}

// stop ends the components, the last declared first, those that serve after all others. All that have a Join are
// told before the first is waited for.
func (a *App) stop(components []*Component, until time.Time) {
	for _, serves := range []bool{false, true} {
		for _, ends := range []bool{false, true} {
			for at := len(components) - 1; at >= 0; at-- {
				if c := components[at]; c.Serves == serves {
					a.stopOne(c, ends, until)
				}
			}
		}
	}
}

// stopOne tells the component to end, or returns when it has.
func (a *App) stopOne(c *Component, ends bool, until time.Time) {
	call := c.Stop
	if ends && c.Join != nil {
		call = c.Join
	}
	if call == nil || c.hasFailed || !ends && c.Join == nil { // Without a Join, Stop does both.
		return
	}
	if c.told.IsZero() {
		c.told = time.Now()
		a.say("stopping", object{"component": c.Name})
	}
	// One whose own time is over when its turn comes has ended, as a rule.
	own := max(c.Timeout-time.Since(c.told), min(c.Timeout, 200*time.Millisecond))
	// The last quarter is for those whose turn is yet to come, and for saving.
	left := max(0, time.Until(until)/4*3)
	if err := within(min(own, left), call); err != nil {
		c.hasFailed = true
		if !a.say("failed", object{"component": c.Name, "error": cut(err)}) {
			slog.Warn("baton: a component failed to stop", "component", c.Name, "error", err)
		}
	} else if ends {
		a.say("stopped", object{"component": c.Name, "elapsedMs": time.Since(c.told).Seconds() * 1000})
	}
}

// within calls f in a goroutine, and gives it up once the time is over; a panic is an error.
func within(timeout time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	result := make(chan error, 1)
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				result <- fmt.Errorf("panic: %v", reason)
			}
		}()
		result <- f(ctx)
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("no end after %v", timeout.Round(time.Millisecond))
	}
}

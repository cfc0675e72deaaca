package baton

import (
	"context"
	"fmt"
	"time"
)

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
}

// Loop is a component that runs work in a goroutine. At the end the context is cancelled, and work is waited
// for; it may return that context's error.
func Loop(name string, work func(context.Context) error) Component {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- work(ctx) }()
	return Component{
		Name: name,
		Stop: func(context.Context) error { cancel(); return nil },
		Join: func(within context.Context) error {
			select {
			case err := <-ended:
				if err == ctx.Err() {
					return nil
				}
				return err
			case <-within.Done():
				return within.Err()
			}
		},
	}
}

func (c Component) checked(others []Component) Component {
	for _, other := range others {
		if other.Name == c.Name {
			panic(fmt.Sprintf("baton: there is a component %q already", c.Name))
		}
	}
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	if c.Name == "" || len(c.Name) > 200 || c.Timeout < 0 {
		panic(fmt.Sprintf("baton: component %q: a name has 1 to 200 bytes, a timeout is above 0", c.Name))
	}
	return c
}

func (c Component) hello() object {
	about := object{"name": c.Name, "timeoutMs": max(1, c.Timeout.Milliseconds())}
	if c.Serves {
		about["serves"] = true
	}
	return about
}

// step is a call: whether the component begins to stop by it, and whether it has ended once it returns.
type step struct {
	Component
	call         func(context.Context) error
	begins, ends bool
}

// planStops lists what is called, the last declared first, those that serve after all others.
func planStops(components []Component) (steps []step) {
	for _, serves := range []bool{false, true} {
		var ended []step
		for at := len(components) - 1; at >= 0; at-- {
			c := components[at]
			switch {
			case c.Serves != serves:
			case c.Stop != nil && c.Join != nil:
				steps = append(steps, step{c, c.Stop, true, false})
				ended = append(ended, step{c, c.Join, false, true})
			case c.Join != nil:
				ended = append(ended, step{c, c.Join, true, true})
			case c.Stop != nil:
				ended = append(ended, step{c, c.Stop, true, true})
			}
		}
		steps = append(steps, ended...)
	}
	return steps
}

// stopComponents stops them within their own timeouts, and all within their share of the deadline.
func (a *App) stopComponents(deadline time.Duration) {
	a.mu.Lock()
	steps := planStops(a.components)
	a.mu.Unlock()
	whole := deadline - min(deadline/5, time.Second) // the rest is for saving
	stopBy := time.Now().Add(whole)
	began := map[string]time.Time{}
	failed := map[string]bool{}
	for at, s := range steps {
		if failed[s.Name] {
			continue
		}
		if s.begins {
			began[s.Name] = time.Now()
			a.say("stopping", object{"component": s.Name})
		}
		// One whose own time is over when its turn comes has ended, as a rule.
		own := max(s.Timeout-time.Since(began[s.Name]), min(s.Timeout, 200*time.Millisecond))
		later := whole / 4 * time.Duration(len(steps)-at-1) / time.Duration(len(steps))
		left := max(0, time.Until(stopBy)-later) // One that hangs cannot take it all.
		ctx, cancel := context.WithTimeout(context.Background(), min(own, left))
		err := within(min(own, left), func() error { return s.call(ctx) })
		cancel()
		if err != nil {
			failed[s.Name] = true
			a.say("failed", object{"component": s.Name, "error": cut(err.Error())})
		} else if s.ends {
			elapsed := float64(time.Since(began[s.Name]).Microseconds()) / 1000
			a.say("stopped", object{"component": s.Name, "elapsedMs": elapsed})
		}
	}
}

// within calls f in a goroutine, and gives it up once the time is over; a panic is an error.
func within(timeout time.Duration, f func() error) error {
	result := make(chan error, 1)
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				result <- fmt.Errorf("panic: %v", reason)
			}
		}()
		result <- f()
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(timeout):
		return fmt.Errorf("No end after %v", timeout.Round(time.Millisecond))
	}
}

package baton

import (
	"context"
	"fmt"
	"time"
)

// step is a call: whether the component begins to stop by it, and whether it has ended once it returns.
type step struct {
	*component
	call         func(context.Context) error
	begins, ends bool
}

// planStops lists what is called, the last declared first, those that serve after all others.
func planStops(components []*component) (steps []step) {
	for _, serves := range []bool{false, true} {
		for _, ends := range []bool{false, true} {
			for at := len(components) - 1; at >= 0; at-- {
				c := components[at]
				call, isTold := c.Stop, c.Stop != nil && c.Join != nil
				if ends && c.Join != nil {
					call = c.Join
				}
				if c.Serves == serves && !c.stopped && call != nil && (ends || isTold) {
					steps = append(steps, step{c, call, !ends || !isTold, ends})
				}
			}
		}
	}
	return steps
}

// forSaving is how much of the deadline is kept for the state.
func forSaving(deadline time.Duration) time.Duration { return min(deadline/5, time.Second) }

// stop stops the components within their own timeouts, and all within their share of the deadline.
func (a *App) stop(components []*component, deadline time.Duration) {
	steps := planStops(components)
	whole := deadline - forSaving(deadline)
	stopBy := time.Now().Add(whole)
	for at, s := range steps {
		if s.begins {
			s.told, s.failure = time.Now(), nil
			a.say("stopping", object{"component": s.Name})
		} else if s.failure != nil {
			continue
		}
		// One whose own time is over when its turn comes has ended, as a rule.
		own := max(s.Timeout-time.Since(s.told), min(s.Timeout, 200*time.Millisecond))
		later := whole / 4 * time.Duration(len(steps)-at-1) / time.Duration(len(steps))
		left := max(0, time.Until(stopBy)-later) // One that hangs cannot take it all.
		if s.failure = within(min(own, left), s.call); s.failure != nil {
			a.say("failed", object{"component": s.Name, "error": cut(s.failure.Error())})
		} else if s.ends {
			elapsed := float64(time.Since(s.told).Microseconds()) / 1000
			a.say("stopped", object{"component": s.Name, "elapsedMs": elapsed})
		}
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

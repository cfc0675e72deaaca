package baton

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// step is a call, and whether the component has ended once it returns.
type step struct {
	*component
	call func(context.Context) error
	ends bool
}

// planStops lists what is called, the last declared first, those that serve after all others.
func planStops(components []*component) (steps []step) {
	for _, serves := range []bool{false, true} {
		var joins []step
		for at := len(components) - 1; at >= 0; at-- {
			switch c := components[at]; {
			case c.Serves != serves || c.held.Load() != nil:
			case c.Join != nil:
				joins = append(joins, step{c, c.Join, true})
				if c.Stop != nil {
					steps = append(steps, step{c, c.Stop, false})
				}
			case c.Stop != nil:
				joins = append(joins, step{c, c.Stop, true})
			}
		}
		steps = append(steps, joins...)
	}
	return steps
}

// forSaving is how much of the deadline is kept for the state.
func forSaving(deadline time.Duration) time.Duration { return min(deadline/5, time.Second) }

// stop stops the components within their own timeouts, and all within their share of the deadline. It returns
// what went wrong.
func (a *App) stop(components []*component, deadline time.Duration) map[*component]error {
	whole := deadline - forSaving(deadline)
	stopBy := time.Now().Add(whole)
	told, failed := map[*component]time.Time{}, map[*component]error{}
	steps := planStops(components)
	for at, s := range steps {
		c := s.component
		if failed[c] != nil {
			continue
		}
		if told[c].IsZero() {
			told[c] = time.Now()
			a.say("stopping", object{"component": c.Name})
		}
		// One whose own time is over when its turn comes has ended, as a rule.
		own := max(c.Timeout-time.Since(told[c]), min(c.Timeout, 200*time.Millisecond))
		later := whole / 4 * time.Duration(len(steps)-at-1) / time.Duration(len(steps))
		left := max(0, time.Until(stopBy)-later) // One that hangs cannot take it all.
		if failed[c] = within(min(own, left), s.call); failed[c] != nil {
			a.say("failed", object{"component": c.Name, "error": cut(failed[c].Error())})
		} else if s.ends {
			elapsed := float64(time.Since(told[c]).Microseconds()) / 1000
			a.say("stopped", object{"component": c.Name, "elapsedMs": elapsed})
		}
	}
	return failed
}

// Recycle stops every component, the last declared first, and starts all again in order, in this process, each
// with what it saved. It is what baton asks for where a rule says "recycle"; by hand it works without baton, too.
//
// It returns an error where one has no Start, does not stop in time, or fails. Nothing is lost by that: what has
// stopped keeps what it saved, for the state and for another try.
func (a *App) Recycle() error { return a.recycle(aloneDeadline) }

func (a *App) recycle(deadline time.Duration) error {
	a.stopping.Lock()
	defer a.stopping.Unlock()
	if a.closing.Load() {
		return errors.New("the program is being stopped")
	}
	components := a.now().components
	if err := recyclable(components); err != nil {
		return err
	}
	failed, all := a.stop(components, deadline), error(nil)
	for _, c := range components {
		if failed[c] != nil {
			all = errors.Join(all, fmt.Errorf("component %q did not stop: %w", c.Name, failed[c]))
		} else if c.Start != nil && c.held.Load() == nil {
			all = errors.Join(all, c.hold())
		}
	}
	for _, c := range components {
		if all == nil && c.held.Load() != nil {
			all = c.resume()
		}
	}
	return all
}

// recyclable says why they cannot be stopped and started again; what only saves goes on as it is.
func recyclable(components []*component) error {
	err := errors.New("no component has a Start")
	for _, c := range components {
		if c.Start != nil {
			err = nil
		} else if c.Stop != nil || c.Join != nil {
			return fmt.Errorf("component %q has no Start", c.Name)
		}
	}
	return err
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

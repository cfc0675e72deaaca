package baton

import (
	"context"
	"errors"
	"fmt"
	"time"
)

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
	components := a.parts()
	if err := recyclable(components); err != nil {
		return err
	}
	a.stop(components, deadline)
	var failed error
	for _, c := range components {
		if c.failure != nil {
			failed = fmt.Errorf("component %q did not stop: %w", c.Name, c.failure)
		} else if err := a.hold(c); err != nil {
			failed = fmt.Errorf("component %q cannot save: %w", c.Name, err)
		}
	}
	for _, c := range components {
		if failed == nil && c.stopped {
			if err := within(c.Timeout, func(context.Context) error { return c.Start(c.saved) }); err != nil {
				return fmt.Errorf("component %q did not start: %w", c.Name, err)
			}
			a.mu.Lock()
			c.stopped = false
			a.mu.Unlock()
		}
	}
	return failed
}

// hold keeps what a component that was stopped saves, until it is started again.
func (a *App) hold(c *component) error {
	if c.Start == nil || c.stopped {
		return nil
	}
	var saved any
	if c.Save != nil {
		save := func(context.Context) (err error) { saved, err = c.Save(); return err }
		if err := within(saveDeadline, save); err != nil {
			return err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c.stopped, c.saved = true, saved
	return nil
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

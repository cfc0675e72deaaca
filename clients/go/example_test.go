package baton_test

import (
	"context"
	"fmt"
	"time"

	"example.com/baton"
)

// Without baton a program counts from the start, and ends when its context is done.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	app, err := baton.Join(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := baton.Restore(app, map[string]int{"count": 0}) // the barrier
	if err != nil {
		fmt.Println(err)
		return
	}
	app.Component(baton.Loop("ticks", func(ctx context.Context) error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Millisecond):
				if state["count"]++; state["count"] == 3 {
					cancel()
				}
			}
		}
	}))
	app.OnSave(func() (any, error) { return state, nil })
	app.Wait()
	fmt.Println("counted", state["count"] >= 3)
	// Output: counted true
}

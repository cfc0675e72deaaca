package baton

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

func TestALoopIsCancelledAndItsErrorIsSaid(t *testing.T) {
	ctx := context.Background()
	cancelled := Loop("loop", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	if err := errors.Join(cancelled.Stop(ctx), cancelled.Join(ctx)); err != nil {
		t.Error(err)
	}
	failed := errors.New("it has failed")
	fails := Loop("fails", func(context.Context) error { return failed })
	if err := fails.Join(ctx); err != failed {
		t.Error(err)
	}
}

func TestOneThatCannotBeToldIsNotWaitedFor(t *testing.T) {
	app := joined(t)
	fails := func(context.Context) error { return errors.New("it cannot be told") }
	join := func(context.Context) error { t.Error("it is waited for"); return nil }
	app.Component(Component{Name: "loop", Stop: fails, Join: join})
	app.stop(app.now().components, time.Now().Add(time.Hour))
}

func TestOneThatHangsLeavesTimeToTheOthers(t *testing.T) {
	app := joined(t)
	leftOver := errors.New("it was not called")
	app.Component(Component{Name: "other", Stop: func(ctx context.Context) error { leftOver = ctx.Err(); return nil }})
	app.Component(Component{Name: "hangs", Timeout: time.Hour, Stop: func(context.Context) error { select {} }})
	app.stop(app.now().components, time.Now().Add(400*time.Millisecond))
	if leftOver != nil {
		t.Error(leftOver)
	}
}

func TestWaitReturnsOnlyOnceAllHasStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	app, err := Join(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var hasStopped atomic.Bool
	told, ending := make(chan bool), make(chan bool)
	app.Component(Component{Name: "http", Stop: func(context.Context) error {
		close(told)
		<-ending
		hasStopped.Store(true)
		return nil
	}})
	cancel()
	<-told
	time.AfterFunc(20*time.Millisecond, func() { close(ending) })
	app.finish() // As where the signal that ended the context comes to Wait as well.
	if <-app.Done(); !hasStopped.Load() {
		t.Error("it ends before its component has")
	}
}

func TestWhatCannotBeSavedIsSaid(t *testing.T) {
	text := func() (any, error) { return "text", nil }
	for name, declare := range map[string]func(*App){
		"nothing saves":           func(*App) {},
		"no JSON":                 func(app *App) { app.OnSave(func() (any, error) { return make(chan int), nil }) },
		"a text, and a component": func(app *App) { app.OnSave(text); app.Component(Component{Name: "a", Save: text}) },
		"null, and a component": func(app *App) {
			app.OnSave(func() (any, error) { return nil, nil })
			app.Component(Component{Name: "a", Save: text})
		},
		"a component that refuses": func(app *App) {
			app.Component(Component{Name: "a", Save: func() (any, error) { return nil, errors.New("no") }})
		},
	} {
		app := joined(t)
		declare(app)
		if state, err := app.collect(); err == nil {
			t.Error(name, string(state))
		}
	}
}

func joined(t *testing.T) *App {
	app, err := Join(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return app
}

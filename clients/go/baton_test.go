package baton

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The table that all clients are held to.
func TestGlobsNameWhatTheyDoInGitignore(t *testing.T) {
	text, err := os.ReadFile("../../tests/support/globs.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the table is in baton's repository")
	}
	var globs []struct {
		Glob         string
		Names, Other []string
	}
	if err := json.Unmarshal(text, &globs); err != nil || len(globs) == 0 {
		t.Fatal(err)
	}
	for _, each := range globs {
		for _, path := range each.Names {
			if !names(each.Glob, path) {
				t.Errorf("%s does not name %s", each.Glob, path)
			}
		}
		for _, path := range each.Other {
			if names(each.Glob, path) {
				t.Errorf("%s names %s", each.Glob, path)
			}
		}
	}
}

func TestChangesGoToThoseWhoNameThem(t *testing.T) {
	app := joined(t)
	var told []string
	note := func(paths []string) error { told = append(told, paths...); return nil }
	app.OnChange("data/*.json", note)
	app.OnChange("*.txt", note)
	if err := app.tell([]string{"data/a.json", "b.txt"}); err != nil || len(told) != 2 {
		t.Error(told, err)
	}
	if app.tell([]string{"data/a.json", "main.go"}) == nil || len(told) != 2 {
		t.Error("nobody names main.go, so nothing is read:", told)
	}
	app.OnChange("*.go", func([]string) error { return errors.New("not that") })
	if app.tell([]string{"main.go"}) == nil {
		t.Error("it cannot be read")
	}
}

func TestRecycleStartsAgainWithWhatWasSaved(t *testing.T) {
	app := joined(t)
	if app.Recycle() == nil {
		t.Error("there is nothing to start again")
	}
	var calls []string
	count := 1
	app.Component(Component{
		Name:  "count",
		Stop:  func(context.Context) error { calls = append(calls, "stop"); return nil },
		Save:  func() (any, error) { return count, nil },
		Start: func(saved any) error { calls = append(calls, fmt.Sprint("start ", saved)); count++; return nil },
	})
	runs := make(chan bool, 10)
	app.Component(Loop("loop", func(ctx context.Context) error {
		runs <- true
		<-ctx.Done()
		calls = append(calls, "loop ends")
		return ctx.Err()
	}))
	<-runs
	if err := app.Recycle(); err != nil {
		t.Fatal(err)
	}
	<-runs
	if want := []string{"loop ends", "stop", "start 1"}; !reflect.DeepEqual(calls, want) {
		t.Error(calls)
	}
	app.Component(Component{Name: "once", Stop: func(context.Context) error { panic("called") }})
	if app.Recycle() == nil {
		t.Error("once has no Start")
	}
}

func TestALoopThatFailedCanBeStoppedAgain(t *testing.T) {
	app := joined(t)
	loop := Loop("loop", func(context.Context) error { return errors.New("it has failed") })
	loop.Timeout = time.Hour
	app.Component(loop)
	if err := app.Recycle(); err == nil || !strings.Contains(err.Error(), "it has failed") {
		t.Error(err)
	}
	if err := app.Recycle(); err != nil {
		t.Error(err)
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

func TestRecycleThatFailsLosesNothing(t *testing.T) {
	for name, start := range map[string]func(any) error{
		"fails":  func(any) error { return errors.New("no") },
		"panics": func(any) error { panic("no") },
		"hangs":  func(any) error { select {} },
	} {
		start := start // Of Go before 1.22 there is only one.
		app := joined(t)
		queue := []string{"event"}
		var again atomic.Bool
		app.Component(Component{
			Name: "queue",
			Stop: func(context.Context) error { return nil },
			Save: func() (any, error) { return queue, nil },
			Start: func(saved any) error {
				if again.Load() {
					return nil
				}
				queue = nil
				return start(saved)
			},
			Timeout: 20 * time.Millisecond,
		})
		if app.Recycle() == nil {
			t.Error(name, "is no failure")
		}
		if state, err := app.collect(); string(state) != `{"queue":["event"]}` {
			t.Error(name, string(state), err)
		}
		again.Store(true)
		if err := app.Recycle(); err != nil {
			t.Error(name, err)
		}
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

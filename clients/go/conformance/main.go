// Command conformance plays the programs of the conformance suite: see docs/protocol.md.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"example.com/baton"
)

var app *baton.App

func restore[T any](initial T) T {
	state, err := baton.Restore(app, initial)
	if err != nil {
		log.Fatal(err)
	}
	return state
}

func say(words ...any) func(context.Context) error {
	return func(context.Context) error {
		fmt.Println(words...)
		return nil
	}
}

func saves(state any) baton.Save {
	return func() (any, error) { return state, nil }
}

func counts() {
	state := restore(map[string]int{"count": 0})
	text, _ := json.Marshal(state)
	fmt.Printf("restored %s\n", text)
	state["count"]++
	app.Component(baton.Component{Name: "first", Stop: say("stop first")})
	app.Component(baton.Component{Name: "second", Stop: say("stop second"), Timeout: 900 * time.Millisecond})
	app.OnSave(saves(state))
}

var programs = map[string]func(){
	"counts": counts,
	"workers": func() {
		counts()
		app.Ready()
		// A worker is a process of its own that takes part as well.
		worker := exec.Command(os.Args[0], "worker")
		worker.Stdout, worker.Stderr = os.Stdout, os.Stderr
		if err := worker.Start(); err != nil {
			log.Fatal(err)
		}
	},
	"worker": func() {
		restore[any](nil)
		app.OnSave(saves("of the worker"))
	},
	"parts": func() {
		restore[any](nil)
		app.OnSave(saves(map[string]any{"whole": true}))
		app.Component(baton.Component{Name: "queue", Stop: func(context.Context) error { return nil }, Save: saves([]string{"event"})})
		app.Component(baton.Component{Name: "config", Save: saves(map[string]int{"tick": 1})})
	},
	"joins": func() {
		restore[any](nil)
		app.Component(baton.Component{Name: "http", Stop: say("stop http"), Serves: true})
		app.Component(baton.Component{Name: "first", Stop: say("tell first"), Join: say("join first")})
		app.Component(baton.Component{Name: "queue", Stop: say("stop queue")})
		app.Component(baton.Component{Name: "second", Stop: say("tell second"), Join: say("join second")})
		app.OnSave(saves("joined"))
	},
	"stuck": func() {
		restore[any](nil)
		hang := func(context.Context) error { select {} }
		fail := func(context.Context) error { panic("cannot stop") }
		app.Component(baton.Component{Name: "fine", Stop: func(context.Context) error { return nil }})
		app.Component(baton.Component{Name: "hangs", Stop: hang, Timeout: 50 * time.Millisecond})
		app.Component(baton.Component{Name: "raises", Stop: fail})
		app.OnSave(saves("saved anyway"))
	},
	"raises": func() {
		restore[any](nil)
		app.OnSave(func() (any, error) { panic("not now") })
	},
	"slow": func() {
		restore("")
		app.OnSave(func() (any, error) {
			fmt.Println("saving")
			fmt.Fprintln(os.Stderr, "saving")
			time.Sleep(200 * time.Millisecond)
			return strings.Repeat("x", 1<<24), nil
		})
	},
	"nothing": func() {
		restore[any](nil)
		app.Component(baton.Component{Name: "only", Stop: func(context.Context) error { return nil }})
	},
	"unready": func() {
		restore[any](nil)
		app.OnSave(saves("too early"))
		<-app.Done()
	},
	"late": func() {
		app.Exclusive()
		app.Ready()
		app.Component(baton.Component{Name: "late", Stop: func(context.Context) error { return nil }})
	},
	"checkpoints": func() {
		state := restore(map[string]int{"saved": 0})
		app.OnSave(func() (any, error) {
			state["saved"]++
			return state, nil
		})
		app.Ready()
		if err := app.Checkpoint(); err != nil {
			log.Fatal(err)
		}
	},
}

func main() {
	ended := sync.OnceFunc(func() { fmt.Println("ended") })
	defer ended()
	var err error
	if app, err = baton.Join(context.Background()); err != nil {
		log.Fatal(err)
	}
	app.AtExit(ended)
	if os.Args[1] == "finishes" {
		counts()
		app.Ready()
		return
	}
	programs[os.Args[1]]()
	app.Wait()
}

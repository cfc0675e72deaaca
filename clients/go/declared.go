package baton

import (
	"fmt"
	"os"
)

// declared is what a program says of itself.
type declared struct {
	barrier    bool // Restore was called
	exclusive  bool
	components []*component
	readers    []reader
	save       Save
	atExit     []func()
}

// Component declares a part of the program. At the end the parts are stopped one after the other, the last
// declared first, those that serve after all others. One that returns an error, panics or is late is
// reported, the others still stop. It panics where the name is empty or taken.
func (a *App) Component(c Component) {
	a.declare(func() { a.components = append(a.components, c.checked(a.components)) })
}

// OnSave sets what is called for the state when it is to be saved. With components that save too it must
// return what is an object in JSON; theirs are added to it.
func (a *App) OnSave(save Save) {
	a.declare(func() { a.save = save })
}

// OnChange sets what reads changed data files anew, where a rule of baton's says "notify": it is called with
// those paths that the glob names (.gitignore syntax), relative to the working directory. Where it returns an
// error, panics or is late, the program is restarted. It panics where the glob cannot be read.
func (a *App) OnChange(glob string, read func(paths []string) error) {
	a.declare(func() { a.readers = append(a.readers, reader{globPattern(glob), read}) })
}

func (a *App) parts() []*component {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.components
}

// declare makes a change, and says hello where that matters: at the barrier, and once ready.
func (a *App) declare(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	if atBarrier := a.barrier && a.hello == ""; !atBarrier && !a.ready.Load() {
		return
	}
	components, saves := []object{}, a.save != nil
	for _, c := range a.components {
		saves = saves || c.Save != nil
		about := object{"name": c.Name, "timeoutMs": max(1, c.Timeout.Milliseconds())}
		if c.Serves {
			about["serves"] = true
		}
		components = append(components, about)
	}
	offers := map[string]bool{"handoff": a.barrier, "checkpoint": saves, "exclusive": a.exclusive,
		"notify": len(a.readers) > 0, "recycle": recyclable(a.components) == nil}
	capabilities := []string{}
	for name, offered := range offers {
		if offered {
			capabilities = append(capabilities, name)
		}
	}
	if hello := fmt.Sprint(offers, components); hello != a.hello {
		a.hello = hello
		a.say("hello", object{"protocol": 1, "pid": os.Getpid(), "client": "baton-go/" + Version,
			"capabilities": capabilities, "components": components})
	}
}

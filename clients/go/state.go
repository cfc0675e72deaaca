package baton

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// put saves the state to out and says so. Baton syncs what it takes, once nobody waits for the disk; alone
// says that it is gone.
func (a *App) put(kind, out string, alone bool) error {
	if !a.ready.Load() {
		return errors.New("the program was not ready: it has not called Ready")
	}
	a.saving.Lock()
	defer a.saving.Unlock()
	state, err := a.collect()
	if err != nil {
		return err
	}
	if kind == "checkpoint" && a.closing.Load() {
		return nil // The final state must stay the last one.
	}
	if err := writeAtomically(out, state, alone); err != nil {
		return err
	}
	sum := sha256.Sum256(state)
	a.say("saved", object{"kind": kind, "bytes": len(state), "sha256": hex.EncodeToString(sum[:])})
	return nil
}

// collect returns the state: what save returns, with a key for each component that saves a part.
func (a *App) collect() ([]byte, error) {
	a.mu.Lock()
	save, parts := a.save, map[string]Save{}
	for _, c := range a.components {
		if saved := c.saved; c.Save != nil && c.stopped {
			parts[c.Name] = func() (any, error) { return saved, nil }
		} else if c.Save != nil {
			parts[c.Name] = c.Save
		}
	}
	a.mu.Unlock()
	if save == nil && len(parts) == 0 {
		return nil, errors.New("nothing saves: call OnSave, or give a component a Save")
	}
	state := map[string]json.RawMessage{}
	if save != nil {
		whole, err := encoded(save)
		if err != nil || len(parts) == 0 {
			return whole, err
		}
		if json.Unmarshal(whole, &state) != nil || state == nil {
			return nil, errors.New("with components that save, OnSave must return an object")
		}
	}
	for name, save := range parts {
		part, err := encoded(save)
		if err != nil {
			return nil, fmt.Errorf("component %q cannot save: %w", name, err)
		}
		state[name] = part
	}
	return json.Marshal(state)
}

func encoded(save Save) ([]byte, error) {
	value, err := save()
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

func writeAtomically(path string, state []byte, sync bool) error {
	beside := fmt.Sprintf("%s.%d.tmp", path, os.Getpid())
	defer os.Remove(beside) // where it was not renamed
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(state)
	if err == nil && sync {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(beside, path)
}

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
		return errors.New("The program was not ready: it has not called Ready")
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
	save, components := a.save, a.components
	a.mu.Unlock()
	parts := map[string]json.RawMessage{}
	for _, c := range components {
		if c.Save != nil {
			part, err := encoded(c.Save)
			if err != nil {
				return nil, fmt.Errorf("component %q cannot save: %w", c.Name, err)
			}
			parts[c.Name] = part
		}
	}
	if save == nil && len(parts) == 0 {
		return nil, errors.New("Nothing saves: call OnSave, or give a component a Save")
	}
	if save == nil {
		return json.Marshal(parts)
	}
	whole, err := encoded(save)
	if err != nil || len(parts) == 0 {
		return whole, err
	}
	var state map[string]json.RawMessage
	if json.Unmarshal(whole, &state); state == nil {
		return nil, errors.New("With components that save, OnSave must return an object")
	}
	for name, part := range parts {
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
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(state)
	if err == nil && sync {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(beside, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	return nil
}

package baton

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// put saves the state to out and says so. Baton syncs what it takes, once nobody waits for the disk; where it is
// gone the flag is [os.O_SYNC].
func (a *App) put(kind, out string, flag int) error {
	if a.pipe == nil {
		return nil // Nobody resumes from it.
	}
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
	if err := writeAtomically(out, state, flag); err != nil {
		return err
	}
	sum := sha256.Sum256(state)
	a.say("saved", object{"kind": kind, "bytes": len(state), "sha256": hex.EncodeToString(sum[:])})
	return nil
}

// collect returns the state: what OnSave was given returns, with a key for each component that saves a part.
func (a *App) collect() (whole []byte, err error) {
	known, parts := a.now(), map[string]json.RawMessage{}
	for _, c := range known.components {
		if c.Save == nil {
			continue
		}
		if parts[c.Name], err = encoded(c.part); err != nil {
			return nil, fmt.Errorf("component %q cannot save: %w", c.Name, err)
		}
	}
	switch {
	case known.save == nil && len(parts) == 0:
		return nil, errors.New("nothing saves: call OnSave, or give a component a Save")
	case known.save == nil:
		return json.Marshal(parts)
	}
	if whole, err = encoded(known.save); err != nil || len(parts) == 0 {
		return whole, err
	}
	state := map[string]json.RawMessage{}
	if json.Unmarshal(whole, &state) != nil || state == nil {
		return nil, errors.New("with components that save, OnSave must return an object")
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

func writeAtomically(path string, state []byte, flag int) error {
	beside := fmt.Sprintf("%s.%d.tmp", path, os.Getpid())
	defer os.Remove(beside) // where it was not renamed
	file, err := os.OpenFile(beside, flag|os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(state)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(beside, path)
}

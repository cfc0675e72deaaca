package baton

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// reader reads the files that the glob names.
type reader struct {
	glob string
	read func(paths []string) error
}

// tell has the paths read anew; it returns an error where one is named by no reader, with nothing read.
func (a *App) tell(paths []string) error {
	readers := a.now().readers
	for _, file := range paths {
		if !slices.ContainsFunc(readers, func(r reader) bool { return names(r.glob, file) }) {
			return fmt.Errorf("no callback names %q", file)
		}
	}
	for _, r := range readers {
		own := slices.DeleteFunc(slices.Clone(paths), func(file string) bool { return !names(r.glob, file) })
		if len(own) == 0 {
			continue
		}
		if err := r.read(own); err != nil {
			return err
		}
	}
	return nil
}

// asInPath turns what .gitignore has of its own into the syntax of [path.Match].
var asInPath = strings.NewReplacer(`\\`, `\\`, `\[`, `\[`, "[!]", `[^\]`, "[^]", `[^\]`, "[]", `[\]`, "[!", "[^")

// names tells whether a glob in .gitignore syntax names a path from the working directory: one without a slash
// by its name, others from there; a folder with all that is in it.
func names(glob, file string) bool {
	if !strings.Contains(strings.TrimSuffix(glob, "/"), "/") {
		glob = "**/" + glob
	}
	if strings.HasSuffix(glob, "/") {
		glob += "**"
	}
	glob = strings.TrimPrefix(strings.TrimPrefix(glob, "./"), "/")
	return matches(strings.Split(asInPath.Replace(glob), "/"), strings.Split(file, "/"))
}

func matches(glob, file []string) bool {
	switch {
	case len(glob) == 0:
		return true
	case len(file) == 0:
		return false
	case glob[0] == "**" && len(glob) > 1:
		return matches(glob[1:], file) || matches(glob, file[1:])
	}
	isNamed, _ := path.Match(glob[0], file[0])
	return isNamed && matches(glob[1:], file[1:])
}

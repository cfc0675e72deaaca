package baton

import (
	"fmt"
	"regexp"
	"strings"
)

// reader reads the files that the pattern matches.
type reader struct {
	pattern *regexp.Regexp
	read    func(paths []string) error
}

// changed has the paths read anew; it returns an error where one is named by no reader.
func (a *App) changed(paths []string) error {
	a.mu.Lock()
	readers := a.readers
	a.mu.Unlock()
	named := map[string]bool{}
	for _, each := range readers {
		var own []string
		for _, path := range paths {
			if each.pattern.MatchString(path) {
				own, named[path] = append(own, path), true
			}
		}
		if own != nil {
			if err := each.read(own); err != nil {
				return err
			}
		}
	}
	for _, path := range paths {
		if !named[path] {
			return fmt.Errorf("no callback names %q", path)
		}
	}
	return nil
}

var globToken = regexp.MustCompile(`(?s)\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|.`)

// globPattern is what a glob in .gitignore syntax names, of paths from the working directory: one without a
// slash by its name, others from there; a folder with all that is in it.
func globPattern(glob string) *regexp.Regexp {
	folder := strings.TrimSuffix(glob, "/")
	from, in := "(?:.*/)?", "(?:/.*)?"
	if strings.Contains(folder, "/") {
		from = ""
	}
	if folder != glob {
		in = "/.*"
	}
	path := strings.TrimPrefix(strings.TrimPrefix(folder, "."), "/")
	return regexp.MustCompile(`(?s)\A` + from + globToken.ReplaceAllStringFunc(path, translated) + in + `\z`)
}

func translated(token string) string {
	switch {
	case token == "**/":
		return "(?:.*/)?"
	case token == "/**":
		return "/.*"
	case token[0] == '*':
		return "[^/]*"
	case token == "?":
		return "[^/]"
	case token[0] == '[' && len(token) > 1:
		return strings.Replace(strings.ReplaceAll(token, `\`, `\\`), "[!", "[^", 1)
	default:
		return regexp.QuoteMeta(strings.TrimPrefix(token, `\`))
	}
}

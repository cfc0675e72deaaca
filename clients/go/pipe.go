package baton

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxLine = 1 << 20
	maxText = 4000
)

// object is what is said to baton.
type object map[string]any

// message is what baton says; docs/protocol.md tells which field belongs to which type.
type message struct {
	Type, Out, Message string
	Generation, Step   int
	Changed, Paths     []string
	StateFile          *string
	DeadlineMs         float64
}

// isWhole tells whether it has what is needed to act on it.
func (m message) isWhole() bool {
	switch m.Type {
	case "shutdown":
		return m.Out != "" && m.DeadlineMs > 0
	case "checkpoint":
		return m.Out != ""
	case "changed", "recycle":
		return m.DeadlineMs > 0
	}
	return m.Type != ""
}

type pipe struct {
	connection *net.UnixConn
	lines      *bufio.Scanner
	sending    sync.Mutex
}

func dial(address string) (*pipe, error) {
	connection, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: address, Net: "unix"})
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(connection)
	lines.Buffer(nil, maxLine)
	return &pipe{connection: connection, lines: lines}, nil
}

// receive returns false once baton is gone. One that says what is no message is told so, and let go of.
func (p *pipe) receive() (m message, isOpen bool) {
	isOpen = p.lines.Scan()
	err := p.lines.Err()
	if isOpen {
		line := p.lines.Bytes()
		if err = json.Unmarshal(line, &m); err == nil && !(utf8.Valid(line) && m.isWhole()) {
			err = fmt.Errorf("not UTF-8, or without what belongs to type %q", cut(m.Type))
		}
	}
	if err != nil {
		p.send("error", object{"message": "the line is no message: " + cut(err.Error())})
		p.connection.Close()
	}
	return m, isOpen && err == nil
}

// send tells whether baton is there.
func (p *pipe) send(kind string, fields object) bool {
	fields["type"] = kind
	line, err := json.Marshal(fields)
	if err != nil {
		panic(err) // It holds nothing that JSON cannot.
	}
	p.sending.Lock()
	defer p.sending.Unlock()
	if _, err = p.connection.Write(append(line, '\n')); err != nil {
		p.connection.CloseRead() // receive says so, and that is acted on.
	}
	return err == nil
}

// cut returns as much of a text as a message should hold.
func cut(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxText)], "")
}

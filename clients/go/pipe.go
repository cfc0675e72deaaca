package baton

import (
	"bufio"
	"encoding/json"
	"errors"
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
	Generation         int
	Changed            []string
	StateFile          *string
	DeadlineMs         float64
}

// errGone says that the pipe is closed.
var errGone = errors.New("baton is gone")

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

// receive returns errGone, or what is wrong with the line.
func (p *pipe) receive() (m message, err error) {
	if !p.lines.Scan() {
		if p.lines.Err() == bufio.ErrTooLong {
			return m, fmt.Errorf("The line is longer than %d bytes", maxLine)
		}
		return m, errGone
	}
	line := p.lines.Bytes()
	if err := json.Unmarshal(line, &m); err != nil || !utf8.Valid(line) {
		return m, fmt.Errorf("The line is no message in UTF-8: %v", err)
	}
	isAsking := m.Type == "shutdown" || m.Type == "checkpoint"
	if m.Type == "" || isAsking && m.Out == "" || m.Type == "shutdown" && m.DeadlineMs <= 0 {
		return m, fmt.Errorf("The line lacks what belongs to type %q", cut(m.Type))
	}
	return m, nil
}

// send is silent where baton is gone: receive says so, and that is acted on.
func (p *pipe) send(kind string, fields object) {
	fields["type"] = kind
	line, err := json.Marshal(fields)
	if err != nil {
		panic(err) // It holds nothing that JSON cannot.
	}
	p.sending.Lock()
	defer p.sending.Unlock()
	if _, err := p.connection.Write(append(line, '\n')); err != nil {
		p.connection.CloseRead()
	}
}

// cut returns as much of a text as a message should hold.
func cut(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxText)], "")
}

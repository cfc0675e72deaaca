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
	Type, Out, Message, StateFile string
	Generation, Step              int
	Changed, Paths                []string
	DeadlineMs                    float64
}

// gone is the type of what is received once baton is not there any more.
const gone = ""

// isWhole tells whether it has what is needed to act on it.
func (m message) isWhole() bool {
	saves := m.Type == "shutdown" || m.Type == "checkpoint"
	isTimed := m.Type == "shutdown" || m.Type == "changed" || m.Type == "recycle"
	return m.Type != gone && (m.Out != "" || !saves) && (m.DeadlineMs > 0 || !isTimed)
}

type pipe struct {
	*net.UnixConn
	lines   *bufio.Scanner
	sending sync.Mutex
}

func dial(address string) (*pipe, error) {
	connection, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: address, Net: "unix"})
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(connection)
	lines.Buffer(nil, maxLine)
	return &pipe{UnixConn: connection, lines: lines}, nil
}

// receive waits for the next message. Who says what is no message is told so, and let go of.
func (p *pipe) receive() message {
	if !p.lines.Scan() && p.lines.Err() == nil {
		return message{Type: gone}
	}
	var m message
	line := p.lines.Bytes() // Nothing, where it is too long.
	err := json.Unmarshal(line, &m)
	if err == nil && utf8.Valid(line) && m.isWhole() {
		return m
	}
	why := fmt.Sprintf("the line is too long, no JSON, no UTF-8, or lacks what belongs to its type: %v", err)
	p.send("error", object{"message": cut(why)})
	p.Close()
	return message{Type: gone}
}

// send tells whether baton is there.
func (p *pipe) send(kind string, fields object) bool {
	fields["type"] = kind
	p.sending.Lock()
	defer p.sending.Unlock()
	err := json.NewEncoder(p).Encode(fields)
	if err != nil {
		p.CloseRead() // receive says so, and that is acted on.
	}
	return err == nil
}

// cut returns as much of a text as a message should hold.
func cut(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxText)], "")
}

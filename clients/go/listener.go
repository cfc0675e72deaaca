package baton

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Listener returns the socket that baton holds (--listen): who connects while one generation hands over to
// the next waits in its queue, and nobody is refused. Call it after [Restore]. The name is the port, or the
// file of a Unix socket; "" is the first one. Where none is held it listens at the TCP address.
//
// It returns an error where there is no socket of that name, and where none is held and the address is empty
// or cannot be bound.
func (a *App) Listener(name, address string) (net.Listener, error) {
	names := heldNames()
	at := max(0, slices.Index(names, name))
	switch {
	case len(names) == 0 && address == "":
		return nil, errors.New("no socket is held: start baton with --listen PORT, or name an address")
	case len(names) == 0:
		return net.Listen("tcp", address)
	case name != "" && names[at] != name:
		return nil, fmt.Errorf("no socket %q is held, but %q", name, names)
	}
	listener, err := adopted(3 + at) // 3 is the first, as sd_listen_fds(3) has it
	if err != nil {
		return nil, fmt.Errorf("socket %q was not passed on by who started this program: %w", names[at], err)
	}
	return listener, nil
}

// adopted is a copy, so that who closes it can get it again; no child of the program inherits it.
func adopted(fd int) (net.Listener, error) {
	listens, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN)
	if err == nil && listens == 0 { // Not every system tells.
		return nil, fmt.Errorf("descriptor %d is another socket, that does not listen", fd)
	}
	syscall.ForkLock.RLock()
	syscall.CloseOnExec(fd)
	copied, err := syscall.Dup(fd)
	syscall.CloseOnExec(copied)
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(copied), "")
	defer file.Close()
	return net.FileListener(file)
}

// heldNames lists them in their order. Baton's may go through a launcher, which has another process number.
func heldNames() []string {
	if os.Getenv("BATON_VERSION") == "" && os.Getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil
	}
	count, _ := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	names := make([]string, max(0, count))
	copy(names, strings.Split(os.Getenv("LISTEN_FDNAMES"), ":"))
	return names
}

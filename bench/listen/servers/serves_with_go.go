// Go on descriptor 3: Shutdown takes no more, and returns when the last answer is out.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	listener, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		panic(err)
	}
	version, _ := os.ReadFile("version")
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s\n", version)
	})}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go server.Serve(listener)
	<-asked
	listener.Close() // Shutdown overlooks one that is being accepted at that moment, and resets it
	time.Sleep(20 * time.Millisecond)
	server.Shutdown(context.Background())
}

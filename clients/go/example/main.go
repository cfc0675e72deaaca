// Command example counts its requests, over every edit of it: "baton --listen 8000 -i app 'go build -o app . && ./app'".
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"sync/atomic"

	"example.com/baton"
)

const version = 1

func main() {
	app, err := baton.Join(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	restored, err := baton.Restore(app, int64(0))
	if err != nil {
		log.Fatal(err)
	}
	var count atomic.Int64
	count.Store(restored)
	listener, err := app.Listener("", "127.0.0.1:8000")
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"version":%d,"count":%d}`, version, count.Add(1))
	})}
	go server.Serve(listener)
	app.Component(baton.Component{Name: "http", Stop: server.Shutdown, Serves: true})
	app.OnSave(func() (any, error) { return count.Load(), nil })
	app.Wait()
}

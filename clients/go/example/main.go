// Command example counts its requests, over every edit of it. Run it with
//
//	baton --listen 8000 -i app -- 'go build -o app . && exec ./app'
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"sync/atomic"
	"time"

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
	app.OnSave(func() (any, error) { return count.Load(), nil })

	listener, err := app.Listener("", "127.0.0.1:8000")
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"version":%d,"count":%d}`, version, count.Add(1))
	})}
	go server.Serve(listener)
	app.Component(baton.Component{Name: "http", Serves: true, Stop: func(ctx context.Context) error {
		listener.Close() // Who connects now is for the next version; whom Shutdown finds unanswered, it hangs up on.
		time.Sleep(20 * time.Millisecond)
		return server.Shutdown(ctx)
	}})
	app.Wait()
}

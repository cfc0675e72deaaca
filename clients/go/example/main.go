// Command example counts its requests, over every edit of it. Run it with
//
//	baton --listen 8000 --rule greeting.txt=notify --rule settings.txt=recycle -i app -- 'go build -o app . && ./app'
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
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
	app.OnSave(func() (any, error) { return count.Load(), nil })

	var greeting atomic.Int64
	app.OnChange("greeting.txt", func([]string) error {
		text, err := os.ReadFile("greeting.txt")
		if err != nil {
			return err
		}
		number, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		greeting.Store(number)
		return err
	})

	var server *http.Server
	serve := func(any) error {
		listener, err := app.Listener("", "127.0.0.1:8000")
		if err != nil {
			return err
		}
		server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"version":%d,"count":%d,"greeting":%d}`, version, count.Add(1), greeting.Load())
		})}
		go server.Serve(listener)
		return nil
	}
	if err := serve(nil); err != nil {
		log.Fatal(err)
	}
	stop := func(ctx context.Context) error { return server.Shutdown(ctx) }
	app.Component(baton.Component{Name: "http", Stop: stop, Start: serve, Serves: true})
	app.Wait()
}

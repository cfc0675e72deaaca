// Package baton hands a running program over to its next version, together with what it knows.
//
// A program that takes part (run it with "baton -- go run ."):
//
//	app, err := baton.Join(ctx)
//	if err != nil {
//		log.Fatal(err)
//	}
//	count, err := baton.Restore(app, 0) // the barrier: waits until it may take over
//	if err != nil {
//		log.Fatal(err)
//	}
//	listener, err := app.Listener("", "127.0.0.1:8000")
//	if err != nil {
//		log.Fatal(err)
//	}
//	go server.Serve(listener)
//	app.Component(baton.Component{Name: "http", Stop: server.Shutdown, Serves: true})
//	app.OnSave(func() (any, error) { return count, nil })
//	app.Wait() // says ready; returns when it is time to end
//
// Run without baton the same program works unchanged: [Join] gives a stand-in, [Restore] what it was
// called with.
//
// # Theory of operation
//
// A goroutine listens on the socket that BATON_PIPE names (participant.go). Asked to shut down it stops the
// components (component.go), saves the state and waits for "exit"; then [App.Wait] returns, so that main ends in
// the ordinary way. It does the same by itself when baton is gone, when the context given to [Join] is done and,
// while [App.Wait] waits, on SIGINT and SIGTERM. Go ends the process when main returns, whatever else goes on: let
// main end with [App.Wait], never with the end of its server. docs/protocol.md, in baton's repository, describes
// the messages.
package baton

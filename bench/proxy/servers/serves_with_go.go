// Go on PORT, which knows nothing of baton.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func main() {
	version, _ := os.ReadFile("version")
	if strings.Contains(string(version), ")(") {
		panic("this edit is broken")
	}
	much := make([]byte, 1_048_576)
	http.HandleFunc("/much", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(much)))
		w.Write(much)
	})
	http.HandleFunc("/port", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, os.Getenv("PORT"))
	})
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s\n", version)
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

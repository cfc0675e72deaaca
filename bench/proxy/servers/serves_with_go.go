// Go on PORT, which knows nothing of baton.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
)

func main() {
	version, _ := os.ReadFile("version")
	if strings.Contains(string(version), ")(") {
		panic("this edit is broken")
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s\n", version)
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

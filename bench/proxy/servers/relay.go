// Bytes both ways between its own port and that of another: on Linux by splice(2), which copies none.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

func pump(to, from net.Conn) {
	io.Copy(to, from)
	to.Close()
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		one, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		other, err := net.Dial("tcp", "127.0.0.1:"+os.Args[1])
		if err != nil {
			panic(err)
		}
		go pump(one, other)
		go pump(other, one)
	}
}

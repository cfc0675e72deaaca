package baton

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is also the program that the tests below run under a baton that they play.
func TestMain(m *testing.M) {
	if os.Getenv("BATON_TEST_PROGRAM") == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("BATON_TEST_PROGRAM") == "listens" {
		listens()
		os.Exit(0)
	}
	ctx, cancel := context.WithCancel(context.Background())
	app, err := Join(ctx)
	if err == nil && os.Getenv("BATON_TEST_PROGRAM") == "cancels at the barrier" {
		time.AfterFunc(10*time.Millisecond, cancel)
	}
	var count int
	if err == nil && os.Getenv("BATON_TEST_PROGRAM") == "is ready first" {
		app.Ready()
	}
	if err == nil {
		count, err = Restore(app, 1)
	}
	if err == nil && os.Getenv("BATON_TEST_PROGRAM") == "restores twice" {
		count, err = Restore(app, 1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if os.Getenv("BATON_TEST_PROGRAM") == "prints" {
		fmt.Println("nobody reads it")
	}
	app.Component(Component{Name: "http", Stop: func(context.Context) error { return app.Checkpoint() }})
	app.OnSave(func() (any, error) { return count, nil })
	if os.Getenv("BATON_TEST_PROGRAM") == "is interrupted twice" {
		app.Component(Component{Name: "hangs", Stop: func(context.Context) error { interrupt(); select {} }})
		go func() {
			for !app.awaited.Load() { // Until then nobody hears the signal.
				runtime.Gosched()
			}
			interrupt()
		}()
		app.Wait()
	}
	app.Ready()
	cancel()
	<-app.Done()
}

// listens twice at the socket that it inherits, and says what its child inherits.
func listens() {
	app, _ := Join(context.Background())
	for times := 0; times < 2; times++ {
		listener, err := app.Listener("8000", "")
		if err != nil {
			fmt.Println(err)
			return
		}
		defer fmt.Println(listener.Addr())
		listener.Close()
		runtime.GC() // It closes what nobody refers to.
	}
	descriptors, err := exec.Command("ls", "-l", "/proc/self/fd").Output()
	fmt.Println(strings.Count(string(descriptors), "socket:"), err)
}

func TestAHeldSocketCanBeHadAgainAndNoChildInheritsIt(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("the system does not say what a process inherits")
	}
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	said := inheriting(t, held.(*net.TCPListener))
	if want := fmt.Sprintf("0 <nil>\n%[1]v\n%[1]v\n", held.Addr()); said != want {
		t.Error(said)
	}
	connected, err := net.Dial("tcp", held.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connected.Close()
	// As in a process that a program starts with its environment, and not with its sockets.
	if said := inheriting(t, connected.(*net.TCPConn)); runtime.GOOS == "linux" && !strings.Contains(said, `"8000" was not passed on`) {
		t.Error(said)
	}
}

// inheriting is what the program says that has inherited the socket, and is told that it is held.
func inheriting(t *testing.T, socket interface{ File() (*os.File, error) }) string {
	file, err := socket.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	command := exec.Command(os.Args[0])
	command.ExtraFiles = []*os.File{file}
	command.Env = append(os.Environ(), "BATON_TEST_PROGRAM=listens", "BATON_PIPE=", "BATON_VERSION=1", "LISTEN_FDS=1",
		"LISTEN_FDNAMES=8000")
	said, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

func interrupt() { syscall.Kill(os.Getpid(), syscall.SIGINT) }

func TestASecondSignalEndsAProgramWithoutBatonAtOnce(t *testing.T) {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "BATON_TEST_PROGRAM=is interrupted twice")
	if err := command.Run(); err == nil || err.Error() != "signal: interrupt" {
		t.Error(err)
	}
}

// play runs the program, of which nobody reads what it prints, and gives it the line once it has said hello; it returns what it says, and how it ends.
func play(t *testing.T, program, line string) (said []string, stderr, out string, code int) {
	folder := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(folder, "pipe"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	state := filepath.Join(folder, "resume")
	if err := os.WriteFile(state, []byte(`"of another version"`), 0o600); err != nil {
		t.Fatal(err)
	}
	out = filepath.Join(folder, "out")
	var errors strings.Builder
	command := exec.Command(os.Args[0])
	command.Stderr = &errors
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer writer.Close()
	command.Stdout = writer
	command.Env = append(os.Environ(), "BATON_TEST_PROGRAM="+program,
		"BATON_PIPE="+listener.Addr().String(), "BATON_STATE_OUT="+out)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	connection, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(connection)
	for lines.Scan() {
		kind := strings.Split(lines.Text(), `"type":"`)[1]
		kind = kind[:strings.Index(kind, `"`)]
		if strings.Contains(lines.Text(), `"handoff"`) {
			kind += " with handoff"
		}
		said = append(said, kind)
		if len(said) == 1 {
			fmt.Fprintf(connection, line, state)
		}
	}
	command.Wait()
	return said, errors.String(), out, command.ProcessState.ExitCode()
}

// With one state: a checkpoint is left out once the program ends.
func TestADoneContextEndsTheProgramWithItsStateSaved(t *testing.T) {
	savesWhatItRestored(t, "cancels")
}

func TestRestoringTwiceIsStillABarrier(t *testing.T) {
	savesWhatItRestored(t, "restores twice")
}

func TestWhatNobodyReadsEndsNoProgram(t *testing.T) {
	savesWhatItRestored(t, "prints")
}

func savesWhatItRestored(t *testing.T, program string) {
	messages := `{"type":"error","message":"not answered"}` + "\n" + `{"type":"start","generation":1,"changed":[]}`
	said, stderr, out, code := play(t, program, messages+"\n%.0s")
	if text := fmt.Sprint(said); text != "[hello with handoff hello with handoff ready stopping stopped saved]" || code != 0 {
		t.Error(text, stderr, code)
	}
	if state, err := os.ReadFile(out); string(state) != "1" {
		t.Error(string(state), err)
	}
}

func TestWhatIsReadyAlreadyHasNoBarrier(t *testing.T) {
	said, stderr, _, _ := play(t, "is ready first", `{"type":"start","generation":1,"changed":[]}`+"\n%.0s")
	if text := fmt.Sprint(said); !strings.HasPrefix(text, "[hello ready hello ") || strings.Contains(text, "handoff") {
		t.Error(text, stderr)
	}
}

func TestADoneContextEndsTheProgramAtTheBarrier(t *testing.T) {
	said, stderr, out, code := play(t, "cancels at the barrier", "%.0s")
	if _, err := os.Stat(out); len(said) != 1 || code != 0 || err == nil {
		t.Error(said, stderr, code, err)
	}
}

func TestAStateOfAnotherShapeIsNamed(t *testing.T) {
	_, stderr, _, code := play(t, "restores", `{"type":"start","generation":1,"changed":[],"stateFile":"%s"}`+"\n")
	if code != 1 || !strings.Contains(stderr, `resume" (--fresh starts without it): json: cannot unmarshal string`) {
		t.Error(stderr, code)
	}
}

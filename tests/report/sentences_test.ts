import { assertEquals } from "@std/assert";
import type { Item } from "../../lib/report/item.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { said } from "./said.ts";

/** What is said of one item of every kind. */
const EXPECTED: Readonly<Record<Item["type"], readonly string[]>> = {
  "standby": [
    "baton: Parked for generation 8: 851 modules, 86 MB, in 1234 ms; not all of them: django.contrib.auth.models imports settings, which is watched",
  ],
  "hello": [
    'baton: Runs "python app.py"',
    'baton: Version 0.1.0, process 4242, in "/project", state in ".baton"',
  ],
  "listening": ["baton: Listens at 127.0.0.1:8000 for the program"],
  "proxying": ["baton: Serves at http://localhost:8000/ in front of the program"],
  "resuming": [
    "baton: Does not resume a torn state: it is empty",
    "       Where: .baton/bad/000007.state",
    "       Next: It was set aside, not deleted; the newest good state is used",
    "baton: Resumes from the final state of generation 6 (1.2 kB), saved 8 s ago",
  ],
  "fallback": [
    'baton: Keeps the state in "/home/me/.local/state/baton/3a7bd3e2360a3d29": cannot make "/project/.baton": read-only file system',
    '       Next: Choose a folder that can be written to with "--state-dir"',
  ],
  "orphans": [
    'baton: Ended what the last baton had left running: 2 processes of "python app.py"; took over the state',
    "       Where: pid 310, 311",
  ],
  "armed": [
    "baton: Watches 132 files in 14 folders; Ctrl-C stops",
    "baton: Armed in 22 ms: 14 watches in 1 instance, 0 folders polled",
  ],
  "notice": [
    "baton: No watch is free: 3 folders are polled",
    "       Where: /project/data",
    '       Next: Raise the limit with "sysctl fs.inotify.max_user_watches=524288"',
  ],
  "started": ["baton: Generation 7 boots beside the live one"],
  "ready": [
    'baton: Generation 7 runs: "src/a.py" changed and 3 more, hook 3 ms, state 1.2 kB, boot 310 ms, dark 8 ms (settle 12 ms, ask 2 ms, save 1 ms, check 0.4 ms, gone 3 ms, start 1.5 ms)',
    'baton: Component "http" of generation 6 stopped in 1.5 ms',
  ],
  "updated": [
    'baton: Generation 7 goes on: "settings.toml" changed, it started its components again in 62 ms, dark 5.5 ms',
  ],
  "declined": [
    'baton: A restart: no reload at "gui/draw.py:3", as SyntaxError: invalid syntax',
  ],
  "preparing": ['baton: Runs "make", "make check" for generation 8: "src/main.c" changed'],
  "command output": ["baton: | cc -o app src/main.c"],
  "command failed": [
    'baton: "make check" failed for generation 8: exit status 2 after 1234 ms; generation 7 goes on serving',
    "       Next: Save a fix to try again",
  ],
  "candidate failed": [
    "baton: Generation 8 did not come up: exit status 1 after 120 ms; generation 7 goes on serving",
    '           File "src/a.py", line 3',
    "         SyntaxError: invalid syntax",
    "       Next: Save a fix to try again",
  ],
  "in sequence": [
    "baton: Generation 1 cannot run beside another: it listens on port 8000 before its barrier; handed over in sequence",
    '       Next: Bind the port after "restore", and the next one boots while it serves',
  ],
  "participants": [
    "baton: Processes 4243 and 4244 of generation 1 both take part: the state of 4243 is handed over, which said hello first",
  ],
  "no component": [
    "baton: Generation 1 listens on port 8000 and has no component: what it answers once its state is saved is not in it",
    '       Next: Wrap the application by "baton.asgi" or "baton.wsgi", or name what stops the server: "app.component(…, serves=True)"',
  ],
  "timeout cut": [
    'baton: Component "drain" may take 20 s to stop, and the whole hook 10 s: it is cut short',
    '       Next: Give the hook longer, say "--hook-timeout 25s"',
  ],
  "handoff refused": [
    "baton: Generation 7 cannot save: TypeError: Object of type datetime is not JSON serializable; it goes on serving",
    '       Next: Save again once it can; "r" (with "--interactive"), or a new start of baton, goes on without that state',
  ],
  "candidate outdated": ["baton: Generation 8 was outdated by newer files before it took over"],
  "reverted": [
    "baton: The files are again what generation 7 was started from; it goes on",
  ],
  "not overlapped": [
    "baton: Cannot boot the next beside generation 7: it has no barrier; handed over sequentially",
    '       Next: Let it call "restore" of a client, or use "--handoff sequential"',
  ],
  "ended": [
    "baton: Generation 7 ended: killed by SIGSEGV after 12.3 s; the final state of generation 6 (1.2 kB) is kept",
    "       Next: Save a fix to start it again",
  ],
  "spawn failed": [
    'baton: Cannot run "pyhton": no such command',
    "       Where: start of generation 1",
    '       Next: Check the name, and the first line of a script; what is not on PATH needs its path, as in "./server"',
  ],
  "hook": [
    "baton: Generation 7 gave no answer to shutdown in 5000 ms; going on with the state it was started with, the final state of generation 6 (1.2 kB)",
    '       Next: See what its stop and save functions wait for, or give them longer with "--hook-timeout"',
  ],
  "state rejected": [
    "baton: Cannot use the state of generation 7: it is 10 bytes, 20 were saved (torn); going on with the state it was started with, the final state of generation 6 (1.2 kB)",
    "       Next: Write the state beside its path, sync it, then rename it",
  ],
  "late": [
    "baton: Generation 7 has not become ready in time; it counts as live",
    '       Next: Say "ready" once it serves, or give it longer with "--boot-timeout"',
  ],
  "held up": [
    "baton: The next version waits until the requests to generation 6 have ended, 5000 ms at most",
  ],
  "slow": [
    "baton: Generation 7 still boots, for 5000 ms now, 30 s at most; generation 6 goes on serving",
  ],
  "escalated": [
    'baton: Generation 7 stopped: "src/a.py" changed, alive 5000 ms after the stop signal, killed',
    '       Next: Let it end on the stop signal, or give it longer with "--stop-timeout"',
  ],
  "not killed": [
    'baton: Cannot end generation 7: process 4711 ("sudo serve") belongs to another user, and may not be signaled (EPERM)',
    '       Next: End it as its user: "kill 4711"; the next is started once it is gone',
  ],
  "protocol error": [
    'baton: Trouble on the pipe of generation 7: unknown type "helo"',
    "       Next: See docs/protocol.md for what may be said",
  ],
  "checkpoint": ["baton: Keeps the final state of generation 6 (1.2 kB)"],
  "stopping": ["baton: Stops generation 7: SIGINT"],
  "stopped": ["baton: Stopped; the final state of generation 6 (1.2 kB) is kept"],
  "error": [
    'baton: Cannot watch "src": no such folder',
    "       Where: command line",
    "       Next: Create it, or leave it out",
  ],
  "warning": ["baton: Restarts are not recorded any more: no space left"],
  "keys": [
    "baton: Keys",
    "         r  restart now",
    "         s  show the kept states",
    "         b  go back to the state of these files, or of the last good version",
    "         p  pause: changes wait; again to go on",
    "         q  quit",
    "         h  this help",
  ],
  "paused": ["baton: Paused: changes wait until p is pressed again"],
  "rewind": [
    "baton: The files are again those that the final state of generation 6 (1.2 kB) was saved under",
    '       Next: "baton rewind" (key b) goes back to that state',
  ],
  "held": ['baton: Held by "agent": changes wait, 1 min at most'],
  "released": [
    'baton: The hold "agent" ended by itself: its time is over; "src/a.py" changed meanwhile; still held by "other"',
  ],
  "resumed": ["baton: Goes on: changes restart the program again"],
  "states": [
    'baton: 2 states in ".baton"',
    "         torn   it is empty                    .baton/bad/000007.state",
    "         final  generation 6, 1.2 kB, 8 s ago  .baton/good/000006.state",
  ],
};

for (const item of Object.values(LOG_EXAMPLES)) {
  Deno.test(`the sentences of "${item.type}"`, () => {
    assertEquals(said([item]).trimEnd().split("\n"), EXPECTED[item.type]);
  });
}

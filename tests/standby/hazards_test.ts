/** Whatever an edit does, what runs from standby is what a cold start would have run. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { differences } from "../../lib/standby/differences.ts";
import { PYTHON } from "../support/running.ts";
import { type Edit, ParkedProgram } from "./support/parked_program.ts";
import { python } from "./support/python.ts";

/** The interpreter itself, where what is found on PATH is a script that looks for it. */
const INTERPRETER = new TextDecoder().decode(
  new Deno.Command(PYTHON, { args: ["-c", "import sys; print(sys.executable)"] }).outputSync()
    .stdout,
).trim();

interface Hazard extends Edit {
  /** Why it starts over; absent where it must not. */
  readonly over?: string | RegExp;
  /** What is not loaded ahead, and why. */
  readonly cut?: string;
}

const HAZARDS: Record<string, Hazard> = {
  "an edit of the program's own code": {
    before: "import json, email.message, registers\nout = 1",
    after: "import json, email.message, registers\nout = json.dumps({'new': 2})",
  },
  "a source that Python warns of": {
    before: "import json, several\nout = '\\d'",
    after: "import json, several  # import\nout = ['\\d']",
    command: [PYTHON, "-Wdefault::DeprecationWarning", "app.py"],
  },
  "imports that follow one another": {
    before: "import json, envy, email.message\nimport several\nimport registers\nout = 1",
    after: "import json, envy, email.message\nimport several\nimport registers\nout = 2",
  },
  "imports that follow one another, by every word there is": {
    before: "from json import dumps, loads\nimport parts.one, email.message\n" +
      "from parts import one, two\nfrom parts.three import NAME as OTHER\n" +
      "import configured, several.one as first, parts.four\nfrom envy import VALUE\nout = 1",
    after: "from json import dumps, loads\nimport parts.one, email.message\n" +
      "from parts import one, two\nfrom parts.three import NAME as OTHER\n" +
      "import configured, several.one as first, parts.four\nfrom envy import VALUE\nout = 2",
    files: {
      "parts/__init__.py": "",
      "parts/one.py": "import decimal\n",
      "parts/two.py": "from parts import one\n",
      "parts/three.py": "from .two import one\nNAME = 'three'\n",
      "parts/four.py": "from parts.three import *\n",
    },
  },
  "a package is asked for a name, and patches what the next import looks at": {
    before:
      "import socket\nfrom gives_names import one\nimport sockety\nout = sockety.CLASS.__name__",
    over: "changes socket.socket before it imports sockety",
  },
  "the interpreter itself imports what runs a module": {
    before: "import several\nout = 1",
    after: "import several\nout = 2",
    command: [PYTHON, "-m", "app"],
  },
  "a module of the program's own is edited, and patches what the next import looks at": {
    before: "import socket, envy, patches_more, sockety\nout = sockety.CLASS.__name__",
    files: { "patches_more.py": "import socket\nclass Other(socket.socket): pass\n" },
    saved: {
      "patches_more.py": "import socket\nclass Other(socket.socket): pass\nsocket.socket = Other\n",
    },
    over: "socket.socket",
  },
  "the environment is set before an import": {
    before: "import os\nimport envy\nout = envy.VALUE",
    after: "import os\nos.environ['ENVY'] = 'new'\nimport envy\nout = envy.VALUE",
    over: "the environment (ENVY)",
  },
  "the environment is set before an import, as it always was": {
    before: "import os\nos.environ['ENVY'] = 'old'\nimport envy\nout = envy.VALUE",
    after: "import os\nos.environ['ENVY'] = 'old'\nimport envy\nout = [envy.VALUE]",
  },
  "a variable is away for an import, and comes back": {
    before:
      "import os\nhome = os.environ.pop('HOME')\nimport envy\nos.environ['HOME'] = home\nimport several",
    after:
      "import os\nout = list(os.environ)\nhome = os.environ.pop('HOME')\nimport envy\nos.environ['HOME'] = home\nimport several",
  },
  "an import sets several variables": {
    before: "import os, sets_variables\nimport envy",
    after: "import os, sets_variables\nimport envy\nout = list(os.environ)",
  },
  "a script that the system executes starts over": {
    before: "import os\nimport envy\nout = envy.VALUE",
    after: "import os\nos.environ['ENVY'] = 'new'\nimport envy\nout = envy.VALUE",
    files: { "tool": `#!${INTERPRETER}\nexec(compile(open("app.py").read(), "app.py", "exec"))\n` },
    command: ["./tool"],
    over: "the environment (ENVY)",
  },
  "a class is patched before an import": {
    before: "import socket\nimport sockety\nout = 1",
    after:
      "import socket\nclass Other(socket.socket): pass\nsocket.socket = Other\nimport sockety\nout = sockety.CLASS.__name__",
    over: "socket.socket",
  },
  "a class is patched before an import, as it always was": {
    before:
      "import socket\nclass Other(socket.socket): pass\nsocket.socket = Other\nimport sockety",
    after:
      "import socket\nclass Other(socket.socket): pass\nsocket.socket = Other\nimport sockety\nout = sockety.CLASS.__name__",
    over: "socket.socket",
  },
  "a class is replaced by what equals everything": {
    before: "import socket\nimport sockety",
    after:
      "import socket\nclass Equal:\n    __hash__ = None\n    def __eq__(self, other): return True\nsocket.socket = Equal()\nimport sockety\nout = type(sockety.CLASS).__name__",
    over: "socket.socket",
  },
  "the last name of a module is another": {
    before: "import socket\nimport sockety",
    after:
      "import socket\nname = list(vars(socket))[-1]\nsocket.other = vars(socket).pop(name)\nimport sockety\nout = hasattr(socket, name)",
    over: "changes socket.",
  },
  "a name is new in a module, and then an old one is another": {
    before: "import socket\nimport envy\nimport sockety",
    after:
      "import socket\nsocket.new = 1\nimport envy\nclass Other(socket.socket): pass\nsocket.socket = Other\nimport sockety\nout = sockety.CLASS.__name__",
    over: "changes socket.socket before it imports sockety",
  },
  "a dictionary has other keys for the same values": {
    before: "import flags\nimport flags.read",
    after:
      "import flags\ndel flags.FLAGS['one']\nflags.FLAGS['four'] = True\nflags.FLAGS['three'] = flags.FLAGS.pop('three')\nimport flags.read\nout = flags.read.NAMES",
    over: "flags.FLAGS",
  },
  "modules of packages are imported by their names, and what the last one looks at is changed": {
    before:
      "import importlib\nload = importlib.import_module\nload('several.one')\nload('flags.read')",
    after:
      "import importlib\nload = importlib.import_module\nload('several.one')\nload('flags').FLAGS['four'] = True\nout = load('flags.read').NAMES",
    over: "flags.FLAGS",
  },
  "what only the second of two imports reads is set before both": {
    before: "import keeping\nkeeping.settings\nimport envy, keeping.late",
    after:
      "import keeping\nkeeping.settings.mode = 'other'\nimport envy, keeping.late\nout = keeping.late.SEEN[0]",
    over: "keeping.settings.mode",
  },
  "modules of packages are imported by their names": {
    before:
      "import importlib\nload = importlib.import_module\nload('several.one')\nload('flags.read')",
    after:
      "import importlib\nload = importlib.import_module\nload('several.one')\nout = load('flags.read').NAMES",
  },
  "another module is put in place": {
    before: "import sys, decimal\nimport dbish",
    after: "import sys, decimal\nsys.modules['sqlite3'] = decimal\nimport dbish\nout = dbish.FILE",
    over: /sqlite3/,
  },
  "a new file of the project shadows a package": {
    before: "import envy",
    after: "import envy\nout = envy.__file__",
    saved: { "envy.py": "VALUE = 'own'\n" },
    over: "envy in ",
  },
  "a new file of the project shadows the standard library": {
    before: "import colorsys",
    after: "import colorsys\nout = colorsys.__file__",
    saved: { "colorsys.py": "" },
    over: "colorsys in ",
  },
  "a new folder of the project shadows what a package imports": {
    before: "import dbish",
    after: "import dbish\nout = dbish.FILE",
    saved: { "sqlite3/__init__.py": "" },
    over: "sqlite3 in ",
  },
  "sys.path changes before an import": {
    before: "import sys\nimport envy",
    after: "import sys\nsys.path.insert(0, 'vendor')\nimport envy\nout = envy.__file__",
    saved: { "vendor/envy.py": "VALUE = 'vendored'\n" },
    over: "sys.path",
  },
  "a submodule is not imported any more": {
    before: "import several.one\nimport several",
    after: "import several\nout = hasattr(several, 'one')",
    over: "imports of",
  },
  "imports come in another order": {
    before: "import dbish, several.one",
    after: "import several.one, dbish",
    over: "imports of",
  },
  "imports come in another order, by a condition": {
    before: "FIRST = True\nif FIRST: import dbish\nimport several.one\nimport dbish",
    after: "FIRST = False\nif FIRST: import dbish\nimport several.one\nimport dbish",
    over: /imports several.* before/,
  },
  "an import is removed": {
    before: "import sys\nimport dbish\nimport several",
    after: "import sys\nimport several\nout = 'sqlite3' in sys.modules",
    over: "imports of",
  },
  "an import is added": {
    before: "import several",
    after: "import several\nimport dbish\nout = dbish.FILE",
    over: "imports of",
  },
  "the filters of warnings change before an import that warns of nothing": {
    before: "import warnings\nimport registers",
    after: "import warnings\nwarnings.simplefilter('error')\nimport registers",
  },
  "an import is done with other filters for it alone": {
    before: "import warnings\nwith warnings.catch_warnings():\n    import registers",
    after: "import warnings\nwith warnings.catch_warnings():\n    import registers\nout = 1",
  },
  "a module is loaded again": {
    before: "import importlib\nimport several.two",
    after:
      "import importlib\nimport several.two\nout = importlib.reload(several.two) is several.two",
  },
  "a module is only looked for": {
    before: "import importlib.util\nimport several",
    after:
      "import importlib.util\nout = importlib.util.find_spec('several').origin\nimport sys\nout = [out, 'several' in sys.modules]\nimport several",
    over: "imports of",
  },
  "packages are looked through": {
    before: "import pkgutil, inspect, pickle\nimport several",
    after:
      "import pkgutil, inspect, pickle\nimport several\nout = [len(list(pkgutil.iter_modules(several.__path__))), inspect.getsource(pickle)[:9]]",
  },
  "a package is configured before more of it is imported": {
    before: "import configured\nimport configured.late",
    after:
      "import configured\nconfigured.use('fancy')\nimport configured.late\nout = configured.late.BACKEND",
    over: "configured.options",
  },
  "an import looks at where it is": {
    before: "import looks_around",
    after: "import looks_around\nout = looks_around.SEEN",
    args: ["a", "b c"],
  },
  "an import comes with traces everywhere": {
    before: "import logging, atexit\nimport registers",
    after:
      "import logging, atexit\nlogging.getLogger('registers').setLevel(9)\nbefore = [*logging.root.manager.loggerDict, atexit._ncallbacks()]\nimport registers\nout = [before, registers.logger.parent.name]",
  },
  "loggers that are there are disabled before an import": {
    before: "import logging.config\nimport registers",
    after:
      "import logging.config\nlogging.config.dictConfig({'version': 1})\nimport registers\nout = registers.logger.disabled",
  },
  "a logger of an import is there before it": {
    before: "import logging\nimport registers",
    after:
      "import logging\nmine = logging.getLogger('registers.inner')\nimport registers\nout = mine is registers.logger",
    over: "the loggers",
  },
  "an import notes when it was done": {
    before: "import time\nbegan = time.time()\nimport registers",
    after: "import time\nbegan = time.time()\nimport registers\nout = registers.LOADED >= began",
  },
  "an import keeps the time deep inside": {
    before:
      "import time\nbegan = time.time(), time.monotonic()\nimport keeps_the_time as kept\nout = 1",
    after:
      "import time\nbegan = time.time(), time.monotonic()\nimport keeps_the_time as kept\nout = [kept.KEPT['at'] >= began[0], kept.STARTED.at >= began[1]]",
  },
  "an import keeps the time in words": {
    before: "import envy\nimport formats_the_time",
    cut: "keeps the time",
  },
  "an import looks at the size of a file of the project": {
    before: "import envy\nimport looks_at_sizes\nout = looks_at_sizes.SIZE",
    after: "import envy\nimport looks_at_sizes\nout = [looks_at_sizes.SIZE]",
    cut: "looks at ",
  },
  "an import looks for what the program makes elsewhere": {
    before: "import os\nimport looks_elsewhere\nout = looks_elsewhere.FOUND",
    after:
      "import os\nos.makedirs(os.environ['SEEN'] + '-config.d/local', exist_ok=True)\nimport looks_elsewhere\nout = looks_elsewhere.FOUND",
    over: "-config.d/local",
  },
  "an import reads what the program writes elsewhere": {
    before: "import os\nimport configured_outside\nout = configured_outside.VALUE",
    after:
      "import os\nopen(os.environ['SEEN'] + '-config', 'w').write('by the program')\nimport configured_outside\nout = configured_outside.VALUE",
    over: "seen-config",
  },
  "an import adds to what another keeps for itself": {
    before: "import keeping\nimport adds_to_keeping\nout = keeping.used()",
    after:
      "import keeping\nout = keeping.used()\nimport adds_to_keeping\nout = [out, keeping.used()]",
  },
  "an import sets how processes are started": {
    before: "import multiprocessing\nimport sets_how_to_start",
    after:
      "import multiprocessing\nout = multiprocessing.get_start_method(allow_none=True)\nimport sets_how_to_start\nout = [out, multiprocessing.get_start_method()]",
  },
  "an import registers a dialect": {
    before: "import csv\nimport knows_a_dialect",
    after: "import csv\nout = csv.list_dialects()\nimport knows_a_dialect",
    cut: "sets how csv is read",
  },
  "an import registers a codec": {
    before: "import codecs\nimport knows_a_codec",
    cut: "registers a codec",
  },
  "an import registers a class as a kind of another": {
    before: "import collecting\nimport registers_a_kind",
    after: "import collecting\nout = isinstance(1, collecting.Kind)\nimport registers_a_kind",
    cut: "registers int as a kind of Kind",
  },
  "an import registers what does it for a class": {
    before: "import collecting\nimport registers_how_to_show",
    after:
      "import collecting\nout = collecting.show(1)\nimport registers_how_to_show\nout = [out, collecting.show(1)]",
    cut: "registers something in show",
  },
  "an import adds to a set of what is still there": {
    before: "import collecting\nimport is_known",
    after:
      "import collecting\nout = len(collecting.known)\nimport is_known\nout = [out, len(collecting.known)]",
  },
  "an import looks for a module of the program": {
    before: "import own\nimport looks_for_own\nout = looks_for_own.FOUND",
    files: { "own.py": "import random\nNUMBER = random.random()\n" },
    cut: "looks for own in sys.modules",
  },
  "an import looks at who calls": {
    before: "import traceback\nimport looks_at_callers\nout = looks_at_callers.BY",
    cut: "looks at who imports it",
  },
  "an import within a loop of events": {
    before: "import asyncio\nimport looks_for_a_loop\nout = looks_for_a_loop.LOOP",
    after:
      "import asyncio\nasync def main():\n    import looks_for_a_loop\n    return looks_for_a_loop.LOOP\nout = asyncio.run(main())",
    over: "what looks_for_a_loop goes by",
  },
  "an import within a loop of events, as it always was": {
    before:
      "import asyncio\nasync def main():\n    import looks_for_a_loop\n    return looks_for_a_loop.LOOP\nout = asyncio.run(main())",
    over: "what looks_for_a_loop goes by",
  },
  "a new folder of the project tells of a package": {
    before:
      "import importlib.metadata\nout = [one.metadata['Name'] for one in importlib.metadata.distributions() if one.metadata['Name'] == 'own']",
    saved: { "own.egg-info/PKG-INFO": "Name: own\nVersion: 1\n" },
    changed: ["own.egg-info/PKG-INFO"],
    over: "PKG-INFO is new",
  },
  "an import looks at what is set apart from any module": {
    before: "import decimal, sys\nimport computes\nimport limited",
    after:
      "import decimal, sys\ndecimal.getcontext().prec = 5\nimport computes\nimport limited\nout = computes.THIRD",
    over: "what computes goes by",
  },
  "an import looks at a limit of the interpreter": {
    before: "import sys\nimport limited",
    after: "import sys\nsys.setrecursionlimit(2000)\nimport limited\nout = limited.LIMIT",
    over: "what limited goes by",
  },
  "an import that is no module, one that loads another later, one that keeps what is its own, and one that changes what is inside others":
    {
      before:
        "import logging, time\nimport commands_of_a_shell, replaces_itself\nimport loads_lazily\nimport keeps_what_is_its_own as own\nimport patched\nimport patches_inside\nimport several",
      after: `import logging, time
began = time.monotonic()
import commands_of_a_shell, replaces_itself
import loads_lazily
import keeps_what_is_its_own as own
import patched
logger = logging.getLogger('patched')
seen = lambda: [patched.Thing.kind, patched.thing.kind, repr(patched.thing)[:7], logger.propagate, logging.root.level, len(logging.root.handlers)]
first = seen()
import patches_inside
import several
own.say('said')
loaded = type(loads_lazily.envy).__name__
out = [commands_of_a_shell.ls, replaces_itself.level(), loaded, own.say.__name__, first, seen(), own.began >= began, own.began_ns >= began * 1e9]
`,
      command: [PYTHON, "-X", "warn_default_encoding", "-bb", "-W", "error", "app.py"],
    },
  "an import logs something, before which it is said what is to be logged": {
    before: "import io, logging\nimport logs",
    after:
      "import io, logging\ntext = io.StringIO()\nlogging.basicConfig(level=logging.DEBUG, stream=text)\nimport logs\nlogging.getLogger('logs').debug('more')\nout = text.getvalue()",
    over: "what is to be logged",
  },
  "an import logs something, before which it is said that more important things are to be": {
    before: "import io, logging\nimport logs",
    after:
      "import io, logging\ntext = io.StringIO()\nlogging.basicConfig(level=logging.INFO, stream=text)\nimport logs\nlogging.getLogger('logs').info('more')\nlogging.root.setLevel(1)\nlogging.getLogger('logs').debug('more')\nout = text.getvalue()",
  },
  "an import looks into the program": {
    before: "import envy\nimport looks_into_main",
    after: "import envy\nFAST = 1\nimport looks_into_main\nout = looks_into_main.FAST",
    cut: "looks at FAST of __main__",
  },
  "an import looks at who imports it": {
    before: "import envy\nimport looks_at_its_importer",
    after: "import envy\nFAST = 1\nimport looks_at_its_importer\nout = looks_at_its_importer.BY",
    cut: "looks at who imports it",
  },
  "an import keeps deep inside what stands in for how to print": {
    before: "import envy\nimport keeps_deep",
    after: "import envy\nimport keeps_deep\nkeeps_deep.output.say('said')",
    cut: "keeps a function",
  },
  "an import sets what belongs to the process": {
    before: "import os, envy\nimport sets_a_mask",
    after: "import os, envy\nout = os.umask(0o22)\nimport sets_a_mask",
    cut: "what the system knows",
  },
  "a new file of the project is what an import looks for": {
    before: "import looks_for_a_file\nout = looks_for_a_file.FOUND",
    saved: { "looked-for.ini": "" },
    changed: ["looked-for.ini"],
    over: "looked-for.ini is new",
  },
  "a new file of the project is what an import did not find": {
    before: "import has_a_faster_part\nout = has_a_faster_part.FAST",
    saved: { "faster_part.py": "" },
    over: "faster_part in ",
  },
  "the program goes to another folder, after other things that outlive what it is": {
    before: "import os, signal\nimport envy",
    after: `import os, signal
children = lambda: len(open('/proc/self/task/%d/children' % os.getpid()).read().split())
seen = lambda: [signal.getitimer(signal.ITIMER_REAL)[0] > 0, children(), len(os.listdir('/proc/self/fd'))]
first = seen()
signal.setitimer(signal.ITIMER_REAL, 600)
os.umask(0o77); signal.signal(signal.SIGUSR1, signal.SIG_IGN)
read, write = os.pipe(); os.set_inheritable(read, True)
child = os.spawnlp(os.P_NOWAIT, 'sleep', 'sleep', '600')
os.chdir('/')
import envy
out = [first, seen()]
os.kill(child, 9); os.waitpid(child, 0); os.close(read); os.close(write)
`,
    over: "another folder",
  },
  "the program changes for good what it is to the system": {
    before: "import os\nimport envy",
    after:
      "import os\nfirst = os.nice(0)\nos.nice(3)\nos.chdir('/')\nimport envy\nout = [first, os.nice(0)]",
    over: "another folder",
  },
  "the program has a finder of its own": {
    before: "import sys\nimport envy",
    after:
      "import sys\nsys.meta_path.insert(0, type('F', (), {'find_spec': staticmethod(lambda *a: None)}))\nimport envy",
    over: "sys.meta_path",
  },
  "the program is traced": {
    before: "import sys\nimport envy",
    after:
      "import sys\nnames = set()\nsys.settrace(lambda frame, *_: names.add(frame.f_code.co_filename))\nimport envy\nsys.settrace(None)\nout = sorted(name for name in names if name[:1] != '<')\ndel names",
    over: "traced",
  },
  "a child of the program": {
    before: "import os\nimport dbish",
    after:
      "import os\nread, write = os.pipe()\nif os.fork() == 0:\n    import dbish\n    os.write(write, dbish.FILE.encode())\n    os._exit(0)\nos.wait()\nout = os.read(read, 99).decode()\nos.close(read); os.close(write)\nimport dbish",
    over: "imports of",
  },
  "an import in a thread": {
    before: "import threading\nimport dbish",
    after:
      "import threading\ndef load():\n    global dbish\n    import dbish\nthread = threading.Thread(target=load)\nthread.start(); thread.join()\nout = dbish.FILE",
    over: "another thread",
  },
  "a package that does something when it is looked into": {
    before: "import envy, resolves\nimport several\nimport resolves.backend",
    after:
      "import envy, resolves\nimport several, sys\nout = 'resolves.backend' in sys.modules\nimport resolves.backend",
    over: "imports of",
  },
  "a package that does something when it is looked into, and is not asked": {
    before: "import envy, resolves\nimport several",
    after: "import envy, resolves\nimport several\nout = 1",
  },
  "a package that prints": { before: "import envy\nimport prints", cut: "prints" },
  "a package that starts a thread": { before: "import envy\nimport threaded", cut: "thread" },
  "a package that leaves a file open": { before: "import envy\nimport opens", cut: "open" },
  "a package that starts a child": { before: "import envy\nimport forks", cut: "subprocess" },
  "a package that cannot be loaded": {
    before: "import envy\ntry: import fails\nexcept RuntimeError: pass",
    cut: "RuntimeError",
  },
  "a package that draws random numbers": {
    before: "import random, envy\nimport draws",
    cut: "random",
  },
  "a package that reads a file of the project": {
    before: "import envy\nimport reads_file\nout = reads_file.TEXT",
    files: { "data.txt": "old" },
    saved: { "data.txt": "new" },
    cut: "data.txt",
  },
  "a package that lists a folder of the project": {
    before: "import envy\nimport looks_for_plugins\nout = looks_for_plugins.PLUGINS",
    saved: { "plugin.py": "" },
    cut: "lists ",
  },
  "a package that reads a file that is not the project's": {
    before: "import configured_outside\nimport envy\nout = configured_outside.VALUE",
    after: "import configured_outside\nimport envy\nout = [configured_outside.VALUE]",
  },
  "a package that reads a file that is not the project's, and changes": {
    before: "import configured_outside\nimport envy\nout = configured_outside.VALUE",
    outside: "new, and longer",
    over: "was changed",
  },
  "a package that imports what is the project's": {
    before: "import envy\nimport reads_settings\nout = reads_settings.DEBUG",
    files: { "settings.py": "DEBUG = 1\n" },
    saved: { "settings.py": "DEBUG = 2\n" },
    cut: "settings",
  },
  "a package that keeps a function": {
    before: "import envy\nimport keeps_register",
    cut: "keeps a function",
  },
  "a module of the project between two packages": {
    before: "import envy\nimport own\nimport dbish\nout = own.VALUE",
    files: { "own.py": "import configured\nVALUE = 1\n" },
    saved: { "own.py": "import configured\nVALUE = 2\n" },
  },
  "a module of the project imports something else": {
    before: "import envy\nimport own\nimport dbish",
    files: { "own.py": "import configured\n" },
    saved: { "own.py": "import several\n" },
    over: /imports/,
  },
};

/** What a package is set to before more of it is imported, and how that is called. */
const SET: Readonly<Record<string, string>> = {
  "keeping.settings.mode": "keeping.settings.mode = 'fancy'",
  "keeping.Config.mode": "keeping.Config.mode = 'fancy'",
  "keeping.deep.inner.mode": "keeping.deep.inner.mode = 'fancy'",
  "keeping.slots.mode": "keeping.slots.mode = 'fancy'",
  "keeping.local.mode": "keeping.local.mode = 'fancy'",
  "keeping.nested": "keeping.nested['inner']['mode'] = 'fancy'",
  "keeping.variable": "keeping.variable.set('fancy')",
  "keeping._mode": "keeping.use('fancy')",
  "keeping._modes": "keeping.add('fancy')",
  "keeping.closed": "keeping.close('fancy')",
};

const ASKED: Readonly<Record<string, string>> = {
  "how files are made": "os.umask(0o77)",
  "its priority": "os.nice(1)",
  "its processors": "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})",
  "its limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))",
  "the size of stacks": "threading.stack_size(1 << 20)",
  "a signal": "signal.signal(signal.SIGUSR2, lambda *_: None)",
  "dialects of csv": "csv.register_dialect('other', delimiter='|')",
  "how processes are started": "multiprocessing.set_start_method('spawn')",
};

const IMPORTED = "import csv, multiprocessing, os, resource, signal, threading";

for (const [what, statement] of Object.entries(SET)) {
  for (const before of ["", `\n${statement}`]) {
    const rest = "\nimport keeping.late\nout = keeping.late.SEEN";
    HAZARDS[`a package is set${before && ", as it always was"}: ${what}`] = {
      before: `import keeping${before}${rest}`,
      after: `import keeping\n${statement}${rest}`,
      over: `changes ${what}`,
    };
  }
}
for (const [what, statement] of Object.entries(ASKED)) {
  HAZARDS[`an import asks for what the program has set: ${what}`] = {
    before: `${IMPORTED}\nimport asks\nout = asks.SEEN`,
    after: `${IMPORTED}\n${statement}\nimport asks\nout = asks.SEEN`,
    over: /^changes (what asks goes by|multiprocessing\.context\._default_context)/,
  };
}

interface OwnHazard extends Hazard {
  /** Files of the project that were edited before. */
  readonly left?: readonly string[];
}

/** Edits of a program some of whose own modules are imported ahead. */
const OWN: Readonly<Record<string, OwnHazard>> = {
  "an edit beside modules that only define": {
    ...leaves("import views.one\nimport views.two\nout = [views.one.show(), views.two.show()]"),
    saved: { "views/one.py": "from models import Item\ndef show(): return ['new', Item().name]\n" },
    left: ["views/one.py"],
  },
  "an edit of one that was imported ahead": {
    ...leaves("import views.one\nimport views.two\nout = [views.one.show(), views.two.show()]"),
    saved: { "views/two.py": "def show(): return 'other'\n" },
    over: "two.py was changed",
  },
  "an edit of what others import, seen through them": {
    ...leaves("import views.one\nimport views.two\nout = [views.one.show(), views.two.show()]"),
    saved: { "models.py": "import dataclasses\nclass Item:\n    name = 'renamed'\n" },
    left: ["models.py"],
  },
  "a module of the project that registers itself beside one that is edited": {
    before: "import first\nimport edited\nimport last\nimport registry\nout = registry.NAMES",
    files: {
      "registry.py": "NAMES = []\ndef register(name): NAMES.append(name)\n",
      "first.py": "import registry\nregistry.register('first')\n",
      "edited.py": "import registry\nregistry.register('edited')\n",
      "last.py": "from registry import register\nregister('last')\n",
    },
    saved: { "edited.py": "import registry\nregistry.register('anew')\n" },
    left: ["edited.py"],
  },
  "a class that tells its base of itself": {
    before: "import base\nimport edited\nimport kind\nout = base.Base.kinds",
    files: {
      "base.py":
        "class Base:\n    kinds = []\n    def __init_subclass__(cls):\n        Base.kinds.append(cls.__name__)\n",
      "edited.py": "import base\nclass Edited(base.Base): pass\n",
      "kind.py": "import base\nclass Kind(base.Base): pass\n",
    },
    saved: { "edited.py": "import base\nclass Anew(base.Base): pass\n" },
    left: ["edited.py"],
  },
  "a decorator of the project's": {
    before: "import marks\nimport edited\nimport marked\nout = marks.MARKED",
    files: {
      "marks.py":
        "MARKED = []\ndef mark(function):\n    MARKED.append(function.__name__)\n    return function\n",
      "edited.py": "from marks import mark\n@mark\ndef one(): pass\n",
      "marked.py": "from marks import mark\n@mark\ndef two(): pass\n",
    },
    saved: { "edited.py": "from marks import mark\n@mark\ndef three(): pass\n" },
    left: ["edited.py"],
  },
  "a module that is new, where another looked for it": {
    before: "import looks\nout = looks.FOUND",
    files: {
      "looks.py":
        "try:\n    import found\n    FOUND = True\nexcept ImportError:\n    FOUND = False\n",
    },
    saved: { "found.py": "" },
    over: "found.py",
  },
  "a variable that the program sets before a module of its own reads it": {
    before: "import os\nimport settings\nout = settings.MODE",
    after: "import os\nos.environ['MODE'] = 'new'\nimport settings\nout = settings.MODE",
    files: { "settings.py": "import os\nMODE = os.environ.get('MODE', 'none')\n" },
    over: "the environment (MODE)",
  },
  "what baton sets anew for each start": {
    before: "import told\nout = told.GENERATION",
    files: { "told.py": "import os\nGENERATION = os.environ.get('BATON_GENERATION')\n" },
  },
  "a file that a module of the project reads": {
    before: "import reads\nout = reads.TEXT",
    files: { "data.txt": "old", "reads.py": "TEXT = open('data.txt').read()\n" },
    saved: { "data.txt": "new" },
  },
  "modules of the project that import one another": {
    before: "import one\nout = one.two.one.VALUE",
    files: {
      "one.py": "import two\nVALUE = 1\n",
      "two.py": "import one\nimport three\n",
      "three.py": "VALUE = 3\n",
    },
    saved: { "three.py": "VALUE = 4\n" },
    left: ["three.py"],
  },
  "a package whose own code is edited": {
    ...leaves("import views.two\nimport views\nout = [views.two.show(), views.NAME]"),
    saved: { "views/__init__.py": "NAME = 'new'\n" },
    left: ["views/__init__.py"],
  },
};

/** A program of two leaves and what they share. */
function leaves(before: string): Hazard {
  return {
    before,
    files: {
      "models.py":
        "import dataclasses\n@dataclasses.dataclass\nclass Item:\n    name: str = 'item'\n",
      "views/__init__.py": "NAME = 'views'\n",
      "views/one.py": "from models import Item\ndef show(): return ['old', Item().name]\n",
      "views/two.py": "def show(): return 'two'\n",
    },
  };
}

const WITH_FILES = Object.entries(HAZARDS).filter(([, hazard]) => hazard.files !== undefined);
const BESIDE: Readonly<Record<string, OwnHazard>> = { ...Object.fromEntries(WITH_FILES), ...OWN };

for (const [name, { left = [], ...hazard }] of Object.entries(BESIDE)) {
  Deno.test(`from standby with modules of its own as cold: ${name}`, async () => {
    using program = new ParkedProgram(hazard, python);
    const { cold, released, over } = await program.run(left);
    assertEquals(differences(cold, released), [], over ?? "it did not start over");
    if (name in OWN && hazard.over === undefined) assertEquals(over, null);
    if (name in OWN && typeof hazard.over === "string") {
      assertStringIncludes(over ?? "", hazard.over);
    }
  });
}

for (const [name, hazard] of Object.entries(HAZARDS)) {
  Deno.test(`from standby as cold: ${name}`, async () => {
    using program = new ParkedProgram(hazard, python);
    const { cold, released, over, cut } = await program.run();
    assertEquals(differences(cold, released), [], over ?? "it did not start over");
    if (hazard.over === undefined) assertEquals(over, null);
    else if (typeof hazard.over === "string") {
      assertStringIncludes(over ?? "it did not", hazard.over);
    } else assertMatch(over ?? "it did not", hazard.over);
    if (hazard.cut !== undefined) assertStringIncludes(cut ?? "nothing was cut", hazard.cut);
  });
}

Deno.test("one whose first line is another starts over, and one that a shell may have read", async () => {
  const program = (statements: string) =>
    `#!${python.program(statements)}`.replace("out = None\n", "");
  const rest = "\nimport json, several\nout = 1";
  for (const [before, after] of [["/bin/python", "/bin/python -O"], ["/bin/sh", "/bin/sh"]]) {
    const edit = { before: `${before}${rest}`, after: `${after}${rest} + 1` };
    using parked = new ParkedProgram(edit, { ...python, program });
    const { cold, released, over } = await parked.run();
    assertMatch(over ?? "it did not", /^the first line of .*app\.py may start another/);
    assertEquals(differences(cold, released), []);
  }
});

Deno.test("an archive of the project that is written anew is read anew, and finds nothing that was in the old one", async () => {
  const edit = { before: "import inside, json\nout = inside.VALUE" };
  const language = {
    ...python,
    env: { ...python.env, PYTHONPATH: `${python.env.PYTHONPATH}:app.zip` },
  };
  using program = new ParkedProgram(edit, language);
  const pack = (text: string) => {
    const code =
      "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z: z.writestr('inside.py', sys.argv[2])";
    const args = ["-c", code, program.project.path("app.zip"), text];
    assertEquals(new Deno.Command(PYTHON, { args }).outputSync().success, true);
  };
  pack("# What is before it is longer.\nVALUE = 'old'\n");
  const { parked } = await program.park(await program.learn());
  pack("VALUE = 'new'\n");
  program.save();
  const { seen, over } = await program.release(parked);
  assertEquals([over, seen.out], [null, "new"]);
  assertEquals(differences(await program.cold(), seen), []);
});

Deno.test("one that is let go while it looks at its files runs", async () => {
  const edit = { before: "import json, several\nout = 1", after: "import json, several\nout = 2" };
  using program = new ParkedProgram(edit, python);
  const { parked } = await program.park(await program.learn());
  program.save();
  Deno.kill(parked.pid, "SIGSTOP");
  parked.check();
  await new Promise((sent) => setTimeout(sent, 0));
  const released = program.release(parked);
  await new Promise((sent) => setTimeout(sent, 0));
  Deno.kill(parked.pid, "SIGCONT");
  const { seen, over } = await released;
  assertEquals(over, null);
  assertEquals(differences(await program.cold(), seen), []);
});

Deno.test("one that is killed as it is let go is a cold start, and one that kills itself has run", async () => {
  const before = "import json, os, signal\nout = 1";
  const after = "import json, os, signal\nout = 2\nopen('ran', 'a').write('once')\n" +
    "if os.path.exists('deadly'): os.kill(os.getpid(), 9)";
  using program = new ParkedProgram({ before, after }, python);
  const learned = await program.learn();
  const { parked } = await program.park(learned);
  program.save();
  Deno.kill(parked.pid, "SIGSTOP");
  const released = program.release(parked);
  Deno.kill(parked.pid, "SIGKILL");
  const { seen, over } = await released;
  assertEquals(over, "what was parked for it was killed as it was let go");
  assertEquals(differences(await program.cold(), seen), []);

  program.project.write("deadly", "");
  Deno.removeSync(program.project.path("ran"));
  const { parked: deadly } = await program.park(learned);
  const { code } = await program.release(deadly);
  assertEquals(code, 137);
  assertEquals(program.project.read("ran"), "once");
});

Deno.test("one that hangs as it is let go is killed, and is a cold start", async () => {
  const edit = { before: "import json, several\nout = 1", after: "import json, several\nout = 2" };
  using program = new ParkedProgram(edit, python);
  const { parked } = await program.park(await program.learn());
  program.save();
  Deno.kill(parked.pid, "SIGSTOP");
  const { seen, over } = await program.release(parked);
  assertEquals(over, "what was parked for it was killed as it was let go");
  assertEquals(differences(await program.cold(), seen), []);
});

Deno.test("one that is asked to look at its files and let go at once runs", async () => {
  const edit = { before: "import json, several\nout = 1", after: "import json, several\nout = 2" };
  using program = new ParkedProgram(edit, python);
  const { parked } = await program.park(await program.learn());
  program.save();
  parked.check();
  const { seen, over } = await program.release(parked);
  assertEquals(over, null);
  assertEquals(differences(await program.cold(), seen), []);
});

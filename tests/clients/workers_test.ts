/** A real worker under load, saved: no job whose result arrived is missing from what the next generation knows. */
import { assertEquals } from "@std/assert";
import { Baton, Project } from "../e2e/baton.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { Running } from "../support/running.ts";

const BIN = await pythonEnvironment("workers", ["celery"]);

const TASKS = `import baton
from celery import Celery
VERSION = 1
state = {"count": 0}
app = Celery("tasks", broker="filesystem://", backend="file://results")
app.conf.broker_transport_options = {
    "data_folder_in": "queue", "data_folder_out": "queue", "polling_interval": 0.01,
}
@app.task
def count():
    state["count"] += 1
    return f"{VERSION} {state['count']}"
baton.worker(state)
`;

/**
 * Asks for one job after the other, and prints what each returned. With this broker a worker that is told to end drops
 * a job that it has read and not begun, as it does without baton: nobody has done it, and another is asked for. It
 * writes jobs where workers look for them, and one that reads half a job dies: here they are moved there when whole.
 */
const CLIENT = `import pathlib, tasks
from celery.exceptions import TimeoutError
from kombu.transport.filesystem import Channel
put = Channel._put
def put_whole(*args, **options):
    put(*args, **options)
    for job in pathlib.Path("outbox").iterdir():
        job.rename(f"queue/{job.name}")
Channel._put = put_whole
while True:
    try:
        print(tasks.count.delay().get(interval=0.01, timeout=5), flush=True)
    except TimeoutError:
        pass
`;

Deno.test({
  name: "no job that was done is lost: Celery",
  ignore: BIN === null,
  async fn() {
    using project = new Project({ "tasks.py": TASKS, ".gitignore": "control\nqueue\nresults\n" });
    for (const folder of ["queue", "results"]) Deno.mkdirSync(project.path(folder));
    using client = new Project({
      "client.py": CLIENT,
      "tasks.py": TASKS.replace(/^import baton$|^baton.worker.*$/gm, "")
        .replace('out": "queue"', 'out": "outbox"'),
    });
    Deno.mkdirSync(client.path("outbox"));
    for (const folder of ["queue", "results"]) {
      Deno.symlinkSync(project.path(folder), client.path(folder));
    }
    const command = [`${BIN}/celery`, "-A", "tasks", "worker", "--pool", "threads", "-c", "2"];
    await using baton = new Baton(project, command);
    await baton.event("ready", ({ announced }) => announced, { withinMs: 60_000 });
    await baton.event("armed");
    await using asking = new Running([`${BIN}/python`, "client.py"], {}, client.dir);
    const results: string[] = [];
    const returns = async (version: number) => {
      for (let times = 0; times < 5;) {
        const line = await asking.line({ withinMs: 60_000 });
        if (line === null) throw new Error((await asking.end()).stderr + baton.transcript());
        results.push(line);
        if (line.startsWith(`${version} `)) times += 1;
      }
    };
    await returns(1);
    project.replace("tasks.py", "VERSION = 1", "VERSION = 2");
    await returns(2);
    assertEquals(new Set(results.map((line) => line.split(" ")[1])).size, results.length);
  },
});

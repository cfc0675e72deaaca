/** What no tool can be faster than: an event, an interpreter's start, the program's own start. */
import { ask } from "./asker.ts";
import { environment, type Program, Workplace } from "./programs.ts";

/** From spawning an interpreter that does nothing to its end. */
export async function bareStartMs({ bare: [name, ...args] }: Program): Promise<number> {
  const from = performance.now();
  await new Deno.Command(name, { args, stdin: "null", stdout: "null" }).output();
  return performance.now() - from;
}

/** From spawning the program by itself to its first answer. */
export async function ownStartMs(
  program: Program,
  importMs: number,
  port: number,
  client: string,
): Promise<number> {
  using work = new Workplace(program, client);
  const [name, ...args] = program.command;
  const from = performance.now();
  const child = new Deno.Command(name, {
    args,
    cwd: work.dir,
    env: environment({ port, importMs, alone: true }),
    stdin: "null",
    stdout: "null",
  }).spawn();
  let answer = await ask(port);
  while (answer === null) {
    await new Promise((done) => setTimeout(done, 1));
    answer = await ask(port);
  }
  child.kill("SIGTERM");
  await child.status;
  return answer.at - from;
}

/** From a write to its first event. */
export async function eventMs(): Promise<number> {
  const dir = Deno.makeTempDirSync({ prefix: "baton-bench-" });
  const watcher = Deno.watchFs(dir);
  const next = watcher[Symbol.asyncIterator]().next();
  const from = performance.now();
  Deno.writeTextFileSync(`${dir}/file`, "text");
  await next;
  const took = performance.now() - from;
  watcher.close();
  Deno.removeSync(dir, { recursive: true });
  return took;
}

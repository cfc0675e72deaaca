/** Small programs that take part, to be edited while they run. */

/** Counts its generations in its state; imports, restores, is ready, and waits. */
export const COUNTING = `import baton
app = baton.join()
state = app.restore({"count": 0})
VERSION = 1
print(f"version {VERSION} count {state['count']}", flush=True)
app.on_save(lambda: {"count": state["count"] + 1})
app.ready()
app.wait()
`;

/** A line of Python in place of VERSION = 1. */
export function edit(line: string): string {
  return COUNTING.replace("VERSION = 1", line);
}

/** A counter that outlives its program. Under baton, edit VERSION, save, and ask again: it goes on. */
import { join } from "../../mod.ts";

const VERSION = 1;
const port = Number(Deno.env.get("PORT") ?? 8123);

const baton = await join();
const state = await baton.restore({ count: 0 });

const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: introduce }, (request) => {
  if (new URL(request.url).pathname !== "/") return new Response("Not found\n", { status: 404 });
  state.count += 1;
  const { generation } = baton;
  return Response.json({ count: state.count, generation, version: VERSION });
});

// Lets requests under way finish and closes idle connections: about a millisecond.
baton.component("http", () => server.shutdown(), { timeoutMs: 1_000, serves: true });
baton.onSave(() => state);
baton.ready();

function introduce({ port }: { port: number }): void {
  const address = `http://127.0.0.1:${port}/`;
  console.log(`Counter, version ${VERSION}, at ${state.count}: ${address}  (try: curl ${address})`);
}

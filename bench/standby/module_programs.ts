/** The programs of Deno and Bun that are saved. */
import { modulePackages } from "../../tests/support/node_packages.ts";
import type { Program } from "./programs.ts";

const APP = `import { Hono } from "hono";
import { z } from "zod";
import { Effect } from "effect";
const VERSION = 1;
const app = new Hono();
app.get("/", (c) => c.text(VERSION + " " + pid + "\\n"));
export const used = [z.object({}), Effect.succeed(1)];
`;
const DENO =
  'const [port, pid] = [Number(Deno.env.get("PORT")), Deno.pid];\nDeno.serve({ port, hostname: "127.0.0.1", onListen() {} }, app.fetch);\n';
const BUN =
  'const [port, pid] = [Number(process.env.PORT), process.pid];\nBun.serve({ port, hostname: "127.0.0.1", fetch: app.fetch });\n';
const FILES = { "package.json": '{ "type": "module" }' };

/** None where npm cannot be reached, which is said. */
export async function modulePrograms(): Promise<readonly Program[]> {
  const packages = await modulePackages();
  if (packages === null) return [];
  const deno: Program = {
    name: "Deno, Hono, Effect",
    files: { ...FILES, "app.ts": APP + DENO },
    edited: "app.ts",
    command: () => ["deno", "run", "-A", "app.ts"],
    packages,
  };
  const bun: Program = {
    ...deno,
    name: "Bun, Hono, Effect",
    files: { ...FILES, "app.ts": APP + BUN },
    command: () => ["bun", "app.ts"],
  };
  const first = [deno, bun].map((program): Program => ({
    ...program,
    name: `${program.name}, imported first`,
    standby: "own",
  }));
  return [deno, bun, ...first];
}

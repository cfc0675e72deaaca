/** The programs of Deno and Bun that are saved. */
import { modulePackages } from "../../tests/support/node_packages.ts";
import type { Program } from "./programs.ts";

const APP = `import process from "node:process";
import { Hono } from "hono";
import { z } from "zod";
import { chunk } from "lodash-es";
import { addDays } from "date-fns";
const VERSION = 1;
const app = new Hono();
app.get("/", (c) => c.text(VERSION + " " + process.pid + "\\n"));
export const port = Number(process.env.PORT);
export const used = [z.object({}), chunk([1], 1), addDays(new Date(), 1)];
`;
const DENO = 'Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, app.fetch);\n';
const BUN = 'Bun.serve({ port, hostname: "127.0.0.1", fetch: app.fetch });\n';
const FILES = { "package.json": '{ "type": "module" }' };

/** None where npm cannot be reached, which is said. */
export async function modulePrograms(): Promise<readonly Program[]> {
  const packages = await modulePackages();
  if (packages === null) return [];
  return [
    {
      name: "Deno, Hono",
      files: { ...FILES, "app.ts": APP + DENO },
      edited: "app.ts",
      command: () => ["deno", "run", "-A", "app.ts"],
      packages,
    },
    {
      name: "Bun, Hono",
      files: { ...FILES, "app.ts": APP + BUN },
      edited: "app.ts",
      command: () => ["bun", "app.ts"],
      packages,
    },
  ];
}

import type { Caller } from "../caller.ts";
import { writeAll } from "../write_all.ts";
import { denoConnect } from "./connect.ts";
import { looks } from "./looks.ts";

/** By Deno's own names: what Node has for this takes Deno longer to load than all else that a command does. */
export const denoCaller: Pick<Caller, "files" | "pipes" | "writeOut"> = {
  files: looks,
  pipes: { connect: denoConnect },
  writeOut: (text) => writeAll(1, text, (_, bytes) => Deno.stdout.writeSync(bytes)),
};

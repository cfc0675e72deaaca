import type * as zod from "zod";
import type { Rule } from "../settings.ts";
import { type Kind, kind } from "./kind.ts";

const PLAIN = ["notify", "reload", "recycle", "restart", "ignore"] as const;
const expected =
  'GLOB=DO, where DO is "notify", "reload", "recycle", "restart", "ignore" or "run:COMMAND"';
const expectedDo =
  '"notify", "reload", "recycle", "restart", "ignore", "run: COMMAND", or a list of the last';

/** A rule as a file holds it. */
interface Written {
  readonly match: string;
  readonly do: string | readonly string[];
}

/** What `data/**=notify` asks for: up to the first `=` that something to do follows is the glob. */
export function parseRule(text: string): Rule | null {
  const [, match, what] = /^(.+?)=(notify|reload|recycle|restart|ignore|run:[^]*)$/.exec(text) ??
    [];
  return match === undefined || what === undefined ? null : ruleOf({ match, do: what });
}

function ruleOf({ match, do: what }: Written): Rule | null {
  if (match === "") return null;
  const plain = PLAIN.find((name) => name === what);
  if (plain !== undefined) return { match, do: plain, commands: [] };
  const commands = [what].flat().map((one) => /^run:\s*([^]*\S)\s*$/.exec(one)?.[1]);
  if (commands.length === 0 || commands.includes(undefined)) return null;
  return { match, do: "run", commands: commands as string[] };
}

function read(written: unknown): Rule | null {
  if (typeof written === "string") return parseRule(written);
  if (typeof written !== "object" || written === null) return null;
  const { match, do: what, ...rest } = written as Partial<Written>;
  const isText = (one: unknown) => typeof one === "string";
  const fits = isText(match) && (isText(what) || Array.isArray(what) && what.every(isText)) &&
    Object.keys(rest).length === 0;
  return fits ? ruleOf({ match, do: what } as Written) : null;
}

function write({ match, do: what, commands }: Rule): Written {
  if (what !== "run") return { match, do: what };
  const runs = commands.map((command) => `run: ${command}`);
  return { match, do: runs.length === 1 ? runs[0]! : runs };
}

/** Rules as they are written: texts on a command line, objects in a file. */
export const rules: Kind<Rule[]> = kind(
  "texts",
  (written) => {
    if (!Array.isArray(written)) return undefined;
    const all = written.map(read);
    return all.every((one) => one !== null) ? all : undefined;
  },
  (z) => {
    const texts = z.array(z.string(), { error: expectedDo });
    const object = z.strictObject({
      match: z.string().min(1).describe("A glob in .gitignore syntax"),
      do: z.union([z.string(), texts], { error: expectedDo }).describe(
        `What is done: ${expectedDo}`,
      ),
    });
    const one = z.union([z.string(), object], { error: expected });
    const list = z.array(one, { error: 'a list such as [{ "match": "data/**", "do": "notify" }]' });
    return z.codec(list as zod.ZodArray<zod.ZodType<string | Written>>, z.custom<Rule[]>(), {
      decode: (items, context) =>
        items.flatMap((input, index) => {
          const rule = read(input);
          if (rule !== null) return [rule];
          const message = typeof input === "string" ? expected : expectedDo;
          context.issues.push({ code: "custom", message, input, path: [index] });
          return [];
        }),
      encode: (all) => all.map(write),
    });
  },
);

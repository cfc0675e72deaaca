import { EXIT } from "../errors.ts";

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  stopped: "Asked to stop, and stopped",
  left: "Asked to stop, and something of the program cannot be ended",
  usage: "Wrong usage or configuration, or the folder is taken",
  internal: "A fault of baton's own",
  cannotRun: "The command cannot be run",
  notFound: "The command was not found",
};

/** Every exit status and what it means. */
export const EXITS: readonly { readonly status: string; readonly meaning: string }[] = [
  ...Object.entries(MEANINGS).map(([name, meaning]) => ({
    status: String(EXIT[name as keyof typeof EXIT]),
    meaning,
  })),
  {
    status: "any other",
    meaning: "With --exit, the program's own, or 128 + its signal",
  },
];

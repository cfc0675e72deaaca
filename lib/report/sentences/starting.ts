/** Sentences about baton's own start: what runs, what was found, what is watched. */
import type { ItemOf } from "../item.ts";
import type { Message, Sentences, View } from "../message.ts";
import { age, count, duration } from "../quantity.ts";
import { shortPath } from "../short_path.ts";
import { faultOf, quoted, quotedCommand, stateOf } from "../words.ts";

type RejectedState = ItemOf<"resuming">["newest"]["rejected"][number];

function rejected({ found, why, path }: RejectedState, { cwd }: View): Message {
  const where = shortPath(path, cwd);
  return found === "too old"
    ? {
      weight: "news",
      what: `Does not resume an earlier state: ${faultOf(why)}`,
      where,
      next: 'Give "--max-age" a longer time to resume it',
    }
    : {
      weight: "warning",
      what: `Does not resume a ${found} state: ${faultOf(why)}`,
      where,
      next: "It was set aside, not deleted; the newest good state is used",
    };
}

export const starting: Sentences<
  "hello" | "listening" | "proxying" | "resuming" | "fallback" | "orphans" | "armed"
> = {
  hello: ({ version, pid, command, cwd, stateDir }) => [
    { weight: "news", what: `Runs ${quotedCommand(command)}` },
    {
      weight: "detail",
      what: `Version ${version}, process ${pid}, in ${quoted(cwd)}, state in ${
        quoted(shortPath(stateDir, cwd))
      }`,
    },
  ],
  listening: ({ address }) => [{ weight: "news", what: `Listens at ${address} for the program` }],
  proxying: ({ address }) => [{
    weight: "news",
    // Some development servers trust a page of "localhost", but none of the address that it stands for (Next.js).
    what: `Serves at http://${
      address.replace(/^127\.0\.0\.1:/, "localhost:")
    }/ in front of the program`,
  }],
  resuming: ({ newest: { reading, rejected: bad } }, view) => {
    const troubles = bad.map((one) => rejected(one, view));
    if (reading.found === "missing") return troubles;
    const ago = age(view.now - reading.envelope.savedAt);
    const what = `Resumes from the ${stateOf(reading)}, saved ${ago} ago`;
    return [...troubles, { weight: "news", what }];
  },
  fallback: ({ dir, why, next }) => [{
    weight: "warning",
    what: `Keeps the state in ${quoted(dir)}: ${why}`,
    next,
  }],
  orphans: ({ command, pids, adopted }) => {
    const took = "Took over the state that the last run left";
    if (pids.length === 0) return adopted ? [{ weight: "news", what: took }] : [];
    const processes = `${count(pids.length, "process", "processes")} of ${quotedCommand(command)}`;
    const what = `Ended what the last baton had left running: ${processes}`;
    return [{
      weight: "warning",
      what: adopted ? `${what}; took over the state` : what,
      where: `pid ${pids.join(", ")}`,
    }];
  },
  armed: ({ armed }, { interactive }) => {
    const { files, folders, watches, instances, polled, tookMs } = armed;
    const named = count(files, "file");
    const seen = folders === 0 ? named : `${named} in ${count(folders, "folder")}`;
    const help = interactive ? "h shows the keys" : "Ctrl-C stops";
    return [
      files === 0
        ? {
          weight: "warning",
          what: `Watches no file at all (${count(folders, "folder")})`,
          next: 'See what "--watch", "--ext", "--ignore" and .gitignore leave',
        }
        : { weight: "news", what: `Watches ${seen}; ${help}` },
      {
        weight: "detail",
        what: `Armed in ${duration(tookMs)}: ${count(watches, "watch", "watches")} in ${
          count(instances, "instance")
        }, ${count(polled, "folder")} polled`,
      },
    ];
  },
};

import { inProject } from "../support/project.ts";

/** What is done to a root while it is polled, and how it is named. */
const ROOTS: Record<string, { watch: string; setUp: string; gone: string; back: string }> = {
  "a folder that goes and comes": {
    ...{ watch: "src", setUp: "mkdir src; echo 1 >src/a.ts" },
    ...{ gone: "rm -r src", back: "mkdir src; echo 2 >src/a.ts" },
  },
  "a file that goes and comes": {
    ...{ watch: "src/a.ts", setUp: "mkdir src; echo 1 >src/a.ts" },
    ...{ gone: "rm src/a.ts", back: "echo 2 >src/a.ts" },
  },
  "a file that goes with its folder": {
    ...{ watch: "src/in/a.ts", setUp: "mkdir -p src/in; echo 1 >src/in/a.ts" },
    ...{ gone: "rm -r src", back: "mkdir -p src/in; echo 2 >src/in/a.ts" },
  },
  "a link to a folder": {
    ...{ watch: "link", setUp: "mkdir real; echo 1 >real/a.ts; ln -s real link" },
    ...{ gone: "rm real/a.ts", back: "echo 2 >real/a.ts" },
  },
  "a link to a file": {
    ...{ watch: "link", setUp: "mkdir real; echo 1 >real/a.ts; ln -s real/a.ts link" },
    ...{ gone: "rm real/a.ts", back: "echo 2 >real/a.ts" },
  },
  "a link that goes": {
    ...{ watch: "link", setUp: "mkdir real; echo 1 >real/a.ts; ln -s real link" },
    ...{ gone: "rm link", back: "echo 2 >real/a.ts; ln -s real link" },
  },
  "a link to a link, whose folder goes": {
    ...{ watch: "link", setUp: "mkdir real; echo 1 >real/a.ts; ln -s real mid; ln -s mid link" },
    ...{ gone: "mv real away", back: "echo 2 >away/a.ts; mv away real" },
  },
  "a link in a circle for a while": {
    ...{ watch: "link", setUp: "mkdir real; echo 1 >real/a.ts; ln -s real link" },
    ...{ gone: "ln -sfn link link", back: "echo 2 >real/a.ts; ln -sfn real link" },
  },
};

for (const [what, { watch, setUp, gone, back }] of Object.entries(ROOTS)) {
  for (const pollMs of [20, null]) {
    Deno.test(`${what} is watched on: ${pollMs === null ? "by events" : "by polling"}`, () =>
      inProject(async (project) => {
        project.run(setUp);
        project.write("also/b.ts", "1");
        await project.start({ watch: [watch, "also"], pollMs });
        const name = watch.endsWith(".ts") || what.includes("link to a file")
          ? watch
          : `${watch}/a.ts`;
        await Promise.all([project.said(name), project.runWatched(gone)]);
        await Promise.all([project.said(name), project.runWatched(back)]);
        project.write("also/b.ts", "2");
        await project.said("also/b.ts");
      }));
  }
}

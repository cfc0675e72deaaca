/**
 * The command line of baton.
 *
 * @module
 */
import process from "node:process";
import { isControlCommand } from "./lib/configure/control_commands.ts";
import { BatonError, EXIT } from "./lib/errors.ts";
import { VERSION } from "./lib/version.ts";

/**
 * Does what the command line asks for; resolves with the exit status. The rest is loaded only where there is more to
 * do: it is most of the start.
 */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === "--version") {
    process.stdout.write(`baton ${VERSION}\n`);
    return 0;
  }
  if (process.platform === "win32") {
    process.stderr.write(
      "baton: Cannot run on Windows; use it in WSL, where it runs as on Linux\n",
    );
    return EXIT.usage;
  }
  try {
    const [command] = args;
    if (isControlCommand(command)) {
      const [{ control }, { caller }] = await Promise.all([
        import("./lib/control/command.ts"),
        import("./lib/platform/caller.ts"),
      ]);
      return await control(await caller(), command, args.slice(1));
    }
    const [{ main }, { selectPlatform }] = await Promise.all([
      import("./lib/main.ts"),
      import("./lib/platform/select.ts"),
    ]);
    const platform = await selectPlatform();
    return await main(platform());
  } catch (error) {
    // There is no terminal yet to say it through.
    if (!(error instanceof BatonError)) throw error;
    const where = error.where === undefined ? "" : `\n       Where: ${error.where}`;
    process.stderr.write(`baton: ${error.what}${where}\n       Next: ${error.next}\n`);
    return error.status;
  }
}

if (import.meta.main) run(process.argv.slice(2)).then((status) => process.exit(status));

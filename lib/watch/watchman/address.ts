import { BatonError, messageOf } from "../../errors.ts";
import { type Output, type Platform, PlatformError } from "../../platform/platform.ts";

const COMMAND = ["watchman", "--no-pretty", "get-sockname"];

/** Starting the daemon takes it well under a second. */
const PATIENCE_MS = 10_000;

/**
 * The socket of the Watchman that serves this user: what `WATCHMAN_SOCK` names, or else what `watchman`
 * itself says, which starts it where it does not run. Throws `BatonError` where there is none.
 */
export async function findSocket(platform: Platform): Promise<string> {
  const given = platform.env().WATCHMAN_SOCK;
  if (given) return given;
  const { stdout } = await ask(platform);
  const answer = parse(stdout);
  if (typeof answer.sockname === "string") return answer.sockname;
  throw failure(`Cannot start Watchman: ${answer.error ?? "it does not say where its socket is"}`);
}

async function ask({ processes }: Platform): Promise<Output> {
  try {
    return await processes.output(COMMAND, { timeoutMs: PATIENCE_MS });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (error.code !== "ENOENT") throw failure(messageOf(error));
    throw new BatonError({
      what: "Watchman is not installed",
      where: COMMAND.join(" "),
      next: 'Install it (facebook.github.io/watchman), or leave out "--source watchman"',
    });
  }
}

function failure(what: string): BatonError {
  return new BatonError({
    what,
    where: COMMAND.join(" "),
    next: 'See what that command says, or leave out "--source watchman"',
  });
}

function parse(text: string): { sockname?: unknown; error?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

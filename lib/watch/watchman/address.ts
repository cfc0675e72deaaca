import { BatonError, messageOf } from "../../errors.ts";
import { type Output, type Platform, PlatformError } from "../../platform/platform.ts";

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
  throw new BatonError({
    what: `Cannot start Watchman: ${answer.error ?? "it does not say where its socket is"}`,
    where: "watchman get-sockname",
    next: 'See what that command says, or leave out "--source watchman"',
  });
}

async function ask({ processes }: Platform): Promise<Output> {
  const command = ["watchman", "--no-pretty", "get-sockname"];
  try {
    return await processes.output(command, { timeoutMs: PATIENCE_MS });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw new BatonError({
      what: error.code === "ENOENT" ? "Watchman is not installed" : messageOf(error),
      where: command.join(" "),
      next: 'Install it (facebook.github.io/watchman), or leave out "--source watchman"',
    });
  }
}

function parse(text: string): { sockname?: unknown; error?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

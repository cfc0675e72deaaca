#!/usr/bin/env node
// Becomes the executable for this machine, which npm has installed beside this package; without one, runs baton on
// this Node.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";

/** As Node says it: the C library is glibc, or another, which is musl. */
function machine() {
  const { platform, arch, report } = process;
  if (platform !== "linux") return `${platform}-${arch}`;
  report.excludeNetwork = true; // It would look names up.
  return report.getReport().header.glibcVersionRuntime ? `linux-${arch}` : `linux-${arch}-musl`;
}

function findExecutable() {
  try {
    return createRequire(import.meta.url).resolve(`@baton-cli/${machine()}/baton`);
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** Node before 22.15 cannot become another program: it waits for it, and passes on what it is sent. */
function wait(executable, args) {
  const child = spawn(executable, args, { stdio: "inherit", argv0: "baton" });
  const passed = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"];
  for (const signal of passed) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`baton: Cannot run "${executable}": ${error.message}`);
    process.exit(126);
  });
  child.on("exit", (code, signal) => {
    for (const one of passed) process.removeAllListeners(one);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code);
  });
}

function become(executable, args) {
  process.emitWarning = () => {}; // That this is experimental.
  process.execve(executable, ["baton", ...args], process.env);
}

const executable = findExecutable();
const args = process.argv.slice(2);
if (executable !== null) (process.execve ? become : wait)(executable, args);
else if (parseInt(process.versions.node) < 22) {
  console.error(
    `baton: Cannot run on Node ${process.versions.node}, and there is no executable for ${machine()}
       Next: Install with optional dependencies, or use Node 22 or later`,
  );
  process.exit(2);
} else {
  const { run } = await import("./lib/cli.js");
  process.exit(await run(args));
}

import type { Peer, Platform, ProcessTree } from "../platform/platform.ts";

const LONGEST_COMMAND = 200;

/** Somebody who may not speak for a generation. */
export interface Refusal {
  /** For who is refused. */
  readonly why: string;
  /** For who runs baton. */
  readonly what: string;
}

/**
 * Why whoever opened a connection may not speak for the generation of this tree; null where it may, or the
 * system does not say who it is: then the private folder of the pipe must do. Root's lets others through.
 */
export function refusalOf(
  peer: Peer | null,
  tree: ProcessTree,
  { processes, user, pipes }: Pick<Platform, "processes" | "user" | "pipes">,
): Refusal | null {
  if (peer === null) return user?.uid === 0 && pipes.tellsPeers ? UNTOLD : null;
  const { pid, uid } = peer;
  const isOwn = pid === null ? null : tree.has(pid);
  if (isOwn || isOwn === null && uid === user?.uid) return null;
  if (pid === null || isOwn === null) {
    return refusal(
      "A process",
      uid,
      "it is another user's, and nobody can tell where it comes from",
    );
  }
  const command = processes.commandLine(pid).slice(0, LONGEST_COMMAND);
  const who = command === "" ? `Process ${pid}` : `Process ${pid} (${JSON.stringify(command)})`;
  return refusal(who, uid, "it is not part of this generation, by descent, session or environment");
}

/** Nobody is to speak for a generation that was not started yet. */
export function refusalBefore(peer: Peer | null): Refusal | null {
  if (peer === null) return null;
  const who = peer.pid === null ? "A process" : `Process ${peer.pid}`;
  return refusal(who, peer.uid, "this generation was not started yet");
}

const UNTOLD: Refusal = {
  why: "Refused: the system does not say whose process this is; try again",
  what: "A process was refused: the system does not say whose it is",
};

function refusal(who: string, uid: number, why: string): Refusal {
  return {
    why: `Refused: ${why}`,
    what: `${who} of user ${uid} was refused: ${why}`,
  };
}

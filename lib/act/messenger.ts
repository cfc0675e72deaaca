import type { EffectOf } from "../decide/effect.ts";
import type { Clock } from "../platform/platform.ts";
import type { FromBatonOf } from "../protocol/message.ts";
import type { Store } from "../state/store.ts";
import type { Child } from "./child.ts";
import type { LadderMarks } from "./ladder_marks.ts";
import type { StateTransfer } from "./state_transfer.ts";

/** Says on the pipes what was decided, with the paths that go with it. */
export class Messenger {
  readonly #children: ReadonlyMap<number, Child>;
  readonly #transfer: StateTransfer;
  readonly #store: Pick<Store, "outPath">;
  readonly #clock: Clock;
  /** Generations that were asked for a checkpoint, and are to be asked to stop next. */
  readonly #hasRoom = new Set<number>();

  constructor(
    children: ReadonlyMap<number, Child>,
    transfer: StateTransfer,
    store: Pick<Store, "outPath">,
    clock: Clock,
  ) {
    this.#children = children;
    this.#transfer = transfer;
    this.#store = store;
    this.#clock = clock;
  }

  open({ generation, participant, alone, reason, changed, state }: EffectOf<"open">): void {
    const stateFile = alone
      ? this.#transfer.handOver(generation, state)
      : this.#transfer.laidOut(generation);
    this.#children.get(generation)?.endpoint.send(participant, {
      type: "start",
      generation,
      reason,
      changed: [...changed],
      stateFile,
      out: this.#store.outPath(generation, participant),
    });
  }

  ask({ generation, reason, changed, deadlineMs }: EffectOf<"ask">): void {
    // For its checkpoint it was seen to just now whose the place is.
    if (this.#hasRoom.delete(generation)) this.#transfer.makeRoom(generation, null);
    else this.makeRoom(generation);
    this.#children.get(generation)?.ask(
      { type: "shutdown", reason, changed: [...changed], out: "", deadlineMs },
      (participant) => this.#store.outPath(generation, participant),
    );
  }

  /** Asks participants to take the files as they are now without a restart. */
  step(
    { generation, participants, step, rung, paths, deadlineMs }: EffectOf<"step">,
    ladder: LadderMarks,
  ): void {
    ladder.offered();
    const type = rung === "notify" ? "changed" : rung;
    for (const participant of participants) {
      const message = { type, step, paths: [...paths], deadlineMs } as FromBatonOf<typeof type>;
      this.#children.get(generation)?.endpoint.send(participant, message);
    }
  }

  /** Once it is told what was started just now, and then does `next`: what live is looked at for takes longer. */
  askForCheckpointSoon(effect: EffectOf<"checkpoint">, next: (generation: number) => void): void {
    this.#clock.after(0, () => {
      if (!this.#children.has(effect.generation)) return;
      this.#askForCheckpoint(effect);
      next(effect.generation);
    });
  }

  #askForCheckpoint({ generation, participant }: EffectOf<"checkpoint">): void {
    this.makeRoom(generation);
    this.#hasRoom.add(generation);
    const out = this.#store.outPath(generation, participant);
    const child = this.#children.get(generation);
    child?.endpoint.send(participant, { type: "checkpoint", out });
    child?.wake();
  }

  /** A place to save in, where the program may write as the user that it is by now. */
  makeRoom(generation: number): void {
    const uid = this.#children.get(generation)?.otherUser() ?? null;
    this.#transfer.makeRoom(generation, uid);
  }
}

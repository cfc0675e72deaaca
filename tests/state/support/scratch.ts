import { join } from "@std/path";
import type { Clock, Files, Platform } from "../../../lib/platform/platform.ts";
import { platform as realPlatform } from "../../support/platform.ts";
import type { Reading } from "../../../lib/state/envelope.ts";
import type { Sealer } from "../../../lib/state/sealer.ts";
import { openSecret } from "../../../lib/state/secret.ts";
import {
  type Good,
  openStore,
  type RejectedState,
  type Saved,
  type Store,
  type StoreSettings,
} from "../../../lib/state/store.ts";

/** A temporary state folder on the real file system, on a clock that stands still until it is told. */
export class Scratch implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "baton-state-" });
  readonly dir: string = join(this.root, ".baton");
  readonly real: Platform = realPlatform();
  readonly sealer: Sealer = openSecret(this.real).sealer;
  wallMs = Date.now();

  platform(change: Partial<Platform> = {}): Platform {
    const clock: Clock = { ...this.real.clock, wallNow: () => this.wallMs };
    return { ...this.real, clock, ...change };
  }

  files(change: Partial<Files>): Platform {
    return this.platform({ files: { ...this.real.files, ...change } });
  }

  store(settings: Partial<StoreSettings> & { platform?: Platform } = {}): Store {
    const { platform = this.platform(), ...rest } = settings;
    return openStore(platform, { dir: this.dir, keep: 3, maxAgeMs: 30_000, ...rest });
  }

  /** Has a generation save these bytes, a second after the last, and admits them. */
  save(store: Store, text: string, saved: Partial<Saved> = {}): Reading {
    this.wallMs += 1_000;
    const generation = saved.generation ?? 1;
    store.makeRoom(generation);
    const path = store.outPath(generation);
    Deno.writeTextFileSync(path, text);
    return store.admit({ path, generation, kind: "final", reason: "a test", ...saved });
  }

  claimOf(text: string): { sizeBytes: number; sha256: string } {
    const bytes = new TextEncoder().encode(text);
    return { sizeBytes: bytes.length, sha256: this.real.sha256(bytes) };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

/** The bytes of the state that a store believes in, or null. */
export function newestText(store: Store): string | null {
  const { reading } = store.newest({ startedAnew: false });
  return reading.found === "good" ? Deno.readTextFileSync(reading.path) : null;
}

/** The reading, which must be good. */
export function good(reading: Reading): Good {
  if (reading.found === "good") return reading;
  throw new Error(`Not good: ${JSON.stringify(reading)}`);
}

/** The reading, which must be of a state that cannot be believed. */
export function refused(reading: Reading): RejectedState {
  if ("why" in reading) return reading;
  throw new Error(`Not refused: ${JSON.stringify(reading)}`);
}

import type { ListenerOptions, ListenTarget } from "./listener.ts";
import type { BunServer, DenoServer, NodeServer, ServeOptions, Server } from "./serving.ts";

export type {
  BunServer,
  DenoServer,
  ListenerOptions,
  ListenTarget,
  NodeServer,
  ServeOptions,
  Server,
};

/** What `join` takes. */
export interface JoinOptions {
  /**
   * Two generations of this program must never run at once (a lock, a device, too much memory): the next
   * one is started only after this one is gone. Default false.
   */
  readonly exclusive?: boolean;
}

/** What a component may say beside its stop function. */
export interface ComponentOptions {
  /** How long `stop` may take, in whole milliseconds; 5,000 unless set. */
  readonly timeoutMs?: number | undefined;
  /**
   * The component's part of the state, as JSON can hold it; called after every component has stopped, and
   * for checkpoints. With it the state is one object with a key a component.
   */
  readonly save?: (() => unknown) | undefined;
  /**
   * Tell, then join: with it `stop` only has the component end, and this resolves once it has. All that have
   * one are told before the first is waited for, so loops that sleep end side by side. The timeout counts
   * from when it is told.
   */
  readonly join?: (() => unknown) | undefined;
  /**
   * Others reach the program by it: it goes on until everything else has ended, wherever it was declared, and
   * the dark time counts from its stop. Default false.
   */
  readonly serves?: boolean | undefined;
  /**
   * Starts the component again after it was stopped, in the same process: with what `save` returned, where it has
   * one. Within `timeoutMs`, too. Where all components have one they can be recycled.
   */
  readonly start?: ((saved: unknown) => unknown) | undefined;
}

/** A program's hold on baton; outside baton a stand-in that does nothing. */
export interface Baton {
  /** 1, 2, 3 …: which run of the program this is; 1 outside baton. */
  readonly generation: number;
  /** Paths behind this start, relative to the working directory; empty at first. */
  readonly changed: readonly string[];
  /**
   * Resolves when baton has asked this program to stop, its components are stopped and its state is saved;
   * the process leaves soon after. Never resolves outside baton, and does not keep the program alive.
   */
  readonly stopped: Promise<void>;

  /**
   * Resolves to what the generation before this one saved, or to `initial` where there is nothing. This is
   * the barrier: while the generation before still serves, it waits. What is slow belongs before this call;
   * what must not run twice (binding a port, starting a loop) after it.
   *
   * Rejects where the state is there but is not JSON.
   */
  restore<State>(initial: State): Promise<State>;

  /**
   * Declares a part of the program with its own stop function. At a restart the parts are stopped one after
   * the other, the last declared first, those that serve after all others; one that throws or is late is
   * reported, the others still stop.
   *
   * Return a promise of the end: what runs on once the state is saved is lost. A server that waits for its
   * open connections (streams, WebSockets) is late: end them too, in Node with `closeAllConnections()`, in
   * Bun with `stop(true)`, in Deno by the `signal` of `serve`.
   *
   * Throws `RangeError` where the name is taken or empty, or the timeout is not a positive integer.
   */
  component(name: string, stop: () => unknown, options?: ComponentOptions): void;
  /** Declares a part that only saves: `baton.component("queue", { save: () => queue.items })`. */
  component(name: string, options: ComponentOptions & { readonly save: () => unknown }): void;

  /**
   * Sets what reads changed data files anew, in place of a restart, where a rule of baton's says `notify`: called with
   * those paths that the glob names (.gitignore syntax, from the working directory). Where it throws, or a promise
   * of its is late, the program is restarted.
   */
  onChange(glob: string, run: (paths: readonly string[]) => unknown): void;

  /**
   * Stops every component, the last declared first, and starts all again in order, each with what it saved: what
   * baton asks for where a rule says `recycle`, by hand. Works without baton, too.
   *
   * Rejects where one has no start function, does not stop in time or throws; nothing is lost by that: what has
   * stopped keeps what it saved, for the state and for another try.
   */
  recycle(): Promise<void>;

  /**
   * The socket that baton holds (`--listen`), as `listen` of a Node server takes it: who connects while one
   * generation hands over to the next waits, and nobody is refused. Listen on it behind `restore`.
   *
   * `server.listen(baton.listener({ port: 8000 }))` listens at that port where no socket is held.
   *
   * Throws `Error` where none is and no port is named, and where the runtime cannot listen on a descriptor:
   * Bun, `Deno.serve`, and `node:http` of Deno before 2.9.
   */
  listener(options?: ListenerOptions): ListenTarget;

  /**
   * Sets what is called for the state when it is to be saved: a value as JSON can hold it, or a promise of
   * one. With components that save too it must return an object; theirs are added to it.
   */
  onSave(save: () => unknown): void;

  /**
   * Declares the server by which others reach the program, and says `ready` once it listens. At a handoff it takes
   * no more requests and answers those under way, closing connections that are only kept alive; then the state is
   * saved, so that nothing that was answered is missing from it.
   *
   * It takes what Node's `http` and `listen` of Express return, `server` of Fastify, and what `Deno.serve`, `Bun.serve`
   * and `serve` of Hono return: `baton.serve(app.listen(8000))`. Answers without an end (event streams, WebSockets)
   * are components of their own, that end them.
   *
   * The component is called `http`, and has 5,000 ms, unless `options` says otherwise.
   */
  serve(server: Server, options?: ServeOptions): void;

  /** Says that the program serves. Nothing is saved before; called again, it does nothing. */
  ready(): void;

  /** Saves the state while running; a crash resumes from it. Rejects where it cannot be saved. */
  checkpoint(): Promise<void>;

  /** Checkpoints every `ms` milliseconds, once ready; a failure goes to standard error. */
  checkpointEvery(ms: number): void;
}

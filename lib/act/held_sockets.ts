import type { HeldSocket, Platform, SocketUse } from "../platform/platform.ts";

/** The descriptor of the first one in a program, as sd_listen_fds(3) has it. */
const FIRST = 3;

/** A socket, and what people and programs call it. */
export interface NamedSocket extends HeldSocket {
  /** As in `LISTEN_FDNAMES`: the port, or the file of a Unix socket. */
  readonly name: string;
  /** `127.0.0.1:8000` or `unix:/run/app.sock`. */
  readonly address: string;
}

/** The sockets that baton holds: every generation inherits them all, and none is closed before baton ends. */
export class HeldSockets {
  readonly #platform: Pick<Platform, "sockets">;
  readonly all: readonly NamedSocket[];
  /** No generation has had them. */
  #isFresh = true;

  constructor(platform: Pick<Platform, "sockets">, all: readonly NamedSocket[]) {
    this.#platform = platform;
    this.all = all;
  }

  get descriptors(): readonly number[] {
    return this.all.map(({ descriptor }) => descriptor);
  }

  /** With what a program learns of them by; `LISTEN_PID` comes from who starts it. */
  environment(env: Readonly<Record<string, string>>): Record<string, string> {
    if (this.all.length === 0) return { ...env };
    const port = this.#ports()[0];
    return {
      ...env,
      LISTEN_FDS: String(this.all.length),
      LISTEN_FDNAMES: this.all.map(({ name }) => name).join(":"),
      ...port === undefined ? {} : { PORT: String(port) },
    };
  }

  /** With `{fd}` and `{port}`, of the second socket `{fd2}` and `{port2}`, filled in. */
  fill(command: readonly string[]): string[] {
    if (this.all.length === 0) return [...command];
    const values = {
      fd: this.all.map((_, index) => FIRST + index),
      port: this.#ports(),
    };
    return command.map((word) =>
      word.replace(/(?<!\$)\{(fd|port)(\d*)\}/g, (written, kind: "fd" | "port", place: string) => {
        const value = values[kind][Number(place || 1) - 1];
        return value === undefined ? written : String(value);
      })
    );
  }

  /** What a program at its barrier listens on: of held sockets only those that it takes connections from already. */
  taken(listening: readonly string[], pids: () => readonly number[]): string[] {
    const placeOf = ({ port, address }: NamedSocket) =>
      port === null ? address.slice("unix:".length) : `port ${port}`;
    const held = this.all.map(placeOf);
    return [
      ...listening.filter((place) => !held.includes(place)),
      ...this.all.filter((socket) => this.use(socket, pids()).isPolled).map(placeOf),
    ];
  }

  use(socket: HeldSocket, pids?: readonly number[]): SocketUse {
    return this.#platform.sockets.use(socket, pids);
  }

  /** To be called before a generation is started that runs alone: the one before may have changed it. */
  setBlocking(): void {
    if (this.#isFresh) this.#isFresh = false;
    else for (const socket of this.all) socket.setBlocking();
  }

  close(): void {
    for (const socket of this.all) socket.close();
  }

  #ports(): number[] {
    return this.all.flatMap(({ port }) => port ?? []);
  }
}

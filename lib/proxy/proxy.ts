/**
 * # Theory of operation
 *
 * Baton's own port in front of the generations, each of which listens on one of its own. `serve.ts` reads who
 * connects; `router.ts` knows who serves, and whoever comes while nobody does waits there; `exchange.ts` takes
 * one request there and its answer back, `tunnel.ts` bytes that are no HTTP/1, or are none any more.
 *
 * Supervision tells by the `Gateway` who serves and who is to stop; `note` tells what baton tells people. Loaded
 * only where a proxy was asked for.
 */
import type { Gateway } from "../act/gateway.ts";
import { cannotListen, ipAddressOf } from "../act/cannot_listen.ts";
import { messageOf } from "../errors.ts";
import { type Platform, PlatformError, type TcpConnection } from "../platform/platform.ts";
import { formatListenAddress } from "../configure/listen_address.ts";
import type { Item } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { Reading } from "../state/envelope.ts";
import { EventFeed } from "./browser/event_feed.ts";
import { askForPage } from "./browser/ask_for_page.ts";
import { injectScript, scriptTag } from "./browser/inject.ts";
import { revalidated } from "./browser/revalidate.ts";
import { type Actions, ownPages } from "./browser/own_pages.ts";
import { type Field, type RequestHead, valuesOf } from "./head.ts";
import { mostConnections } from "./most_connections.ts";
import { isOwnHost } from "./own.ts";
import { Router } from "./router.ts";
import type { Rewrite } from "./seams.ts";
import { serve } from "./serve.ts";
import { Turns } from "./turns.ts";

/** Begins what is told of a connection that ended by a fault of baton's own. */
export const FAULT = "A connection was closed by a fault of baton's own, which please report";

/** A proxy that listens. */
export interface Proxy extends Gateway {
  /** Where it listens: `127.0.0.1:8000`. */
  readonly address: string;
  readonly port: number;
  /** Is told everything that baton tells. */
  note(item: Item): void;
  /** These files changed, which only the browser uses. */
  noteAssets(paths: readonly string[]): void;
  /** Closes everything; resolves once nobody is served any more. */
  close(): Promise<void>;
}

/** What it takes from the rest of the run, and tells it. */
export interface ProxyOptions {
  readonly settings: Pick<Settings, "holdMs" | "proxyHosts" | "inject"> & {
    readonly proxy: NonNullable<Settings["proxy"]>;
  };
  readonly actions: Actions;
  /** What is kept, newest first. */
  states(): readonly Reading[];
  warn(what: string): void;
}

/** Listens where it was asked for. Throws `BatonError` where that cannot be. */
export async function openProxy(
  platform: Platform,
  { settings, actions, states, warn }: ProxyOptions,
): Promise<Proxy> {
  const { proxy, holdMs, proxyHosts, inject } = settings;
  const router = new Router(platform);
  const run = platform.randomId();
  const feed = new EventFeed(platform, run, states);
  const about = (generation: number) => ({
    ...{ run, generation },
    assets: feed.overview.assets.count,
  });
  const forbidding = new Set<string>();
  const onForbidden = (why: string) => {
    if (forbidding.has(why)) return;
    forbidding.add(why);
    warn(`Left a page without baton's script: ${why}`);
  };
  let strange: string | null = null;
  const rewrite: Rewrite = (request, response, generation) => {
    const options = { about: about(generation), decompress: platform.decompress, onForbidden };
    const rewriting = injectScript(request, response, options);
    if (rewriting === null || isOwnHost(request, proxyHosts)) return rewriting;
    // The name of the first, as anybody may make up others.
    strange ??=
      `it was asked for as "${valuesOf(request.fields, "host")[0]}", where baton answers ` +
      'for itself if "--proxy-host" says so';
    onForbidden(strange);
    return null;
  };
  const ended = new AbortController();
  const open = new Map<TcpConnection, Promise<void>>();
  const options = {
    platform,
    router,
    turns: new Turns(platform.clock),
    page: {
      troubles: () => feed.troubles,
      scriptTag: (isAnswer: boolean) =>
        inject ? scriptTag(about(feed.overview.generation), null, isAnswer) : "",
    },
    holdMs,
    hosts: proxyHosts,
    own: ownPages({ feed, actions, token: platform.randomId() }),
    ask: inject ? askForPage : (request: RequestHead) => request,
    tell: inject ? revalidated : (fields: readonly Field[]) => fields,
    rewrite: inject ? rewrite : () => null,
    waiting: new Set<TcpConnection>(),
    signal: ended.signal,
  };
  const most = mostConnections(platform);
  const accept = (connection: TcpConnection) => {
    if (open.size >= most) {
      // Else a few thousand that say nothing would keep everybody out.
      const [longest] = options.waiting;
      if (longest === undefined) return connection.destroy();
      options.waiting.delete(longest);
      longest.destroy();
    }
    const served = serve(options, connection)
      .catch((error) => warn(`${FAULT}: ${messageOf(error)}`)) // The program is not to end for it.
      .then(() => void open.delete(connection));
    open.set(connection, served);
  };
  const host = await ipAddressOf(platform, proxy, "--proxy");
  const listener = listen(platform, { ...proxy, host }, accept);
  return {
    address: formatListenAddress({ kind: "tcp", host, port: listener.port }),
    port: listener.port,
    portOf: (generation) => router.portOf(generation),
    started: (generation) => router.started(generation),
    route: (generation) => router.route(generation),
    leave: (generation) => router.leave(generation),
    drain: (generation, onDrained) => router.drain(generation, onDrained),
    gone: (generation) => router.gone(generation),
    note: (item) => feed.note(item),
    noteAssets: (paths) => feed.noteAssets(paths),
    async close() {
      ended.abort();
      listener.close();
      router.close();
      for (const connection of open.keys()) connection.destroy();
      await Promise.all(open.values());
    },
  };
}

function listen(
  platform: Platform,
  address: NonNullable<Settings["proxy"]>,
  accept: (connection: TcpConnection) => void,
) {
  try {
    return platform.tcp.listen(address.host, address.port, accept);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw cannotListen(platform, "--proxy", address, address, error);
  }
}

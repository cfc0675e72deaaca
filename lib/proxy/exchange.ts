/**
 * # Theory of operation
 *
 * One request: it waits until somebody serves, is sent there, and the answer comes back. The body of the
 * request goes on its way while the answer is waited for, which may come first: `Expect: 100-continue` needs
 * nothing more. Bodies pass as they are, followed by a scanner to where they end; each part is written before the
 * next is read, so a slow side slows the other down.
 */
import type { Platform } from "../platform/platform.ts";
import { type Answer, send } from "./answer.ts";
import type { Client } from "./client.ts";
import { requestFields, upgradeOf } from "./fields.ts";
import { type Framing, requestFraming, responseFraming } from "./framing.ts";
import {
  bytesOf,
  formatRequest,
  parseResponse,
  type RequestHead,
  type ResponseHead,
} from "./head.ts";
import { CutOff, Malformed } from "./malformed.ts";
import { failurePage, heldPage, type PageSource } from "./page.ts";
import { formatPlainRequest, plainResponse } from "./plain.ts";
import { RequestBody } from "./request_body.ts";
import { respond } from "./response.ts";
import type { Router } from "./router.ts";
import { scannerOf } from "./scanner.ts";
import type { Ask, Rewrite, Tell } from "./seams.ts";
import type { Tunnel } from "./tunnel.ts";
import type { Turns } from "./turns.ts";
import type { Target, Upstream } from "./upstream.ts";

/** What requests are served with. */
export interface ExchangeOptions {
  readonly platform: Pick<Platform, "clock" | "tcp">;
  readonly router: Router;
  readonly turns: Turns;
  readonly page: PageSource;
  readonly holdMs: number;
  readonly ask: Ask;
  readonly tell: Tell;
  readonly rewrite: Rewrite;
}

/** Once it was sent, it may have been what ended the program. */
const MOST_TRIES = 3;
/** Who has said all may still listen (`nc -N`), which cannot be told from who is gone. */
const HALF_CLOSED_MS = 1_000;
const SAFE = ["GET", "HEAD", "OPTIONS"];

const NO_ANSWER = "The connection to the program ended before it had answered";

/** Nothing came that could be passed on. */
class Unanswered extends Error {
  /** `isCutOff`: the connection has ended, which another may not do. */
  constructor(readonly why: string, readonly isCutOff = false) {
    super(why);
  }
}

/** What comes after a request: the next one, nothing, or bytes both ways. */
export type Sequel = "next" | "end" | Tunnel;

/** Serves one request. */
export async function exchange(
  options: ExchangeOptions,
  client: Client,
  request: RequestHead,
): Promise<Sequel> {
  const { platform, router, turns, page, holdMs } = options;
  if (request.method === "CONNECT") throw new Malformed("CONNECT is for other proxies", 501);
  const body = new RequestBody(client, scannerOf(requestFraming(request)));
  const until = platform.clock.now() + holdMs;
  const isSafe = SAFE.includes(request.method);
  for (let tries = 1;;) {
    const turn = turns.next();
    if (turn !== null) await turn;
    const target = router.current ?? await router.serving(until, client.gone());
    if (client.source.isOver) return "end";
    const isLate = () => platform.clock.now() >= until;
    if (target === null) {
      if (!isLate()) continue;
      return await refuse(client, request, body, heldPage(request, page, holdMs));
    }
    const [endAtTarget, endTurn] = [target.begin(), turns.begin()];
    const end = () => {
      endAtTarget();
      endTurn();
    };
    try {
      const upstream = (isSafe ? target.idle() : null) ?? await target.connect().catch(() => null);
      if (upstream !== null) {
        return await attempt(options, client, request, body, target, upstream, end);
      }
      if (isLate()) return await refuse(client, request, body, heldPage(request, page, holdMs));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (client.source.isOver) return "end";
      const mayRepeat = isSafe && !body.wasTouched && error.isCutOff;
      if (!mayRepeat || tries++ === MOST_TRIES) {
        return await refuse(client, request, body, failurePage(request, page, error.why));
      }
      continue;
    } finally {
      end();
    }
    await router.pause(client.gone());
  }
}

async function refuse(
  client: Client,
  { method }: RequestHead,
  body: RequestBody,
  page: Answer,
): Promise<Sequel> {
  const close = !body.isDone;
  await send(client, page, { method, close });
  return close ? "end" : "next";
}

async function attempt(
  options: ExchangeOptions,
  client: Client,
  request: RequestHead,
  body: RequestBody,
  target: Target,
  upstream: Upstream,
  end: () => void,
): Promise<Sequel> {
  const { connection, source } = upstream;
  let isOver = false;
  let cancel = () => {};
  const cutOff = () => {
    if (!isOver) connection.destroy();
  };
  try {
    const sending = body.send(
      connection,
      bytesOf(asPassedOn(request, options.ask, client.connection.peer)),
    );
    const cutOffSoon = () => {
      if (client.source.isOver) cancel = options.platform.clock.after(HALF_CLOSED_MS, cutOff);
    };
    const heed = () => {
      if (!isOver) client.source.heed(cutOffSoon);
    };
    if (body.isDone) heed();
    else sending.then(heed, cutOff);
    const isUpgrading = upgradeOf(request) !== null;
    for (;;) {
      await source.ahead();
      const text = source.headAtHand(false) ?? await source.head(false).catch(nothing);
      if (text === null) throw body.failure ?? new Unanswered(NO_ANSWER, true);
      const [head, framing] = read(text, request);
      if (head.status === 101) {
        if (!isUpgrading) {
          throw new Unanswered(noHttp(new Malformed("Nobody asked for an upgrade")));
        }
        await client.connection.write(bytesOf(`${text}\r\n\r\n`));
        await sending; // What it speaks begins after the body (RFC 9110, 7.8).
        isOver = true;
        return { upstream, target };
      }
      if (head.status < 200) {
        const isKnown = request.version === "1.1"; // RFC 9110, 15.2
        if (isKnown) await client.connection.write(bytesOf(`${text}\r\n\r\n`));
        continue;
      }
      const answered = await respond(
        options,
        client,
        request,
        head,
        framing,
        upstream,
        target,
        end,
      );
      if (answered.isReusable && body.isDone) {
        isOver = true;
        target.keep(upstream);
      }
      return answered.isPersistent && body.isDone ? "next" : "end";
    }
  } finally {
    client.source.heed(null);
    cancel();
    cutOff();
    isOver = true;
  }
}

/** Null where the program is gone, which has said nothing that is worth passing on. */
function nothing(error: unknown): null {
  if (error instanceof Malformed) throw new Unanswered(noHttp(error));
  if (error instanceof CutOff) throw new Unanswered(noHttp(error), true);
  if (!(error instanceof Error)) throw error;
  return null;
}

function asPassedOn(request: RequestHead, ask: Ask, peer: string): string {
  if (request.plain !== undefined) return formatPlainRequest(request, request.plain, peer);
  return formatRequest({ ...request, fields: requestFields(ask(request), peer) });
}

function read(text: string, { method }: RequestHead): [ResponseHead, Framing] {
  try {
    const head = plainResponse(text) ?? parseResponse(text);
    return [head, responseFraming(method, head)];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Unanswered(noHttp(error));
  }
}

function noHttp({ message }: Error): string {
  return `What the program answers is no HTTP: ${message}`;
}

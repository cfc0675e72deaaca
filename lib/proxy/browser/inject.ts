/**
 * # Theory of operation
 *
 * A page gets one script tag, as its first: before anything of the page's own, so that a framework that takes the
 * document over finds it gone again (the script removes its tag). What is no page of its own (a fragment that a
 * script asked for, a download, a part of a file) is left as it is, and so is one whose policy forbids scripts.
 */
import { Parser } from "htmlparser2";
import { type RequestHead, type ResponseHead, valuesOf } from "../head.ts";
import type { Rewriting } from "../seams.ts";
import type { Decompress, Encoding } from "../../platform/platform.ts";
import { SCRIPT_INTEGRITY } from "./assets.ts";
import { DECODABLE, isForPage } from "./ask_for_page.ts";
import { allowScript } from "./policy.ts";

/** What the tag tells the script: the version that answered, and how many assets had changed. */
export interface TagFacts {
  readonly run: string;
  readonly generation: number;
  readonly assets: number;
}

export interface InjectOptions {
  readonly decompress: Decompress;
  readonly about: TagFacts;
  /** A policy forbids the script; `why` is the same each time for the same policy. */
  onForbidden(why: string): void;
}

/** The script, as pages ask for it. */
export const SCRIPT_PATH = "/_baton/client.js";

/** White space, or a byte order mark, read byte by byte. */
const IS_BLANK = /^[\s\u00ef\u00bb\u00bf]*$/;

/** The byte order marks of UTF-16, in which the tag would be something else, and of UTF-8, which has to come first. */
const WIDE = [[0xff, 0xfe], [0xfe, 0xff]];
const UTF_8 = [0xef, 0xbb, 0xbf];

/** Where no place was found by then, there is none. */
const LOOK_BYTES = 65_536;

/**
 * These say what the body is, byte for byte, and it is another one. By the two that tell whether it has changed a
 * browser would get an old tag for good.
 */
const OF_THE_OLD_BODY = [
  "etag",
  "last-modified",
  "content-encoding",
  "content-md5",
  "digest",
  "content-digest",
  "repr-digest",
];

/** How this answer gets the script tag; null where it is left as it is. */
export function injectScript(
  request: RequestHead,
  response: ResponseHead,
  options: InjectOptions,
): Rewriting | null {
  if (!isPage(request, response)) return null;
  const { fields } = response;
  const encodings = valuesOf(fields, "content-encoding").flatMap((value) => value.split(","))
    .map((name) => name.trim().toLowerCase()).filter((name) => name !== "" && name !== "identity");
  if (!isDecodable(encodings)) return null;
  const allowed = allowScript(fields, request.fields);
  if (typeof allowed === "string") {
    options.onForbidden(allowed);
    return null;
  }
  const tag = new TextEncoder().encode(
    scriptTag(options.about, allowed.nonce, request.method !== "GET"),
  );
  return {
    fields: allowed.fields.filter(([name]) => !OF_THE_OLD_BODY.includes(name.toLowerCase())),
    body: (parts) => {
      const finder = new PlaceFinder(isForPage(request.fields) ?? false);
      return withTag(decompressed(parts, encodings, options.decompress), tag, finder);
    },
  };
}

function isPage({ method, fields: asked }: RequestHead, { status, fields }: ResponseHead): boolean {
  if (method === "HEAD" || status === 206 || status === 204 || status === 304) return false;
  const type = valuesOf(fields, "content-type").at(-1)?.toLowerCase() ?? "";
  if (!/^text\/html\s*(;|$)/.test(type) || /charset\s*=\s*"?utf-(16|32)/.test(type)) return false;
  if (valuesOf(fields, "content-disposition").some((value) => /^\s*attachment/i.test(value))) {
    return false;
  }
  return isForPage(asked) ?? true;
}

function isDecodable(encodings: readonly string[]): encodings is readonly Encoding[] {
  return encodings.every((name) => DECODABLE.includes(name));
}

function decompressed(
  parts: AsyncIterable<Uint8Array>,
  encodings: readonly Encoding[],
  decompress: Decompress,
): AsyncIterable<Uint8Array> {
  return encodings.toReversed().reduce((body, encoding) => decompress(encoding, body), parts);
}

/**
 * The tag, with the nonce of the page's policy where that asks for one; `isAnswer`: the page answers what was sent,
 * which is not to be sent again.
 */
export function scriptTag(
  { run, generation, assets }: TagFacts,
  nonce: string | null,
  isAnswer = false,
): string {
  const nonced = nonce === null ? "" : ` nonce="${nonce}"`;
  const proof = `crossorigin integrity="${SCRIPT_INTEGRITY}"${nonced}`;
  const data = `data-run="${run}" data-generation="${generation}" data-assets="${assets}"`;
  const sent = isAnswer ? " data-sent" : "";
  // One address a run: it is asked for once, and not again at each reload.
  return `<script src="${SCRIPT_PATH}?${run}" ${data}${sent} ${proof}></script>`;
}

/** The page with the tag in the place for it; as it is where it has none. */
async function* withTag(
  parts: AsyncIterable<Uint8Array>,
  tag: Uint8Array,
  finder: PlaceFinder,
): AsyncGenerator<Uint8Array> {
  const kept: Uint8Array[] = [];
  let length = 0;
  let isDone = false;
  for await (const part of parts) {
    if (isDone) {
      yield part;
      continue;
    }
    kept.push(part.slice());
    length += part.length;
    finder.feed(part);
    if ((!finder.isOver || length < UTF_8.length) && length < LOOK_BYTES) continue;
    isDone = true;
    yield* inserted(joined(kept, length), finder.place, tag);
  }
  if (!isDone) yield* inserted(joined(kept, length), finder.place, tag);
}

function* inserted(page: Uint8Array, at: number | null, tag: Uint8Array): Generator<Uint8Array> {
  const isWide = WIDE.some((mark) => mark.every((byte, index) => page[index] === byte));
  if (at === null || isWide) return yield page;
  const place = Math.max(at, UTF_8.every((byte, index) => page[index] === byte) ? UTF_8.length : 0);
  yield page.subarray(0, place);
  yield tag;
  yield page.subarray(place);
}

/**
 * Finds the place for a script before all others: after `<head>`, or before what stands for it in a page without.
 * Every encoding but UTF-16 has ASCII for what tags are made of, so bytes are read as characters one to one.
 */
class PlaceFinder {
  #at: number | null = null;
  /** After what a document begins with; a fragment begins with something else, and is a page where it is shown as one. */
  #fallback: number | null;
  #isOver = false;
  readonly #decoder = new TextDecoder("latin1");
  readonly #parser = new Parser({
    onprocessinginstruction: (name) => {
      if (name.toLowerCase() === "!doctype") this.#fallback = this.#parser.endIndex + 1;
    },
    onopentag: (name) => {
      if (this.#isOver) return;
      if (name === "html") {
        this.#fallback = this.#parser.endIndex + 1;
      } else if (name === "head") {
        this.#settle(this.#parser.endIndex + 1);
      } else {
        // The head begins by itself. Where no document has begun before, this is a fragment.
        this.#settle(this.#fallback);
      }
    },
    ontext: (text) => {
      if (!IS_BLANK.test(text) && !this.#isOver) this.#settle(this.#fallback);
    },
  }, { decodeEntities: false, recognizeSelfClosing: false });

  constructor(isShown: boolean) {
    this.#fallback = isShown ? 0 : null;
  }

  feed(part: Uint8Array): void {
    if (!this.#isOver) this.#parser.write(this.#decoder.decode(part, { stream: true }));
  }

  /** Whether nothing that comes can change it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Where the script goes, as far as is known by now; null where this is no document. */
  get place(): number | null {
    return this.#isOver ? this.#at : this.#fallback;
  }

  #settle(at: number | null): void {
    this.#isOver = true;
    this.#at = at;
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

import { once } from "../once.ts";
import type { Platform } from "../platform/platform.ts";

type Hmac = Platform["hmac"];

/**
 * Seals what baton writes down with this user's key, so that nobody who lacks the key can have written it,
 * and no byte of it can change unseen.
 */
export class Sealer {
  readonly #hmac: Hmac;
  readonly #key: string;
  readonly #older: () => readonly string[];

  /** What was sealed with one of the keys `older` is believed, too: they are asked for where this one does not fit. */
  constructor(hmac: Hmac, key: string, older: () => readonly string[] = () => []) {
    this.#hmac = hmac;
    this.#key = key;
    this.#older = older;
  }

  /** One whose seals count for this place alone: what is sealed for another is no more believed than what nobody sealed. */
  boundTo(place: string): Sealer {
    const bound = (key: string) => this.#hmac(key, place);
    return new Sealer(this.#hmac, bound(this.#key), once(() => this.#older().map(bound)));
  }

  /** `content` as JSON with a seal in it. What was sealed for one purpose does not pass for another. */
  seal(purpose: string, content: object): string {
    return this.#sealWith(this.#key, purpose, content);
  }

  /** What `seal` was given; null where the text is not what it wrote for this purpose. */
  open(purpose: string, text: string): unknown {
    const parsed = parse(text);
    if (typeof parsed !== "object" || parsed === null) return null;
    const { seal: _, ...content } = parsed as Record<string, unknown>;
    const isSealed = (key: string) => this.#sealWith(key, purpose, content) === text;
    return isSealed(this.#key) || this.#older().some(isSealed) ? content : null;
  }

  #sealWith(key: string, purpose: string, content: object): string {
    const seal = this.#hmac(key, `${purpose}\n${JSON.stringify(content)}`);
    return JSON.stringify({ ...content, seal });
  }
}

/** Undefined where it is no JSON: cut short, or somebody else's. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

import { RESTART_SIGNALS, type RestartSignal } from "../settings.ts";
import { type Kind, kind } from "./kind.ts";

const expected = '"HUP", "USR1" or "USR2"';

function parse(text: unknown): RestartSignal | undefined {
  const name = typeof text === "string" ? text.replace(/^SIG/, "") : null;
  return RESTART_SIGNALS.find((signal) => signal === name);
}

/** A signal that asks for a restart, with or without `SIG`; null for none. */
export const restartSignal: Kind<RestartSignal | null> = kind(
  "text",
  (written) => written === null ? null : parse(written),
  (z) =>
    z.codec(
      z.string({ error: expected }).nullable(),
      z.custom<RestartSignal>().nullable(),
      {
        decode(text, context) {
          const signal = text === null ? null : parse(text);
          if (signal === undefined) {
            context.issues.push({ code: "custom", message: expected, input: text });
          }
          return signal ?? null;
        },
        encode: (signal) => signal,
      },
    ),
);

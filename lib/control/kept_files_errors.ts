import { BatonError } from "../errors.ts";

/** The files of that version, or some of their contents, are there no more. */
export function notKept(): BatonError {
  return new BatonError({
    what: "Cannot put the files back: what they held then is not kept",
    next: '"--keep-files" keeps it from when baton is started with it; what is oldest goes first',
  });
}

/** A file that is not kept differs from what it was. */
export function notAlone(path: string): BatonError {
  return new BatonError({
    what: `Cannot put the files back: "${path}" has changed, too, and is not kept`,
    next:
      "Put it back by hand: links, files over 4 MiB and what is outside of the project are not kept",
  });
}

/** Something is where a file is to be put back. */
export function inTheWay(path: string, isInProject: boolean): BatonError {
  const what = isInProject ? "what is there now is not kept" : "it is behind a link";
  return new BatonError({
    what: `Cannot put "${path}" back: ${what}`,
    next: "Move it away, and try again",
  });
}

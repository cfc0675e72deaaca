import { AS_USERS_HAVE_IT, INJECTED, PYTHON } from "../../support/running.ts";
import type { Language } from "./parked_program.ts";

const packages = new URL("../packages/", import.meta.url).pathname.slice(0, -1);

/** Statements come before it writes what it sees, with `out`. */
export const python: Language = {
  main: "app.py",
  program: (statements) =>
    `out = None\n${statements}\nimport saved_state\nsaved_state.write(out)\n`,
  command: [PYTHON, "app.py"],
  env: { ...AS_USERS_HAVE_IT, PYTHONPATH: `${INJECTED}:${packages}` },
  files: {},
  others: [],
};

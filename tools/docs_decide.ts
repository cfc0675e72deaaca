/**
 * Makes the parts of `docs/states.md`: the states, the table and the diagram. With `--check` it writes
 * nothing and fails where the page is not up to date.
 */
import { COLUMNS, TABLE } from "../lib/decide/table.ts";
import { STATES } from "../lib/decide/state.ts";
import { ignore } from "../lib/decide/transition.ts";
import { findEdges } from "../tests/decide/edges.ts";
import { between } from "./docs_configure.ts";
import { table } from "./markdown_table.ts";
import { writeGenerated } from "./write_generated.ts";

function states(): string {
  const rows = Object.entries(STATES).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return table(["state", "meaning"], rows);
}

function answers(): string {
  const rows = Object.entries(TABLE).map(([event, row]) => [
    `\`${event}\``,
    ...row.map((answer) => answer as unknown === ignore ? "·" : answer.name),
  ]);
  return table(["event", ...COLUMNS], rows);
}

function diagram(): string {
  const edges = [...findEdges()].map(([edge, events]) =>
    `    ${edge}: ${[...events].sort().join(", ")}`
  );
  return ["```mermaid", "stateDiagram-v2", "    [*] --> idle", ...edges.sort(), "```"].join("\n");
}

/** `docs/states.md` with its generated parts made anew. */
export function renderStatesPage(page: string): string {
  const withStates = between(page, "states", states());
  return between(between(withStates, "table", answers()), "diagram", diagram());
}

if (import.meta.main) {
  const page = new URL("../docs/states.md", import.meta.url);
  writeGenerated([[page, renderStatesPage(Deno.readTextFileSync(page))]]);
}

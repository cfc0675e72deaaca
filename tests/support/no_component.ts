import { assertEquals } from "@std/assert";
import { Baton, Project } from "../e2e/baton.ts";
import type { Counting } from "./counts_under_load.ts";
import { freePort } from "./free_port.ts";

/** A real program that takes part, and whose server is no component, is told of, with its client and port. */
export async function tellsOfNoComponent(
  { files, command, prepare = () => {} }: Omit<Counting, "edited">,
  client: string,
): Promise<void> {
  using project = new Project(files);
  prepare(project.dir);
  const port = freePort();
  await using baton = new Baton(project, command(port));
  const told = await baton.event("no-component", () => true, { withinMs: 60_000 });
  assertEquals([told.generation, told.client.split("/")[0], told.listens], [1, client, [
    `port ${port}`,
  ]]);
}

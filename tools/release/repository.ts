/**
 * Where the source and the releases are: the repository that a workflow of GitHub runs for. Elsewhere there is none,
 * and what is made names no place that somebody else may own.
 */
export function repository(): string | null {
  const name = Deno.env.get("GITHUB_REPOSITORY");
  return name ? `${Deno.env.get("GITHUB_SERVER_URL") ?? "https://github.com"}/${name}` : null;
}

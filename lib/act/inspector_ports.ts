/** Node's and Deno's, and Bun's. */
const DEFAULT_PORTS = [9_229, 6_499];
const OPTION = /(?:^|\s)--inspect(?:-brk|-wait|-port)?(?:=(?:\S*:)?(\d+))?(?=[\s/]|$)/g;

/** The ports at which a debugger can reach a program; `any` where an editor chooses one for each process. */
export function inspectorPorts(
  command: string,
  env: Readonly<Record<string, string>>,
): readonly number[] | "any" {
  if (env.VSCODE_INSPECTOR_OPTIONS) return "any";
  const options = [...`${command} ${env.NODE_OPTIONS ?? ""}`.matchAll(OPTION)];
  return options.flatMap(([, port]) => port === undefined ? DEFAULT_PORTS : [Number(port)]);
}

/** Virtual environments of Python, made on first use and kept in this user's cache. */
import { keptFolder, succeeds } from "./kept_folder.ts";

/** The folder of its programs; null where it cannot be made, which is said. */
export async function pythonEnvironment(
  name: string,
  packages: readonly string[],
): Promise<string | null> {
  const folder = await keptFolder(
    name,
    packages,
    "PyPI",
    async (folder) =>
      await succeeds("python3", ["-m", "venv", folder]) &&
      await succeeds(`${folder}/bin/pip`, ["install", "--quiet", ...packages]),
  );
  return folder === null ? null : `${folder}/bin`;
}

/** That of servers which take a socket; null where it cannot be had, which is said. */
export function pythonServers(): Promise<string | null> {
  return pythonEnvironment("servers", ["uvicorn", "httptools", "gunicorn", "flask"]);
}

/** That of the programs that tests and benchmarks park; null where it cannot be had, which is said. */
export function pythonFrameworks(): Promise<string | null> {
  return pythonEnvironment("frameworks", [
    "uvicorn",
    "fastapi",
    "flask",
    "sqlalchemy",
    "django",
    "gunicorn",
    "numpy",
    "pandas",
    "requests",
  ]);
}

/** The `manage.py` that Django writes, of a project whose settings are in `site_settings.py`. */
export const MANAGE_PY = `import os, sys
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`;

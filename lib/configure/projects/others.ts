/** Projects of scripts, and those that say themselves how they are run. */
import { first, type Kind, type Way } from "./folder.ts";
import { fieldsOf, taskOf, unwatched } from "./tasks.ts";

export const deno: Kind = (folder, found): Way => {
  const tasks: Readonly<Record<string, unknown>> = Object(fieldsOf(folder, found).tasks);
  const ext = ["ts", "tsx", "js", "jsx", "json"];
  const task = taskOf(tasks);
  const plain = task === "dev" ? null : unwatched(tasks.dev, []);
  if (plain !== null) return { command: plain, ext };
  if (task !== undefined) return { command: ["deno", "task", task], ext };
  const main = first(folder, ["main.ts", "server.ts", "src/main.ts", "mod.ts"]);
  return { command: main === undefined ? [] : ["deno", "run", "-A", main], ext };
};

export const ruby: Kind = (folder): Way => {
  const ext = ["rb", "erb", "ru", "yml"];
  const bundle = folder.has("Gemfile") ? ["bundle", "exec"] : [];
  if (folder.has("bin/rails")) return { command: ["bin/rails", "server"], ext };
  const isPuma = /\bpuma\b/.test(folder.read("Gemfile") ?? "") || folder.has("config/puma.rb");
  if (folder.has("config.ru")) return { command: [...bundle, isPuma ? "puma" : "rackup"], ext };
  const main = first(folder, ["app.rb", "main.rb", "server.rb"]);
  return { command: main === undefined ? [] : [...bundle, "ruby", main], ext };
};

export const php: Kind = (folder): Way => {
  const ext = ["php", "json"];
  if (folder.has("artisan")) return { command: ["php", "artisan", "serve"], ext };
  const index = first(folder, ["public/index.php", "index.php"]);
  if (index === undefined) return { command: [], ext };
  const root = index === "index.php" ? [] : ["-t", "public"];
  return { command: ["php", "-S", "localhost:8000", ...root], ext };
};

export const perl: Kind = (): Way => ({
  command: ["plackup"],
  ext: ["psgi", "pl", "pm", "ep", "tt"],
});

export const elixir: Kind = (folder, found): Way => {
  const isPhoenix = /:phoenix\b/.test(folder.read(found) ?? "");
  const command = isPhoenix ? ["mix", "phx.server"] : ["mix", "run", "--no-halt"];
  return { command, ext: ["ex", "exs", "heex"] };
};

/** Of a file of rules: `dev:`, `run:`, `serve:` or `start:`, with what `tool` runs it. */
export const rules = (tool: string): Kind => (folder, found): Way => {
  const [, target] =
    /^(dev|run|serve|start)\b(?: [^:\n]*)?:(?!=)/m.exec(folder.read(found) ?? "") ?? [];
  return { command: target === undefined ? [] : [tool, target], ext: [] };
};

export const procfile: Kind = (folder, found): Way => {
  const [, line] = /^(?:web|app|dev) *: *(\S.*?) *$/m.exec(folder.read(found) ?? "") ?? [];
  if (line === undefined) return { command: [], ext: [] };
  const isPlain = /^[\w./:@,+ -]+$/.test(line);
  return { command: isPlain ? line.split(/ +/) : [line], ext: [] };
};

export const compose: Kind = (): Way => ({
  command: [],
  ext: [],
  next:
    'Let "baton" begin the command of the service in it whose files are edited, or set "command" here',
});

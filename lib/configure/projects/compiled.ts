/** Projects that are built before they run. */
import type { Folder, Kind, Way } from "./folder.ts";

const isMain = (folder: Folder, under: string) =>
  folder.list(under).some((name) =>
    /\.go$/.test(name) && !/_test\.go$/.test(name) &&
    /^package main\b/m.test(folder.read(`${under}/${name}`) ?? "")
  );

export const go: Kind = (folder): Way => {
  const commands = folder.list("cmd").map((name) => `./cmd/${name}`);
  const mains = [".", ...commands].filter((each) => isMain(folder, each));
  const main = mains.includes(".") || mains.length === 1 ? mains[0]! : null;
  return { command: main === null ? [] : ["go", "run", main], ext: ["go", "mod", "html", "tmpl"] };
};

/** A workspace alone does not say which of its packages is run. */
export const rust: Kind = (folder, found): Way => {
  const text = folder.read(found) ?? "";
  const isOne = /^\[package\]/m.test(text) || !/^\[workspace\]/m.test(text);
  return { command: isOne ? ["cargo", "run"] : [], ext: ["rs", "toml"] };
};

/** The wrapper that a project brings, else the tool on PATH. */
function java(folder: Folder, tool: string, wrapper: string, goals: readonly string[]): Way {
  const name = folder.has(wrapper) ? `./${wrapper}` : tool;
  const ext = ["java", "kt", "xml", "gradle", "kts", "properties", "yml"];
  return { command: goals.length === 0 ? [] : [name, ...goals], ext };
}

export const maven: Kind = (folder, found): Way => {
  const text = folder.read(found) ?? "";
  const goals = text.includes("spring-boot-maven-plugin")
    ? ["spring-boot:run"]
    : text.includes("quarkus-maven-plugin")
    ? ["quarkus:dev"]
    : /exec-maven-plugin|exec\.mainClass/.test(text)
    ? ["-q", "compile", "exec:java"]
    : [];
  return java(folder, "mvn", "mvnw", goals);
};

export const gradle: Kind = (folder, found): Way => {
  const text = folder.read(found) ?? "";
  const goals = text.includes("org.springframework.boot")
    ? ["bootRun"]
    : /\bapplication\b/.test(text)
    ? ["run"]
    : [];
  return java(folder, "gradle", "gradlew", goals);
};

/**
 * What a glob in .gitignore syntax names, of paths as baton tells them: one without a slash by its name, others from
 * the working directory; a folder with all that is in it.
 */
export function globPattern(glob: string): RegExp {
  const text = glob.replace(/^\.?\//, "").replace(/\/$/, "");
  const isAnchored = glob.replace(/\/$/, "").includes("/");
  let pattern = isAnchored ? "^" : "^(?:.*/)?";
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at);
    const special = /^(?:\*\*\/|\/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.)/.exec(rest)?.[0];
    if (special === undefined) pattern += escaped(text[at]!);
    else pattern += translated(special);
    at += (special ?? "x").length - 1;
  }
  return new RegExp(`${pattern}${glob.endsWith("/") ? "/.*" : "(?:/.*)?"}$`, "s");
}

function translated(special: string): string {
  if (special === "**/") return "(?:.*/)?";
  if (special === "/**") return "/.*";
  if (special.startsWith("*")) return "[^/]*";
  if (special === "?") return "[^/]";
  if (special.startsWith("\\")) return escaped(special[1]!);
  return special.replace(/^\[[!^]/, "[^").replaceAll("\\", "\\\\").replace(/^(\[\^?)\]/, "$1\\]");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

import { type IgnoreFile, type IgnoreRules, MOST_COST } from "./ignore_rules.ts";

/** The rules that hold in one folder, the nearest first: the first that says something of an entry decides. */
export class IgnoreChain {
  constructor(readonly rules: readonly IgnoreRules[] = []) {}

  /** What further rules may cost. */
  get costLeft(): number {
    return this.rules.reduce((left, { cost }) => left - cost, MOST_COST);
  }

  /** `inner` decides before this. */
  within(inner: IgnoreRules): IgnoreChain {
    return new IgnoreChain([inner, ...this.rules]);
  }

  /** The files in one folder that they are from. */
  *filesIn(folder: string): Iterable<IgnoreFile> {
    for (const { base, file } of this.rules) if (base === folder && file !== null) yield file;
  }

  ignores(path: string, isFolder: boolean): boolean {
    for (const rules of this.rules) {
      const verdict = rules.verdict(path, isFolder);
      if (verdict !== null) return verdict;
    }
    return false;
  }
}

/** What became of a run of tests; steps count as tests. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts a JUnit report of `deno test`. A file that cannot even be loaded is in no report: where the run
 * failed and no test did, that is one failure.
 */
export function countTests(report: string, runSucceeded: boolean): Counts {
  let tests = 0;
  let failures = 0;
  let skipped = 0;
  for (const [, attributes] of report.matchAll(/^\s*<testsuite (.*)>$/gm)) {
    const number = (name: string) => Number(attributes!.match(` ${name}="(\\d+)"`)?.[1] ?? 0);
    tests += number("tests");
    failures += number("failures") + number("errors");
    skipped += number("disabled");
  }
  const failed = failures === 0 && !runSucceeded ? 1 : failures;
  return { passed: tests - failures - skipped, failed, skipped };
}

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The plain closing line: `12 passed, 0 failed` and, where there are any, `, 1 skipped`. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** The names of the tests that failed, each after its file: `./tests/a_test.ts: a count goes on`. */
export function failedTests(report: string): string[] {
  const failures = report.matchAll(
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>\s*<failure/g,
  );
  return [...failures].map(([, name, file]) => `${unescapeXml(file!)}: ${unescapeXml(name!)}`);
}

function unescapeXml(text: string): string {
  const characters = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => characters[name as "lt"]);
}

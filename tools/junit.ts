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

/** The plain closing line: `12 passed, 0 failed` and, where there are any, `, 1 skipped`. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

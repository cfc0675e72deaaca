import { assertEquals } from "@std/assert";
import { closingLine, countTests, failedTests } from "../../tools/junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="8" failures="2" errors="0" time="0.120">
    <testsuite name="./a_test.ts" tests="5" disabled="1" errors="0" failures="2">
        <testcase name="tests=&quot;9&quot;">
        </testcase>
    </testsuite>
    <testsuite name="./b_test.ts" tests="3" disabled="0" errors="0" failures="0">
    </testsuite>
</testsuites>
`;

Deno.test("the tests of every file are counted", () => {
  assertEquals(countTests(REPORT, false), { passed: 5, failed: 2, skipped: 1 });
  assertEquals(closingLine(countTests(REPORT, false)), "5 passed, 2 failed, 1 skipped");
});

Deno.test("a run that fails without a failing test is a failure", () => {
  assertEquals(countTests("", false), { passed: 0, failed: 1, skipped: 0 });
  assertEquals(closingLine(countTests("", true)), "0 passed, 0 failed");
});

Deno.test("the tests that failed are named, with the characters of XML in plain", () => {
  const report = `<testsuite name="./a_test.ts" tests="2" disabled="0" errors="0" failures="1">
        <testcase name="a &lt;b&gt; &amp;amp;" classname="./a_test.ts" time="0.001" line="1" col="6">
            <failure message="x">Error</failure>
        </testcase>
        <testcase name="d" classname="./a_test.ts" time="0.000" line="3" col="6">
        </testcase>
    </testsuite>`;
  assertEquals(failedTests(report), ["./a_test.ts: a <b> &amp;"]);
});

import { openReporter } from "../../lib/report/report.ts";
import type { Item } from "../../lib/report/item.ts";
import type { Settings } from "../../lib/settings.ts";
import { FakePlatform } from "../support/fake_platform.ts";

/** What a reporter writes of these items, in turn; everything unless said otherwise. */
export function said(
  items: readonly Item[],
  settings: Partial<Settings> = {},
  platform = new FakePlatform(),
): string {
  const reporter = openReporter(platform, {
    log: "text",
    verbosity: "verbose",
    clear: false,
    cwd: "/project",
    interactive: false,
    ...settings,
  });
  for (const item of items) reporter.log(item);
  return platform.terminal.err;
}

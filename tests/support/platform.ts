import { selectPlatform } from "../../lib/platform/select.ts";

/** Makes the outside world of the runtime that runs this. */
export const platform = await selectPlatform();

import type { FileEvents } from "../../lib/platform/platform.ts";

/** File events that never come. */
export const noEvents: FileEvents = {
  tellsCloseFromWrite: true,
  watch() {
    const folders = new Set<string>();
    return {
      get watches() {
        return folders.size;
      },
      instances: 1,
      isReopening: false,
      add: (added) => added.forEach((folder) => folders.add(folder)),
      remove: (folder) => folders.delete(folder),
      hear: () => false,
      close: () => Promise.resolve(),
    };
  },
};

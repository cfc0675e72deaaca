"use strict";
/** What an import has the process call: at its exit, say. */

const { on, removeListener, rawListeners, eventNames } = process;

function listeners() {
  return new Map(eventNames.call(process).map((name) => [name, rawListeners.call(process, name)]));
}

/** Those that came, in their order; null where any is gone or has moved. */
function come(before, after) {
  const found = [];
  for (const [name, those] of before) {
    const now = after.get(name) ?? [];
    if (those.some((one, index) => one !== now[index])) return null;
  }
  for (const [name, those] of after) {
    for (const one of those.slice(before.get(name)?.length ?? 0)) found.push([name, one]);
  }
  return found;
}

class Listeners {
  fault = null;
  what = "what the process is to call";

  constructor(added) {
    this.added = added;
  }

  undo() {
    for (const [name, one] of [...this.added].reverse()) {
      removeListener.call(process, name, one.listener ?? one);
    }
  }

  redo() {
    for (const [name, one] of this.added) on.call(process, name, one);
    return true;
  }
}

module.exports = { listeners, come, Listeners };

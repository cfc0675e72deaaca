// The status page: draws what baton sends, and asks it to restart, pause and resume.
(() => {
  "use strict";
  const token = document.querySelector("meta[name=baton-token]").content;
  const STEPS = ["settle", "boot", "ask", "save", "check", "gone", "start"];
  const WIDTH = 1000;
  const HEIGHT = 26;
  const SVG = "http://www.w3.org/2000/svg";
  const $ = (id) => document.getElementById(id);

  $("restart").addEventListener("click", () => act("restart"));
  $("pause").addEventListener("click", ({ currentTarget }) => {
    act(currentTarget.getAttribute("aria-pressed") === "true" ? "resume" : "pause");
  });
  $("legend").append(...STEPS.map((step) => {
    const square = svg("svg", { viewBox: "0 0 10 10" });
    square.append(svg("rect", { width: 10, height: 10, class: step }));
    const item = element("li", {}, step);
    item.prepend(square);
    return item;
  }));

  const source = new EventSource("/_baton/events?details");
  source.onmessage = ({ data }) => show(JSON.parse(data));
  source.onerror = () => {
    $("state").textContent = "No word from baton: it has ended, or is being started";
  };

  async function act(what) {
    const answer = await fetch(`/_baton/${what}`, {
      method: "POST",
      headers: { "X-Baton-Token": token },
    });
    if (answer.ok) return;
    // Baton was started anew, and this page is of the one before.
    if (answer.status === 403) location.reload();
    else $("state").textContent = await answer.text();
  }

  function show(view) {
    const { command, cwd, restarts, states, messages, watched } = view.details;
    document.title = `${view.trouble === null ? "" : "\u26a0 "}baton: ${command.join(" ")}`;
    $("command").textContent = `${command.join(" ")} in ${cwd}`;
    $("state").textContent = stateOf(view);
    $("pause").setAttribute("aria-pressed", String(view.isPaused));
    $("pause").textContent = view.isPaused ? "Resume" : "Pause";
    $("watched").textContent = watched === null ? "Not yet" : watched;
    showTrouble(view.trouble);
    fill("restarts", restarts, restartItem, "None yet");
    fill("states", states, ({ at, text }) => timed(at, text), "None: the program has left none");
    fill("messages", messages, messageItem, "None");
  }

  function stateOf({ phase, generation, since, isPaused, trouble }) {
    const paused = isPaused ? ", paused: changes wait" : "";
    if (phase === "down") return `Nothing runs${paused}`;
    if (since === null) return `Generation 1 is starting${paused}`;
    const broken = trouble === null ? "" : ", the edit after it is broken";
    return `Generation ${generation} serves since ${time(since)}${broken}${paused}`;
  }

  function showTrouble(trouble) {
    const parts = [];
    if (trouble !== null) {
      parts.push(element("p", {}, trouble.what));
      if (trouble.place !== null) {
        parts.push(element("p", {}, `${trouble.place.file}, line ${trouble.place.line}`));
      }
      if (trouble.lines.length > 0) {
        parts.push(element("pre", { tabindex: "0" }, trouble.lines.join("\n")));
      }
      if (trouble.next !== null) parts.push(element("p", {}, trouble.next));
    }
    $("trouble").replaceChildren(...parts);
  }

  function restartItem(restart) {
    const { generation, at, reason, mode, changed, darkMs, totalMs, failure } = restart;
    const row = element("div", { class: "row" });
    const total = totalMs === null ? "" : `, ${ms(totalMs)}`;
    const dark = darkMs === null ? "" : `, dark ${ms(darkMs)}`;
    const what = failure === null
      ? `Generation ${generation}: ${reason}${
        mode === null || mode === reason ? "" : `, ${mode}`
      }${total}${dark}`
      : `Generation ${generation} did not come up: ${failure}`;
    row.append(
      element("time", {}, time(at)),
      element("span", failure === null ? {} : { class: "failed" }, what),
    );
    if (changed.length > 0) row.append(element("span", { class: "files" }, changed.join(", ")));
    const item = element("li", {});
    item.append(row, drawing(restart));
    return item;
  }

  /** One bar: from the first event on, each step in its colour; black below it while nobody served. */
  function drawing({ steps, darkMs, totalMs }) {
    const end = Math.max(totalMs || 0, ...steps.map(({ fromMs, ms }) => fromMs + ms), 1);
    const x = (at) => at / end * WIDTH;
    const label = steps.map(({ name, ms: took }) => `${name} ${ms(took)}`).join(", ");
    const image = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
    });
    for (const { name, fromMs, ms: took } of steps) {
      const bar = svg("rect", {
        x: x(fromMs),
        y: 4,
        width: Math.max(x(took), 1),
        height: 12,
        class: name,
      });
      bar.append(svg("title", {}, `${name} ${ms(took)}`));
      image.append(bar);
    }
    if (darkMs !== null && darkMs > 0) {
      const bar = svg("rect", {
        x: x(Math.max(0, end - darkMs)),
        y: 18,
        width: Math.max(x(darkMs), 1),
        height: 3,
        class: "dark",
      });
      bar.append(svg("title", {}, `dark ${ms(darkMs)}`));
      image.append(bar);
    }
    return image;
  }

  function fill(id, items, render, none) {
    $(id).replaceChildren(
      ...(items.length === 0 ? [element("li", { class: "none" }, none)] : items.map(render)),
    );
  }

  function messageItem({ at, what, next }) {
    const item = timed(at, what);
    if (next !== null) item.append(element("div", { class: "none" }, `Next: ${next}`));
    return item;
  }

  function timed(at, text) {
    const item = element("li", {});
    item.append(element("time", {}, time(at)), element("span", {}, text));
    return item;
  }

  function ms(value) {
    if (value < 10) return `${Math.round(value * 10) / 10} ms`;
    return value < 10000 ? `${Math.round(value)} ms` : `${Math.round(value / 100) / 10} s`;
  }

  function time(at) {
    return new Date(at).toLocaleTimeString([], {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  }

  function element(name, attributes, text) {
    return filled(document.createElement(name), attributes, text);
  }

  function svg(name, attributes, text) {
    return filled(document.createElementNS(SVG, name), attributes, text);
  }

  function filled(made, attributes, text) {
    for (const [attribute, value] of Object.entries(attributes)) {
      made.setAttribute(attribute, String(value));
    }
    if (text !== undefined) made.textContent = text;
    return made;
  }
})();

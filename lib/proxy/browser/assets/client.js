// The script in each page behind `--proxy`: reloads when a newer version serves, swaps styles and images,
// and says when an edit is broken. It leaves nothing in the page but a badge, and that only while it has
// something to say, and what frames in it hear from.
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!(tag instanceof HTMLScriptElement)) return;
  const { run, generation, assets, sent } = tag.dataset;
  const page = { run, generation: Number(generation), assets: Number(assets) };
  tag.remove(); // Before anything of the page looks at its own document.
  if (globalThis.origin === "null") return; // In a sandbox, where nothing can be asked: the page around it is.
  // Whole, as a page may name another base for its addresses.
  const STATUS = `${location.origin}/_baton/`;
  const EVENTS = `${STATUS}events`;
  /** It answers a form: a browser would send that again without asking. */
  const isAnswer = sent !== undefined;

  comeBack();

  let isReloading = false;
  let disconnect = null;

  // Frames hear from the page around them what it hears: browsers have six connections for a server.
  const HEAR = Symbol.for("baton");
  const hearers = new Set();
  let last = null;
  Object.defineProperty(globalThis, HEAR, {
    configurable: true,
    value(hearer) {
      hearers.add(hearer);
      if (last !== null) queueMicrotask(() => hearer(last));
      return () => hearers.delete(hearer);
    },
  });

  // A page that nobody sees needs no connection: it learns all when it is seen.
  function connect() {
    if (document.visibilityState === "hidden" || disconnect !== null) return;
    const hear = pageAround();
    if (hear !== null) {
      disconnect = hear(update);
      return;
    }
    // Neither is there where the page came over plain HTTP from another machine.
    const isShared = navigator.locks !== undefined && globalThis.BroadcastChannel !== undefined;
    disconnect = isShared ? share() : ask(update);
  }

  /** A policy in the page itself, which comes after this script, forbids to ask: other pages may tell it. */
  let mayAsk = true;
  document.addEventListener("securitypolicyviolation", ({ disposition, blockedURI }) => {
    if (disposition === "enforce" && blockedURI === EVENTS) mayAsk = false;
  });

  /** Asks baton itself; returns what ends that. */
  function ask(hear) {
    if (!mayAsk) return () => {};
    const source = new EventSource(EVENTS);
    source.onmessage = ({ data }) => hear(JSON.parse(data));
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      leave();
      setTimeout(connect, 1000); // An answer that was none of baton's: it is started anew, say.
    };
    return () => source.close();
  }

  /** One page of all tabs and windows asks, and tells the others, for the same reason. */
  function share() {
    const ended = new AbortController();
    const channel = new BroadcastChannel(EVENTS);
    let asks = false;
    channel.onmessage = ({ data }) => {
      if (data !== null) update(data);
      else if (asks && last !== null) channel.postMessage(last);
    };
    channel.postMessage(null); // What is known by now?
    const lead = () =>
      new Promise((release) => {
        asks = true;
        const stop = ask((view) => {
          channel.postMessage(view); // Before this page may be gone for it.
          update(view);
        });
        ended.signal.addEventListener("abort", () => {
          stop();
          release(undefined);
        });
      });
    if (mayAsk) {
      navigator.locks.request(EVENTS, { signal: ended.signal }, lead).catch((error) => {
        if (error.name !== "AbortError") throw error; // It left before it was its turn.
      });
    }
    return () => {
      ended.abort();
      channel.close();
    };
  }

  function pageAround() {
    for (let page = globalThis; page !== page.parent;) {
      page = page.parent;
      try {
        if (page[HEAR] !== undefined) return page[HEAR];
      } catch {
        // Of another origin, where nothing can be asked.
      }
    }
    return null;
  }

  function leave() {
    if (disconnect !== null) disconnect();
    disconnect = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
    else connect();
  });
  // A page that comes back out of the cache of the browser has slept.
  addEventListener("pageshow", connect);
  addEventListener("pagehide", leave);
  connect();

  function update(view) {
    if (isReloading) return;
    last = view;
    const isNewer = view.run !== page.run || view.generation > page.generation;
    if (view.phase === "up" && isNewer) {
      if (reload(view)) return;
    } else showTrouble(view);
    takeAssets(view);
    for (const hear of [...hearers]) hear(view);
  }

  /** Returns whether the page goes; else a badge says why it does not. */
  function reload(view) {
    const { run, generation, assets: { count } } = view;
    const version = `${run} ${generation} ${count}`;
    const why = reasonToStay(version);
    if (why !== null) {
      showTrouble(outdated(view, why));
      return false;
    }
    isReloading = true;
    leave();
    try {
      const places = placesScrolled();
      const place = { places, page: { run, generation, assets: count } };
      sessionStorage.setItem(placeName(), JSON.stringify(place));
    } catch {
      // Storage is forbidden here: the browser's own memory of the place has to do.
    }
    location.reload();
    setTimeout(() => {
      isReloading = false;
      stopped = version;
      connect();
    }, LOAD_MS);
    return true;
  }

  /** Who is still here by then was stopped, or asked for what is no page; or the program takes its time. */
  const LOAD_MS = 5000;
  let stopped = null;

  function reasonToStay(version) {
    if (isAnswer) {
      return "This page answers what was sent, and would be asked for by sending it again";
    }
    if (stopped === version) return "This page is being loaded anew, or that was stopped";
    if (!wouldAsk()) return null;
    return "This page would ask first whether to leave it, as where something is not saved";
  }

  /** Asks the page what a browser would, which shows a dialog only to whoever has touched the page. */
  function wouldAsk() {
    if (navigator.userActivation === undefined || !navigator.userActivation.hasBeenActive) {
      return false;
    }
    const event = document.createEvent("BeforeUnloadEvent");
    event.initEvent("beforeunload", false, true);
    dispatchEvent(event);
    return event.defaultPrevented || Boolean(event.returnValue);
  }

  /** What is scrolled, the page itself and parts of it, each by the way to it. */
  function placesScrolled() {
    return [...document.querySelectorAll("*")]
      .filter(({ scrollLeft, scrollTop }) => scrollLeft !== 0 || scrollTop !== 0)
      .map((part) => ({ way: wayTo(part), left: part.scrollLeft, top: part.scrollTop }));
  }

  function wayTo(part) {
    const steps = [];
    for (let at = part; at.parentElement !== null; at = at.parentElement) {
      steps.unshift(`:nth-child(${[...at.parentElement.children].indexOf(at) + 1})`);
    }
    return [":root", ...steps].join(" > ");
  }

  function placeName() {
    return `baton ${location.pathname}${location.search}`;
  }

  function comeBack() {
    let place;
    try {
      place = JSON.parse(sessionStorage.getItem(placeName()) || "null");
      sessionStorage.removeItem(placeName());
    } catch {
      return;
    }
    if (place === null) return;
    const wanted = place.page;
    const isOld = wanted.run !== page.run || wanted.generation > page.generation ||
      wanted.assets > page.assets;
    // A service worker may answer with the same page for ever: it is loaded anew once for each version.
    if (isOld) Object.assign(page, wanted);
    scrollBack(place.places);
  }

  /** For as long as a page may take to get what it shows. */
  const SCROLL_MS = 10000;

  /** Again as the page grows, until all is where it was, or somebody else scrolls. */
  function scrollBack(places) {
    const ended = new AbortController();
    const { signal } = ended;
    const scroll = () => {
      const left = places.filter(({ way, left, top }) => {
        const part = document.querySelector(way);
        if (part === null) return true;
        part.scrollTo({ left, top, behavior: "instant" });
        return Math.abs(part.scrollLeft - left) > 1 || Math.abs(part.scrollTop - top) > 1;
      });
      if (left.length === 0 && document.readyState === "complete") ended.abort();
    };
    const growing = new MutationObserver(scroll);
    signal.addEventListener("abort", () => growing.disconnect());
    addEventListener("DOMContentLoaded", scroll, { signal });
    addEventListener("load", () => {
      growing.observe(document, { childList: true, subtree: true });
      scroll();
      setTimeout(() => ended.abort(), SCROLL_MS);
    }, { signal });
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(type, () => ended.abort(), { signal, capture: true, passive: true });
    }
  }

  // Files that only the browser uses.

  function takeAssets(view) {
    const { count, last } = view.assets;
    if (count === page.assets) return;
    const missed = last.filter(({ number }) => number > page.assets);
    const isKnown = missed.length === count - page.assets;
    page.assets = count;
    const paths = missed.flatMap((change) => change.paths);
    const styles = paths.filter((path) => /\.css$/i.test(path));
    const images = paths.filter((path) => /\.(png|jpe?g|gif|webp|avif|svg|ico|bmp)$/i.test(path));
    const isAll = styles.length + images.length === paths.length;
    const isSwapped = isKnown && isAll && (styles.length === 0 || swapStyles(styles, view));
    if (!isSwapped) reload(view);
    else if (images.length > 0) swapImages(images, count);
  }

  /** The page, and what has a tree of its own in it: components that keep their styles to themselves. */
  function trees(root = document) {
    const hosts = [...root.querySelectorAll("*")].filter(({ shadowRoot }) => shadowRoot !== null);
    return [root, ...hosts.flatMap(({ shadowRoot }) => trees(shadowRoot))];
  }

  function everywhere(selector) {
    return trees().flatMap((tree) => [...tree.querySelectorAll(selector)]);
  }

  function sheetsMade() {
    return trees().flatMap(({ adoptedStyleSheets }) => [...adoptedStyleSheets || []]);
  }

  function sheetsLoaded() {
    return trees().flatMap(({ styleSheets }) => [...styleSheets]);
  }

  /** Returns whether there was anything to swap. */
  function swapStyles(paths, view) {
    const { count } = view.assets;
    const own = everywhere('link[rel~="stylesheet"][href]').filter(({ href }) => isHere(href));
    const importing = sheetsLoaded().filter((sheet) => imports(sheet, paths))
      .map(({ ownerNode }) => ownerNode);
    if (importing.some((node) => node.localName !== "link")) return false;
    const named = [...own.filter((link) => isOneOf(link.href, paths)), ...importing];
    if (named.length === 0 && sheetsMade().length > 0) return false; // One of these may be made of it.
    // What nothing names may be served under another name.
    const links = named.length > 0 ? new Set(named) : own;
    for (const link of links) {
      const address = fresh(link.href, count);
      if (link.disabled) {
        link.href = address; // It is not loaded, and a copy would not tell that it is.
        continue;
      }
      const next = link.cloneNode();
      next.href = address;
      // Both are there until the new one is loaded: nothing flashes.
      next.addEventListener("load", () => link.remove());
      next.addEventListener("error", () => {
        next.remove();
        reload(view); // It is gone, say, or the page names the hash of the old one.
      });
      link.after(next);
    }
    return own.length > 0;
  }

  function imports(sheet, paths) {
    return rulesOf(sheet).some(({ href, styleSheet }) =>
      href !== undefined && isOneOf(href, paths, baseOf(sheet)) ||
      Boolean(styleSheet) && imports(styleSheet, paths)
    );
  }

  function rulesOf(sheet) {
    try {
      return [...sheet.cssRules];
    } catch {
      return []; // Of another origin.
    }
  }

  function baseOf({ href }) {
    return href || document.baseURI;
  }

  const IMAGES = [
    ["img, input[type=image], embed", ["src"]],
    ["video", ["poster"]],
    ["object", ["data"]],
    ["image, use, feImage", ["href", "xlink:href"]],
    ['link[rel~="icon"]', ["href"]],
  ];
  /** An address, with what stands between it and the next one: a comma may be part of it. */
  const CANDIDATE = /([^\s,](?:\S*[^\s,])?)(,+|\s+[^,]*,?|$)/g;

  function swapImages(paths, count) {
    const renewed = (address, base) =>
      isOneOf(address, paths, base) ? fresh(address, count, base) : address;
    for (const [selector, attributes] of IMAGES) {
      for (const element of everywhere(selector)) {
        for (const name of attributes) swapAttribute(element, name, renewed);
      }
    }
    for (const element of everywhere("img, source")) {
      swapAttribute(
        element,
        "srcset",
        (candidates) =>
          candidates.replace(CANDIDATE, (_, address, rest) => renewed(address) + rest),
      );
    }
    for (const sheet of [...sheetsLoaded(), ...sheetsMade()]) {
      swapInRules(rulesOf(sheet), baseOf(sheet), renewed);
    }
    for (const { style } of everywhere('[style*="url("]')) {
      swapInStyle(style, document.baseURI, renewed);
    }
  }

  function swapAttribute(element, name, renewed) {
    const value = element.getAttribute(name);
    if (value === null) return;
    const next = renewed(value);
    if (next !== value) element.setAttribute(name, next);
  }

  function swapInRules(rules, base, renewed) {
    for (const rule of rules) {
      if (rule.styleSheet) swapInRules(rulesOf(rule.styleSheet), baseOf(rule.styleSheet), renewed);
      if (rule.cssRules) swapInRules([...rule.cssRules], base, renewed);
      if (rule.style) swapInStyle(rule.style, base, renewed);
    }
  }

  function swapInStyle(style, base, renewed) {
    for (const name of [...style]) {
      const value = style.getPropertyValue(name);
      if (!value.includes("url(")) continue;
      const next = value.replace(/url\((["']?)(.*?)\1\)/g, (whole, _quote, address) => {
        const other = renewed(address, base);
        return other === address ? whole : `url("${other}")`;
      });
      if (next !== value) style.setProperty(name, next, style.getPropertyPriority(name));
    }
  }

  /** Whether it is one of this server; a page may hold what is no address at all. */
  function isHere(address, base = document.baseURI) {
    return URL.canParse(address, base) && new URL(address, base).origin === location.origin;
  }

  /** Whether the address ends as one of the paths does: where a program serves a file is not known. */
  function isOneOf(address, paths, base = document.baseURI) {
    if (!isHere(address, base)) return false;
    const [name] = new URL(address, base).pathname.split("/").reverse();
    return paths.some((path) => path.split("/").pop() === decoded(name));
  }

  function decoded(name) {
    try {
      return decodeURIComponent(name);
    } catch {
      return name; // A sign of percent that begins nothing.
    }
  }

  function fresh(address, count, base = document.baseURI) {
    const url = new URL(address, base);
    // As text, by which the rest of it stays as it was written.
    const search = url.search.replace(/[?&]baton=\d+$/, "");
    url.search = `${search}${search === "" ? "?" : "&"}baton=${count}`;
    return url.href;
  }

  // The badge.

  function outdated(view, what) {
    const next = "Load it anew yourself";
    return {
      ...view,
      title: "A newer version serves",
      trouble: { what, place: null, lines: [], next },
    };
  }

  /** @type {{ host: HTMLElement, button: HTMLElement, panel: HTMLElement, shown: string } | null} */
  let badge = null;

  function showTrouble({ trouble, phase, since, title: special }) {
    if (trouble === null || globalThis.top !== globalThis) {
      if (badge !== null) badge.host.remove();
      badge = null;
      return;
    }
    if (badge === null) badge = newBadge();
    // A framework that takes the whole document over may have dropped it.
    if (!badge.host.isConnected) document.documentElement.append(badge.host);
    const { button, panel } = badge;
    const at = since === null ? "" : ` of ${time(since)}`;
    const broken = phase === "up" ? `Edit broken, showing the version${at}` : "The program is down";
    const title = special ?? broken;
    const shown = JSON.stringify([title, trouble]);
    if (shown === badge.shown) return; // Somebody may be reading it, or copy from it.
    badge.shown = shown;
    button.textContent = title;
    panel.setAttribute("aria-label", title);
    const { what, place, lines, next } = trouble;
    panel.replaceChildren(
      element("p", { class: "what" }, what),
      ...place === null
        ? []
        : [element("p", { class: "place" }, `${place.file}, line ${place.line}`)],
      ...lines.length === 0 ? [] : [element("pre", { tabindex: "0" }, lines.join("\n"))],
      ...next === null ? [] : [element("p", {}, next)],
      element("a", { href: STATUS, target: "_blank", rel: "noopener" }, "Status"),
    );
  }

  function newBadge() {
    const host = element("baton-status", { lang: "en" });
    const root = host.attachShadow({ mode: "open" });
    const panel = element("div", { class: "panel", role: "region", hidden: "" });
    const button = element("button", { type: "button", class: "badge", "aria-expanded": "false" });
    const toggle = (open) => {
      panel.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => toggle(panel.hidden));
    root.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      toggle(false);
      button.focus();
    });
    const alert = element("div", { role: "alert" });
    alert.append(button);
    root.append(element("div", { class: "edge" }), panel, alert);
    // A sheet that is made by a script needs no leave of the page's policy. What is important in it the page's own
    // rules do not change, and they mostly have one for all elements.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :host { all: initial !important; position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;
        box-sizing: border-box !important; padding: 14px !important; pointer-events: none !important;
        display: flex !important; flex-direction: column !important; gap: 8px !important; direction: ltr !important;
        align-items: flex-end !important; justify-content: flex-end !important; color-scheme: light dark !important; }
      .edge { position: absolute; inset: 0; border: 3px solid #c0182b; }
      .badge, .panel { pointer-events: auto; font: 13px/1.5 system-ui, sans-serif; border: 1px solid transparent;
        border-radius: 6px; }
      .badge { padding: 5px 11px; color: #fff; background: #c0182b; cursor: pointer; }
      .badge:focus-visible { outline: 3px solid #fff; outline-offset: -4px; }
      .panel { box-sizing: border-box; width: min(46em, 100%); min-height: 0; overflow: auto; padding: 3px 15px 11px;
        color: #1c1c1c; background: #fff; box-shadow: 0 2px 16px #0006; overflow-wrap: anywhere; }
      .what { font-weight: 600; }
      .place { font-family: ui-monospace, monospace; }
      pre { overflow-x: auto; padding: 8px; background: #8881; font: 12px/1.45 ui-monospace, monospace; }
      a { color: inherit; }
      a:focus-visible, pre:focus-visible { outline: 3px solid; outline-offset: 1px; }
      @media (prefers-color-scheme: dark) { .panel { color: #eee; background: #232323; } }
      @media print { :host { display: none !important; } }`);
    root.adoptedStyleSheets = [sheet];
    return { host, button, panel, shown: "" };
  }

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) {
      made.setAttribute(attribute, value);
    }
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function time(at) {
    return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
})();

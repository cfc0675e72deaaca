/** Growth as a picture: one panel a measure, one line a tool, both axes logarithmic. */
import type { Trial } from "./trial.ts";

interface Panel {
  readonly title: string;
  readonly value: (trial: Trial) => number;
}

const PANELS: readonly Panel[] = [
  { title: "Until armed (ms)", value: ({ armedMs }) => armedMs },
  { title: "Watches", value: ({ watches }) => watches },
  { title: "Resident memory (MB)", value: ({ residentBytes }) => residentBytes / 1e6 },
];
const COLORS = ["#c2410c", "#f59e0b", "#64748b", "#0f766e", "#2563eb", "#9333ea"];
const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [260, 220, 50, 40, 60];

/** An SVG document of how each measure grows with the number of watched files. */
export function plot(trials: readonly Trial[]): string {
  const alone = trials.filter(({ ignored }) => ignored === 0);
  const names = [...new Set(alone.map(({ rival }) => rival))];
  const width = LEFT + PANELS.length * (WIDTH + GAP);
  const height = TOP + HEIGHT + 70;
  const legend = names.map((name, index) =>
    `<text x="${LEFT + index * 130}" y="${height - 12}" fill="${COLORS[index]}">● ${name}</text>`
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...PANELS.map((panel, index) => drawn(panel, alone, names, LEFT + index * (WIDTH + GAP))),
    ...legend,
    "</svg>\n",
  ].join("\n");
}

function drawn({ title, value }: Panel, trials: readonly Trial[], names: string[], left: number) {
  const x = scale(trials.map(({ watched }) => watched), left, left + WIDTH);
  const y = scale(trials.map(value), TOP + HEIGHT, TOP);
  const lines = names.map((name, index) => {
    const own = trials.filter(({ rival }) => rival === name);
    const points = own.map((each) => `${x.at(each.watched)},${y.at(value(each))}`);
    const dots = points.map((point) => {
      const [cx, cy] = point.split(",");
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${COLORS[index]}"/>`;
    });
    const line = `<polyline points="${points.join(" ")}" fill="none" stroke="${COLORS[index]}"/>`;
    return line + dots.join("");
  });
  return [
    `<text x="${left}" y="${TOP - 14}" font-weight="bold">${title}</text>`,
    ...y.ticks.map((tick) =>
      `<path d="M${left} ${y.at(tick)}h${WIDTH}" stroke="#e5e7eb"/>` +
      `<text x="${left - 6}" y="${y.at(tick) + 4}" text-anchor="end">${short(tick)}</text>`
    ),
    ...[...new Set(trials.map(({ watched }) => watched))].map((tick) =>
      `<text x="${x.at(tick)}" y="${TOP + HEIGHT + 18}" text-anchor="middle">${short(tick)}</text>`
    ),
    `<text x="${left + WIDTH / 2}" y="${
      TOP + HEIGHT + 36
    }" text-anchor="middle">watched files</text>`,
    ...lines,
  ].join("\n");
}

/** A logarithmic axis over the powers of ten around the values. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.max(1, Math.min(...values))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const at = (value: number) => {
    const share = (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low);
    return Math.round(from + share * (to - from));
  };
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)) };
}

function short(value: number): string {
  return value >= 1_000 ? `${value / 1_000}k` : String(value);
}

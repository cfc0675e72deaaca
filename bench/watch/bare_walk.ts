/**
 * Lists the folders named on standard input, and says how many milliseconds that took: what any walk of them
 * takes, in a runtime that has just started as baton's has.
 */
const folders = (await new Response(Deno.stdin.readable).text()).split("\n");
const from = performance.now();
let entries = 0;
for (const folder of folders) for (const _ of Deno.readDirSync(folder)) entries++;
console.log(JSON.stringify({ entries, tookMs: performance.now() - from }));

/** Tells people, on standard error, what baton cannot be told. */
export function complain(text: string): void {
  console.error(`baton: ${text}`);
}

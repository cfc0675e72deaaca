// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/assert`; the same signatures. */
import * as std from "npm:deno-std@1.4.0/assert/mod.js";

// deno-lint-ignore no-explicit-any
type Class<E> = abstract new (...args: any[]) => E;

export function assert(expr: unknown, msg = ""): asserts expr {
  std.assert(expr, msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  std.assertEquals(actual, expected, msg);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  std.assertNotEquals(actual, expected, msg);
}

export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  std.assertGreater(actual, expected, msg);
}

export function assertInstanceOf<T extends Class<unknown>>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  std.assertInstanceOf(actual, expectedType, msg);
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  std.assertMatch(actual, expected, msg);
}

export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  std.assertObjectMatch(actual, expected, msg);
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  std.assertStringIncludes(actual, expected, msg);
}

export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(...args: [() => unknown, ...unknown[]]): unknown {
  return std.assertThrows(...args);
}

export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export function assertRejects(
  ...args: [() => PromiseLike<unknown>, ...unknown[]]
): Promise<unknown> {
  return std.assertRejects(...args);
}

export function fail(msg?: string): never {
  return std.fail(msg) as never;
}

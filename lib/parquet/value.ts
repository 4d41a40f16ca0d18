/**
 * Values as hyparquet gives them, as the rest of the program takes them.
 *
 * @module
 */

/**
 * A value with null for what is missing, and with numbers for what a double holds exactly; lists
 * and structs all the way down. Bytes stay as they are.
 */
export function plainValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(plainValue);
  return isStruct(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainValue(inner)]))
    : value;
}

function isStruct(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

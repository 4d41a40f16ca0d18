/**
 * Figures and floors, printed as a bench measures them.
 *
 * @module
 */

/** A figure that must not be worse than a bound. */
export interface Floor {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The worst value that passes: the lowest, or the highest where `lowIsGood`. */
  readonly bound: number;
  /** Whether less is better. @default {false} */
  readonly lowIsGood?: boolean;
}

/** Prints `pass` or `FAIL` and the figure; a failure makes the program end with code 1. */
export function check(floor: Floor): void {
  const { name, value, unit, bound, lowIsGood = false } = floor;
  const passed = lowIsGood ? value <= bound : value >= bound;
  const sign = lowIsGood ? "<=" : ">=";
  if (!passed) Deno.exitCode = 1;
  console.log(
    `${passed ? "pass" : "FAIL"}  ${name}: ${digits(value)} ${unit} (floor ${sign} ${
      digits(bound)
    } ${unit})`,
  );
}

/** Prints a figure that has no floor. */
export function tell(name: string, value: number, unit: string): void {
  console.log(`      ${name}: ${digits(value)} ${unit}`);
}

/** Prints what is measured, above its figures. */
export function title(text: string): void {
  console.log(`\n${text}`);
}

function digits(value: number): string {
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

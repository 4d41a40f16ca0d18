/**
 * From what was written to checked values.
 *
 * @module
 */

import type { z } from "../npm/zod.ts";
import { didYouMean } from "../nearest.ts";
import type { SettingFacts } from "./setting.ts";
import { type SettingName, SETTINGS, type SettingValues, TABLE } from "./settings.ts";

/** What is wrong, and where: names from the outside in, as in `["columns", "text"]`. */
export interface Problem {
  readonly path: readonly string[];
  /** Whether it is the name at the end of the path that is wrong, not the value. */
  readonly isName: boolean;
  readonly detail: string;
}

/** Values that fit their settings, and what does not. */
export interface Checked {
  readonly values: Partial<SettingValues>;
  readonly problems: readonly Problem[];
}

type Written = Readonly<Record<string, unknown>>;

const NAMES: readonly string[] = SETTINGS.map((setting) => setting.name);

/** Checks every value that was written, in that order; settings that were not are left out. */
export function checkSettings(written: Written): Checked {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    const setting = SETTINGS.find(({ name }) => name === key);
    if (setting === undefined) {
      const detail = `no such setting${didYouMean(key, NAMES)}`;
      problems.push({ path: [key], isName: true, detail });
      continue;
    }
    const { name, schema } = setting;
    const result = schema.safeParse(value);
    const found = [
      ...reservedNames(name, value),
      ...(result.success ? [] : problemsOf(name, value, result.error.issues)),
    ];
    if (found.length === 0) values[name] = result.data;
    problems.push(...found);
  }
  // Each value came out of the schema of its own name.
  return { values: values as Partial<SettingValues>, problems };
}

/** `__proto__` never reaches a schema: it would be dropped in silence. */
function reservedNames(name: SettingName, value: unknown): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => reservedInItem([name, `${i}`], item));
  if (!isMap(value) || !Object.hasOwn(value, "__proto__")) return [];
  return [nameProblem(name, TABLE[name], "__proto__")];
}

function reservedInItem(path: readonly string[], item: unknown): Problem[] {
  if (!isMap(item)) return [];
  return Object.entries(item).flatMap(([key, value]) =>
    isMap(value) && Object.hasOwn(value, "__proto__")
      ? [{
        path: [...path, key, "__proto__"],
        isName: true,
        detail: "'__proto__' is no name of a column",
      }]
      : []
  );
}

function problemsOf(
  name: SettingName,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): Problem[] {
  const facts: SettingFacts = TABLE[name];
  if (Array.isArray(value) && facts.items !== undefined) {
    return issues.flatMap((issue) => itemProblems(name, facts, value, issue));
  }
  if (!isMap(value) || facts.entries === undefined) {
    const detail = `expected ${facts.expected}: received ${show(value)}${hint(value, facts)}`;
    return [{ path: [name], isName: false, detail }];
  }
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => nameProblem(name, facts, key));
    }
    const key = String(issue.path[0] ?? "");
    if (issue.code === "invalid_key") return [nameProblem(name, facts, key)];
    const expected = facts.entries?.expectedValue ?? facts.expected;
    const detail = `expected ${expected}: received ${show(value[key])}`;
    return [{ path: [name, key], isName: false, detail }];
  });
}

/** What is wrong in a list of maps. */
function itemProblems(
  name: SettingName,
  facts: SettingFacts,
  list: readonly unknown[],
  issue: z.core.$ZodIssue,
): Problem[] {
  const [number = "", key] = issue.path.map(String);
  const item = list[Number(number)];
  if (number === "" || !isMap(item)) {
    const path = number === "" ? [name] : [name, number];
    const found = number === "" ? list : item;
    return [{ path, isName: false, detail: `expected ${facts.expected}: received ${show(found)}` }];
  }
  const { names = [], expectedValues = {} } = facts.items ?? {};
  const field = key ?? "";
  if (issue.code === "unrecognized_keys") {
    const expected = key === undefined ? `one of ${names.join(", ")}` : expectedValues[field];
    return issue.keys.map((unknown) => ({
      path: [name, ...issue.path.map(String), unknown],
      isName: true,
      detail: `expected ${expected}: received '${unknown}'${
        key === undefined ? didYouMean(unknown, names) : ""
      }`,
    }));
  }
  const inner = issue.path[2];
  const detail = item[field] === undefined
    ? `'${field}' is missing: expected ${expectedValues[field]}`
    : `expected ${expectedValues[field]}: received ${
      inner === undefined ? show(item[field]) : `'${String(inner)}'`
    }`;
  return [{ path: [name, number, field], isName: false, detail }];
}

function nameProblem(name: SettingName, facts: SettingFacts, key: string): Problem {
  const { expectedName = "", names = [] } = facts.entries ?? {};
  const detail = `expected ${expectedName}: received '${key}'${didYouMean(key, names)}`;
  return { path: [name, key], isName: true, detail };
}

function hint(value: unknown, facts: SettingFacts): string {
  return typeof value === "string" ? didYouMean(value, facts.choices ?? []) : "";
}

function isMap(value: unknown): value is Written {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const LONGEST_SHOWN = 60;

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (isMap(value)) return "a map";
  if (typeof value !== "string") return String(value);
  return value.length > LONGEST_SHOWN ? `'${value.slice(0, LONGEST_SHOWN)}…'` : `'${value}'`;
}

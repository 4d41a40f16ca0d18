/**
 * A YAML file of settings, with the place of everything in it.
 *
 * @module
 */

import { messageOf, UsageError } from "../errors.ts";
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLError,
} from "../npm/yaml.ts";

/** What a file says, and where. */
export interface YamlFile {
  readonly settings: Readonly<Record<string, unknown>>;
  /** `run.yaml:5:11` of a value, or of a name. */
  place(path: readonly string[], isName: boolean): string;
}

/**
 * Reads a YAML file.
 *
 * @param path Absolute path.
 * @param label How messages call it: as the user wrote it.
 * @throws {UsageError} If it cannot be read, or is not a map of settings; each line of the message
 *   begins with `file:line:column`.
 */
export async function readYamlFile(path: string, label: string): Promise<YamlFile> {
  return parseYaml(await readText(path, label), label);
}

async function readText(path: string, label: string): Promise<string> {
  try {
    const bytes = await Deno.readFile(path);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`Cannot read config '${label}': ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  if (error instanceof Deno.errors.IsADirectory) {
    return "it is a folder: to encode what is in it, give it with --input";
  }
  return error instanceof TypeError ? "it is not valid UTF-8" : messageOf(error);
}

/**
 * Reads the text of a YAML file.
 *
 * @throws {UsageError} As `readYamlFile`.
 */
export function parseYaml(text: string, label: string): YamlFile {
  const lineCounter = new LineCounter();
  // `<<: *defaults` is of YAML 1.1, which the pipelines' reader takes.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  const placeAt = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${label}:${line}:${col}`;
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new UsageError(
      faults.map((fault) => `${placeAt(fault.pos[0])}: ${describe(fault, text)}`).join("\n"),
    );
  }
  return {
    settings: settingsIn(document, label, placeAt),
    place: (path, isName) => placeAt(offsetOf(document, path, isName)),
  };
}

function describe(fault: YAMLError, text: string): string {
  if (fault.code !== "DUPLICATE_KEY") return fault.message;
  const name = /^[^\s:]*/.exec(text.slice(fault.pos[0]))?.[0] ?? "";
  return `${name}: it is set a second time: leave one out`;
}

const EXAMPLE = "expected settings such as 'input: speech/manifest.jsonl'";

function settingsIn(
  document: Document,
  label: string,
  placeAt: (offset: number) => string,
): Readonly<Record<string, unknown>> {
  if (document.contents === null) {
    throw new UsageError(`${label}:1:1: the file is empty: ${EXAMPLE}`);
  }
  if (!isMap(document.contents)) {
    const offset = document.contents.range?.[0] ?? 0;
    throw new UsageError(`${placeAt(offset)}: this is not a map: ${EXAMPLE}`);
  }
  try {
    return document.toJS();
  } catch (error) {
    throw new UsageError(`${label}:1:1: ${messageOf(error)}`, { cause: error });
  }
}

/** Where a value begins, or its name; of what is not there, where the nearest above it begins. */
function offsetOf(document: Document, path: readonly string[], isName: boolean): number {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (!isMap(parent) || last === undefined) {
    return startOf(document.getIn(path, true)) ?? startOf(parent) ?? 0;
  }
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === last);
  const name = startOf(pair?.key) ?? startOf(parent) ?? 0;
  return isName ? name : startOf(pair?.value) ?? name;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** What the runs of chaos encode: spoken digits, in whatever container. */
import { join } from "node:path";
import { type Clip, clipOf, writeParquet, writeTar } from "./containers.ts";

/** What clips lie in. */
export const CHAOS_INPUTS = ["manifest", "parquet", "tar"] as const;

/** What clips lie in. */
export type ChaosInput = typeof CHAOS_INPUTS[number];

const DIGITS = new URL("../data/fsdd/", import.meta.url);

/** Writes as many clips into a folder. @returns The path of the input. */
export function writeChaosInput(directory: string, kind: ChaosInput, count: number): string {
  const names = [...Deno.readDirSync(DIGITS)].map(({ name }) => name).sort();
  const step = Math.floor(names.length / count);
  const chosen = Array.from({ length: count }, (_, i) => names[i * step] ?? "");
  switch (kind) {
    case "manifest":
      return writeManifest(join(directory, "manifest.jsonl"), chosen);
    case "parquet": {
      const options = { audio: "struct", rowGroupSize: 8 } as const;
      return writeParquet(join(directory, "digits.parquet"), chosen.map(digit), options);
    }
    case "tar":
      return writeTar(join(directory, "digits.tar"), chosen.map(digit));
  }
}

function digit(name: string): Clip {
  return clipOf(name.replace(".wav", ""), `tests/data/fsdd/${name}`);
}

function writeManifest(path: string, names: readonly string[]): string {
  const lines = names.map((name) =>
    JSON.stringify({ id: name, audio: new URL(name, DIGITS).pathname, text: name })
  );
  Deno.writeTextFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

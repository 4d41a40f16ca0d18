/**
 * `deno run -A bench/parquet_write.ts`: what it costs to write tokens, in each format.
 *
 * Thirty million random tokens of ten bits, as 10,000 clips of five seconds have them in eight
 * layers at 75 Hz, are written as Parquet; a tenth of them in every format. Ten bits a token is
 * the least that random ones can take. Rows are made beforehand, 200 at a time, and not counted.
 */
import { join } from "node:path";
import { realFileSystem } from "../lib/fs.ts";
import type { CellValue, Column } from "../lib/shards/column.ts";
import type { ShardFormat, ShardWriter } from "../lib/shards/format.ts";
import { FORMAT_NAMES } from "../lib/shards/names.ts";
import { shardFormat } from "../lib/shards/registry.ts";
import { check, tell, title } from "./support/floors.ts";
import { cpuSeconds, peakMemory } from "./support/process_figures.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const ROWS = 10_000;
const LAYERS = 8;
const LENGTH = 375;
const PAGE = 200;

const LAYER_NAMES = Array.from({ length: LAYERS }, (_, i) => `encodec_layer_${i + 1}`);
const COLUMNS: readonly Column[] = [
  ...[{ name: "id", type: "string" }, { name: "text", type: "string" }] as const,
  ...LAYER_NAMES.map((name): Column => ({ name, type: "tokens", maximum: 1023 })),
  ...[{ name: "num_samples", type: "int64" }, { name: "duration", type: "float64" }] as const,
];

interface Cost {
  readonly bytes: number;
  readonly cpu: number;
  readonly clock: number;
  /** The longest that the thread was kept from everything else. */
  readonly longest: number;
}

/** Of the random numbers. */
let state = 1;

using folder = temporaryFolder(Deno.args[0]);

title("30 M random tokens as Parquet");
const parquet = await write(shardFormat("parquet"), ROWS);
const peak = peakMemory();
check({ name: "CPU time", value: parquet.cpu, unit: "s", bound: 10, lowIsGood: true });
tell("by the clock", parquet.clock, "s");
tell("size", bitsPerToken(parquet, ROWS), "bits a token");
tell("peak memory", peak / 1e6, "MB");
tell("longest stretch without a turn for others", parquet.longest * 1000, "ms");

for (const name of FORMAT_NAMES) {
  const cost = await write(shardFormat(name), ROWS / 10);
  title(`3 M random tokens as ${name}`);
  tell("size", cost.bytes / 1e6, "MB");
  tell("size", bitsPerToken(cost, ROWS / 10), "bits a token");
  tell("CPU time", cost.cpu, "s");
  tell("by the clock, synced", cost.clock, "s");
}

async function write(format: ShardFormat, rows: number): Promise<Cost> {
  const path = join(folder.path, `train.${format.extension}`);
  const cost = { cpu: 0, clock: 0, longest: 0 };
  const measured = async (step: () => Promise<unknown>) => {
    const [cpu, clock] = [cpuSeconds().own, performance.now()];
    using turns = longestTurn();
    await step();
    cost.cpu += cpuSeconds().own - cpu;
    cost.clock += (performance.now() - clock) / 1000;
    cost.longest = Math.max(cost.longest, turns.longest());
  };
  const target = { fs: realFileSystem, temporary: path, path, columns: COLUMNS };
  using writer: ShardWriter = format.create(target);
  for (let start = 0; start < rows; start += PAGE) {
    const page = Array.from({ length: PAGE }, (_, i) => row(start + i));
    await measured(() => writer.write(page));
  }
  await measured(() => writer.finish());
  return { ...cost, bytes: sizeOf(path) + sizeOf(format.folder?.(path) ?? "") };
}

/** How long a timer that is always due had to wait. */
function longestTurn(): { longest(): number } & Disposable {
  let longest = 0;
  let last = performance.now();
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(turn, 0);
  return {
    longest() {
      turn();
      return longest / 1000;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function bitsPerToken({ bytes }: Cost, rows: number): number {
  return 8 * bytes / (rows * LAYERS * LENGTH);
}

function row(index: number): Record<string, CellValue> {
  return {
    id: `LJ${String(index).padStart(6, "0")}`,
    text: `the text of clip ${index} is about as long as what is said in five seconds`,
    ...Object.fromEntries(LAYER_NAMES.map((name) => [name, randomTokens()])),
    num_samples: 120_000 - index,
    duration: 5 - index / 24_000,
  };
}

/** Knuth's linear congruential generator; of its bits, the highest ten. */
function randomTokens(): number[] {
  return Array.from({ length: LENGTH }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 22;
  });
}

/** Bytes of a file, or of the files in a folder; 0 where there is neither. */
function sizeOf(path: string): number {
  if (path === "") return 0;
  const { isDirectory, size } = Deno.statSync(path);
  if (!isDirectory) return size;
  return [...Deno.readDirSync(path)].reduce((sum, { name }) => sum + sizeOf(join(path, name)), 0);
}

/**
 * `deno run -A bench/parquet_stream.ts [megabytes]`: what it costs to get clips out of a Parquet
 * file, row by row, as a feeder thread does before it decodes them.
 *
 * Files of 500 MB and of 1 GB of bytes in which nothing repeats, in row groups of 100 rows (some
 * 25 MB) and of 1,000, are read by a process of their own: all rows in order, and 200 in any order.
 * A row group is one page, as Arrow makes it by default, or a page is a megabyte. CPU time is that
 * of the whole process while it reads; memory is the most that it ever held.
 *
 * `deno run -A bench/parquet_stream.ts <file.parquet> <rows>` reads a column `audio` of another.
 */
import { join } from "node:path";
import { ParquetCells } from "../lib/parquet/cells.ts";
import { check, tell, title } from "./support/floors.ts";
import { type ClipsLayout, writeClips } from "./support/parquet_clips.ts";
import { cpuSeconds, peakMemory } from "./support/process_figures.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

interface Cost {
  readonly bytes: number;
  readonly cpu: number;
  readonly clock: number;
  readonly peak: number;
  /** Milliseconds for one of some rows in any order. */
  readonly anyOrder: number;
}

/** Rows that are read in any order. */
const ANY_ROWS = 200;

const [first = "500", rows] = Deno.args;
if (first.endsWith(".parquet")) console.log(JSON.stringify(readAll(first, Number(rows))));
else await measure(Number(first) * 1e6);

async function measure(size: number): Promise<void> {
  const onePage = { pageSize: 1 << 30 };
  const small: ClipsLayout = { codec: "SNAPPY", pageSize: 1 << 20, groupRows: 100 };
  await measureLayout(size, "row groups of 100 rows, Snappy pages of a megabyte", small);
  for (const groupRows of [100, 1000]) {
    const name = `row groups of ${groupRows} rows, one page each`;
    for (const codec of ["SNAPPY", "UNCOMPRESSED"] as const) {
      await measureLayout(size, `${name}, ${codec}`, { ...onePage, codec, groupRows });
    }
  }
}

async function measureLayout(size: number, name: string, layout: ClipsLayout): Promise<void> {
  title(name);
  using folder = temporaryFolder();
  const peaks: number[] = [];
  for (const times of [1, 2]) {
    const path = join(folder.path, `${times}.parquet`);
    const rows = await writeClips(path, times * size, layout);
    const { bytes, cpu, clock, peak, anyOrder } = await readElsewhere(path, rows);
    const audio = `${Math.round(bytes / 1e6)} MB`;
    const unit = "MB per CPU s";
    check({ name: `${audio}, read`, value: bytes / 1e6 / cpu, unit, bound: 500 });
    tell(`${audio}, by the clock`, bytes / 1e6 / clock, "MB/s");
    tell(`${audio}, rows in any order, by the clock`, anyOrder, "ms a row");
    const memory = { value: peak / 1e6, unit: "MB", bound: 500, lowIsGood: true };
    check({ name: `${audio}, peak memory`, ...memory });
    peaks.push(peak / 1e6);
    Deno.removeSync(path);
  }
  const [once = NaN, twice = NaN] = peaks;
  check({
    ...{ name: "more memory for twice as large a file", value: twice - once, unit: "MB" },
    ...{ bound: 100, lowIsGood: true },
  });
}

/** In a process of its own, whose peak is that of reading alone. */
async function readElsewhere(path: string, rows: number): Promise<Cost> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", import.meta.url, path, String(rows)],
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`Cannot read '${path}' in another process`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function readAll(path: string, rows: number): Cost {
  const cells = new ParquetCells();
  const read = (row: number) => cells.read(path, { row, column: "audio" }).bytes?.length ?? 0;
  const [cpu, clock] = [cpuSeconds().own, performance.now()];
  let bytes = 0;
  for (let row = 0; row < rows; row++) bytes += read(row);
  const used = cpuSeconds().own - cpu;
  const middle = performance.now();
  // A step that shares no factor with the number of rows: no row twice, none near the last.
  for (let i = 0; i < ANY_ROWS; i++) read(i * 7919 % rows);
  return {
    ...{ bytes, cpu: used, clock: (middle - clock) / 1000, peak: peakMemory() },
    anyOrder: (performance.now() - middle) / ANY_ROWS,
  };
}

/**
 * `deno run -A bench/parquet_stream.ts [megabytes]`: what it costs to get clips out of a Parquet
 * file, row by row, as a feeder thread does before it decodes them.
 *
 * Files of 500 MB and of 1 GB of bytes in which nothing repeats, in row groups of 100 rows, some
 * 25 MB each, are read in order by a process of their own. Once a row group is one page, as Arrow
 * makes it by default; once a page is a megabyte. CPU time is that of the whole process while it
 * reads; memory is the most that it ever held.
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
}

const [first = "500", rows] = Deno.args;
if (first.endsWith(".parquet")) console.log(JSON.stringify(readAll(first, Number(rows))));
else await measure(Number(first) * 1e6);

async function measure(size: number): Promise<void> {
  const large = { pageSize: 1 << 30 };
  await measureLayout(size, "one Snappy page a row group", { codec: "SNAPPY", ...large });
  const small: ClipsLayout = { codec: "UNCOMPRESSED", pageSize: 1 << 20 };
  await measureLayout(size, "uncompressed pages of a megabyte", small);
}

async function measureLayout(size: number, name: string, layout: ClipsLayout): Promise<void> {
  title(name);
  using folder = temporaryFolder();
  const peaks: number[] = [];
  for (const times of [1, 2]) {
    const path = join(folder.path, `${times}.parquet`);
    const rows = await writeClips(path, times * size, layout);
    const { bytes, cpu, clock, peak } = await readElsewhere(path, rows);
    const audio = `${Math.round(bytes / 1e6)} MB`;
    const unit = "MB per CPU s";
    check({ name: `${audio}, read`, value: bytes / 1e6 / cpu, unit, bound: 500 });
    tell(`${audio}, by the clock`, bytes / 1e6 / clock, "MB/s");
    const memory = { value: peak / 1e6, unit: "MB", bound: 500, lowIsGood: true };
    check({ name: `${audio}, peak memory`, ...memory });
    peaks.push(peak / 1e6);
    Deno.removeSync(path);
  }
  const [once = NaN, twice = NaN] = peaks;
  check({
    ...{ name: "memory for twice as large a file", value: twice / once, unit: "×" },
    ...{ bound: 1.4, lowIsGood: true },
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
  const [cpu, clock] = [cpuSeconds().own, performance.now()];
  let bytes = 0;
  for (let row = 0; row < rows; row++) {
    bytes += cells.read(path, { row, column: "audio" }).bytes?.length ?? 0;
  }
  const seconds = (performance.now() - clock) / 1000;
  return { bytes, cpu: cpuSeconds().own - cpu, clock: seconds, peak: peakMemory() };
}

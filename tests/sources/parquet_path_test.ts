import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import type { RowOptions } from "../../lib/sources/dataset.ts";
import { openParquetPath, type ParquetPathOptions } from "../../lib/sources/parquet_path.ts";
import { fixtureBytes, fixturePath } from "../parquet/fixture.ts";
import { Fixture, itemsIn, samplesIn } from "./fixture.ts";

const ROWS: RowOptions = { columns: null, where: {}, idPrefix: "set", audioRoot: [] };
const SMALL = fixtureBytes("places.parquet");

function open(path: string, options: Partial<ParquetPathOptions> = {}) {
  return openParquetPath({ path, rows: ROWS, ...options });
}

async function refusal(path: string, options: Partial<ParquetPathOptions> = {}): Promise<string> {
  const error: unknown = await open(path, options).then(() => null, (error) => error);
  assert.ok(error instanceof UsageError);
  return error.message;
}

Deno.test("openParquetPath() lists what datasets wrote, a split at a time", async () => {
  const path = fixturePath("dataset");
  const samples = await samplesIn(await open(path));
  assert.deepEqual(samples.map(({ id, text, speaker }) => [id, text, speaker]), [
    ["set/0", "zero", "george"],
    ["set/1", "one", "jackson"],
    ["set/2", "two", "lucas"],
    ["set/3", "three", "george"],
  ]);
  assert.deepEqual(samples[2], {
    id: "set/2",
    audio: `${path}/data/train-00001-of-00002.parquet`,
    part: { kind: "parquet", row: 0, column: "audio" },
    isDeferred: false,
    text: "two",
    speaker: "lucas",
    language: null,
    duration: null,
    start: null,
    end: null,
    place: "data/train-00001-of-00002.parquet row 0",
  });
  const source = await open(path, { split: "test", label: "in" });
  assert.equal(source.description, `Parquet ${path} (test)`);
  const test = await samplesIn(source);
  assert.deepEqual(test.map(({ text, place }) => [text, place]), [
    ["four", "in/data/test-00000-of-00001.parquet row 0"],
  ]);
});

Deno.test("openParquetPath() lists one file, and takes no other split of it", async () => {
  const path = fixturePath("places.parquet");
  const [first] = await samplesIn(await open(path));
  assert.deepEqual([first?.audio, first?.place], [path, "places.parquet row 0"]);
  assert.match(await refusal(path, { split: "test" }), /^Cannot find split 'test' of '.*': it has/);
  assert.match(
    await refusal(path, { config: "de" }),
    /^Cannot choose subset 'de' of '.*': it is a/,
  );
});

Deno.test("openParquetPath() walks a folder in order, and leaves out what is hidden or excluded", async () => {
  using fixture = new Fixture({
    "b/2.parquet": SMALL,
    "b/10.parquet": SMALL,
    "a.parquet": SMALL,
    "notes.txt": "x",
    ".cache/x.parquet": SMALL,
    "run/out.parquet": SMALL,
  });
  Deno.symlinkSync("../b", fixture.path("b/again"));
  const source = await open(fixture.folder, { exclude: [fixture.path("run")] });
  const places = (await itemsIn(source)).flatMap((item) =>
    item.kind === "sample" ? [item.sample.place] : []
  );
  assert.deepEqual([...new Set(places.map((place) => place.split(" ")[0]))], [
    "a.parquet",
    "b/10.parquet",
    "b/2.parquet",
  ]);
});

Deno.test("openParquetPath() takes a subfolder for a subset, with splits of its own", async () => {
  using fixture = new Fixture({
    "de/train-00000-of-00001.parquet": SMALL,
    "de/test-00000-of-00001.parquet": SMALL,
    "fr/train-00000-of-00001.parquet": SMALL,
  });
  const [sample] = await samplesIn(await open(fixture.folder, { config: "de", split: "test" }));
  assert.equal(sample?.place, "de/test-00000-of-00001.parquet row 0");
  assert.equal(
    await refusal(fixture.folder, { config: "es" }),
    `Cannot find subset 'es' of '${fixture.folder}': it has 'de', 'fr'`,
  );
  assert.equal(
    await refusal(fixture.folder, { config: "de", split: "dev" }),
    `Cannot find split 'dev' of '${fixture.folder}/de': it has 'test', 'train'`,
  );
});

Deno.test("openParquetPath() says what is not there before anything is listed", async () => {
  using fixture = new Fixture({ "empty/a.txt": "x", "bad/a.parquet": SMALL.slice(0, 900) });
  assert.match(await refusal(fixture.path("none")), /^Cannot use input '.*\/none': no such file/);
  assert.match(await refusal(fixture.path("empty")), /it holds no Parquet file$/);
  assert.match(await refusal(fixture.path("bad")), /^Cannot read 'a\.parquet': it does not end as/);
  const rows = { ...ROWS, columns: { text: "txt" } };
  assert.match(
    await refusal(fixturePath("places.parquet"), { rows }),
    /^Cannot read 'places\.parquet': column 'txt' for 'text' does not exist: it has .* mean 'text'$/,
  );
});

import assert from "node:assert/strict";
import { connectHub } from "../../lib/hub/connect.ts";
import { Footers } from "../../lib/hub/dataset/footers.ts";
import { filePins } from "../../lib/hub/dataset/pins.ts";
import { remoteRanges } from "../../lib/hub/dataset/remote_ranges.ts";
import { RowGroupBlocks } from "../../lib/hub/dataset/row_group_blocks.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { DatasetSession, speechFile } from "../support/dataset_session.ts";
import { etagOf } from "../support/hub_server.ts";

const SPEECH = speechFile(9);
const SIGNAL = new AbortController().signal;

async function blocksOf(
  session: DatasetSession,
  options: Partial<ConstructorParameters<typeof RowGroupBlocks>[0]> = {},
) {
  const commit = session.commit({ "train.parquet": SPEECH });
  const file = {
    repository: { type: "dataset", id: "org/name" } as const,
    commit,
    name: "train.parquet",
    facts: { etag: etagOf(SPEECH), size: SPEECH.content.length },
  };
  const reader = remoteRanges(await connectHub(session.hub));
  const footers = new Footers(session.path("footers"), reader);
  const folder = session.path("blocks");
  const blocks = new RowGroupBlocks({
    ...{ folder, files: [file], column: "audio", reader, footers },
    ...options,
  });
  return { blocks, path: (group: number) => blocks.pathOf(file, group) };
}

function leftIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("RowGroupBlocks takes no more room than the row group and the footer", async () => {
  await using session = new DatasetSession();
  const { blocks, path } = await blocksOf(session);
  await blocks.bring(path(1), SIGNAL);
  const { size, blocks: sectors } = await Deno.stat(path(1));
  assert.equal(size, SPEECH.content.length);
  assert.ok((sectors ?? 0) * 512 < 0.5 * size);
});

Deno.test("RowGroupBlocks says where no room is left, and leaves nothing", async () => {
  await using session = new DatasetSession();
  const write = () => Promise.reject(new Error("no space left on device"));
  const { blocks, path } = await blocksOf(session, { write });
  await assert.rejects(blocks.bring(path(0), SIGNAL), {
    name: "SpeechmillError",
    message: `Cannot write '${path(0)}': no space left on device: make room, and run the ` +
      "command again",
  });
  assert.deepEqual(leftIn(session.path("blocks", etagOf(SPEECH))), []);
});

Deno.test("RowGroupBlocks ends with the signal, and leaves nothing", async () => {
  await using session = new DatasetSession();
  const { blocks, path } = await blocksOf(session);
  await blocks.bring(path(0), SIGNAL);
  const stop = new AbortController();
  session.server.faults.push(() => {
    stop.abort(new Error("stopped by the user"));
    return null;
  });
  await assert.rejects(blocks.bring(path(1), stop.signal), /stopped by the user/);
  assert.deepEqual(leftIn(session.path("blocks", etagOf(SPEECH))), ["0.parquet"]);
  await blocks.bring(path(1), SIGNAL);
});

Deno.test("RowGroupBlocks takes what a killed process left for nothing", async () => {
  await using session = new DatasetSession();
  const { blocks, path } = await blocksOf(session);
  await Deno.mkdir(session.path("blocks", etagOf(SPEECH)), { recursive: true });
  await Deno.writeTextFile(`${path(2)}.part`, "half of it".repeat(100_000));
  await Deno.writeTextFile(path(1), "of another size");
  for (const group of [1, 2]) {
    await blocks.bring(path(group), SIGNAL);
    assert.equal((await Deno.stat(path(group))).size, SPEECH.content.length);
  }
  assert.deepEqual(leftIn(session.path("blocks", etagOf(SPEECH))), ["1.parquet", "2.parquet"]);
});

Deno.test("RowGroupBlocks refuses paths that are no row group of the dataset", async () => {
  await using session = new DatasetSession();
  const { blocks, path } = await blocksOf(session);
  for (const wrong of [path(3), `${path(0)}/x`, session.path("blocks", "other", "0.parquet")]) {
    await assert.rejects(blocks.bring(wrong, SIGNAL), /it is no row group of the dataset 'org\/na/);
  }
  assert.equal(blocks.owns(path(0)), true);
  assert.equal(blocks.owns(session.path("files", "a.wav")), false);
});

Deno.test("Footers ask again for what was kept in part", async () => {
  await using session = new DatasetSession();
  const { blocks, path } = await blocksOf(session);
  await blocks.bring(path(0), SIGNAL);
  const kept = session.path("footers", etagOf(SPEECH));
  const footer = Deno.readFileSync(kept);
  Deno.writeFileSync(kept, footer.subarray(20));
  await blocks.bring(path(1), SIGNAL);
  assert.deepEqual(Deno.readFileSync(kept), footer);
});

Deno.test("Footers refuse a footer of gigabytes before any memory is taken for it", async () => {
  await using session = new DatasetSession();
  const file = {
    repository: { type: "dataset", id: "org/name" } as const,
    ...{ commit: "0".repeat(40), name: "train.parquet" },
    facts: { etag: "1".repeat(64), size: 2 ** 33 },
  };
  const asked: number[] = [];
  const footers = new Footers(session.path("footers"), {
    read: async (_file, ranges, { take }) => {
      for (const { start, end } of ranges) {
        asked.push(end - start);
        const bytes = new Uint8Array(end - start);
        new DataView(bytes.buffer).setUint32(bytes.length - 8, 0xf0000000, true);
        bytes.set([0x50, 0x41, 0x52, 0x31], bytes.length - 4);
        await take(bytes, start);
      }
    },
  });
  await assert.rejects(footers.open(file), /its footer claims to have 4026531848 bytes/);
  assert.deepEqual(asked, [1 << 16]);
});

Deno.test("Footers tell a stop from bytes that do not fit into memory", async () => {
  using folder = new TemporaryFolder();
  const file = {
    repository: { type: "dataset", id: "org/name" } as const,
    ...{ commit: "0".repeat(40), name: "train.parquet" },
    facts: { etag: "1".repeat(64), size: 1 << 20 },
  };
  const stop = new AbortController();
  const reader = { read: () => Promise.reject(new RangeError("Array buffer allocation failed")) };
  const footers = new Footers(folder.file("footers"), reader, stop.signal);
  await assert.rejects(footers.open(file), {
    name: "SpeechmillError",
    message: /^Cannot read 65\.5 kB of 'train.parquet': Array buffer allocation failed: write/,
  });
  stop.abort();
  await assert.rejects(footers.open(file), { name: "StoppedError" });
});

Deno.test("filePins() gives back what was noted for a request, and nothing for what cannot be read", async () => {
  using folder = new TemporaryFolder();
  const pins = filePins(folder.file("notes"));
  const pin = {
    ...{ commit: "0".repeat(40), convertCommit: null, config: "en", split: "train" },
    files: [{ name: "a.parquet", etag: "1".repeat(64), size: 7 }],
    notices: ["so it is"],
  };
  assert.equal(await pins.read("request"), null);
  await pins.write("request", pin);
  assert.deepEqual(await pins.read("request"), pin);
  assert.equal(await pins.read("another"), null);
  const [note] = leftIn(folder.file("notes"));
  Deno.writeTextFileSync(folder.file(`notes/${note}`), '{"commit": "x"}');
  assert.equal(await pins.read("request"), null);
  Deno.writeTextFileSync(folder.file(`notes/${note}`), "{");
  assert.equal(await pins.read("request"), null);
});

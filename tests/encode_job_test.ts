import assert from "node:assert/strict";
import { encodeCard } from "../lib/encode_card.ts";
import { encodeJob, type EncodeJobOptions } from "../lib/encode_job.ts";
import type { DatasetConstants } from "../lib/encoding/constants.ts";
import { parse } from "../lib/npm/yaml.ts";
import type { CardFigures, Job, PlannedSample } from "../lib/run/job.ts";
import type { CodecSpec } from "../models/codec.ts";
import { codecSpec } from "../models/registry.ts";
import { listSource } from "./support/list_source.ts";

const SAMPLE: PlannedSample = {
  ...{ idx: 3, id: "../../x", text: "Grüße", speaker: null, language: "de", origin: 0 },
};
/** 641 samples at 16 kHz are three frames of 320. */
const OUTPUT = { "num_samples": 641, codes: [1, 2, 3, 4].map((n) => [n, n * 10, 1023]) };

const FIGURES: CardFigures = {
  ...{ hours: 1.5, tokens: 12_000, quarantined: 2, filtered: 1, finished: true },
  splits: [{ name: "train", rows: 90 }, { name: "validation", rows: 10 }],
};

async function job(
  constants: DatasetConstants = {},
  options: Partial<EncodeJobOptions> = {},
): Promise<Job> {
  const own = { source: listSource([]), codec: "bundled", constants: [constants] };
  return await encodeJob({ ...own, ...options });
}

Deno.test("a row holds the columns of the format in their order, constants last", async () => {
  const constants = { corpus: "fsdd", version: 2, clean: true, note: null };
  const { row, columns } = await job(constants);
  const made = row(SAMPLE, OUTPUT, 0.0400625001);
  const expected = [
    ...["id", "text", "bundled_layer_1", "bundled_layer_2", "bundled_layer_3", "bundled_layer_4"],
    ...["encoded_len", "num_samples", "sample_rate", "duration", "speaker", "language"],
    ...["corpus", "version", "clean", "note"],
  ];
  assert.deepEqual(Object.keys(made), expected);
  assert.deepEqual(columns.map(({ name }) => name), expected);
  assert.deepEqual(columns.filter(({ name }) => name in constants).map(({ type }) => type), [
    ...["string", "int64", "bool", "string"],
  ]);
  assert.deepEqual(columns[2], { name: "bundled_layer_1", type: "tokens", maximum: 1023 });
  assert.deepEqual(made, {
    ...{ id: "../../x", text: "Grüße" },
    ...{ bundled_layer_1: [1, 10, 1023], bundled_layer_2: [2, 20, 1023] },
    ...{ bundled_layer_3: [3, 30, 1023], bundled_layer_4: [4, 40, 1023] },
    ...{ encoded_len: 3, num_samples: 641, sample_rate: 16_000, duration: 0.040063 },
    ...{ speaker: null, language: "de", ...constants },
  });
});

Deno.test("a row begins with its place in the plan where that was asked for", async () => {
  const { row, columns } = await job({}, { withIndex: true });
  assert.deepEqual(columns[0], { name: "index", type: "int64" });
  assert.deepEqual(Object.entries(row(SAMPLE, OUTPUT, 1))[0], ["index", 3]);
});

Deno.test("a flat layout writes one column of tokens, and what each id means", async () => {
  const layout = { name: "kani", base: null, removeRepeatedFrames: false } as const;
  const { row, columns, layout: facts, extraFiles, card } = await job({}, { layout });
  const made = row(SAMPLE, OUTPUT, 0.04);
  assert.deepEqual(columns[2], { name: "tokens", type: "tokens", maximum: 77_529 });
  assert.deepEqual(Object.keys(made).slice(0, 4), ["id", "text", "tokens", "encoded_len"]);
  assert.deepEqual(made["tokens"], [
    ...[64_411, 68_444, 72_477, 76_510],
    ...[64_420, 68_462, 72_504, 76_546],
    ...[65_433, 69_465, 73_497, 77_529],
  ]);
  assert.equal(made["encoded_len"], 3);
  assert.deepEqual(facts, {
    ...{ name: "kani", base: 64_410, remove_repeated_frames: false, columns: ["tokens"] },
  });
  const [file] = extraFiles?.() ?? [];
  assert.equal(file?.name, "vocabulary.json");
  const { columns: named, layout: name, first, ranges } = JSON.parse(file.content);
  assert.deepEqual([named, name, first, ranges.length], [["tokens"], "kani", 64_410, 4]);
  assert.match(card(FIGURES), /in the layout `kani`: `vocabulary\.json` tells/);
});

Deno.test("a row counts the codes before repeated frames are removed, the summary those kept", async () => {
  const layout = { name: "kani", base: 0, removeRepeatedFrames: true } as const;
  const { row, stage, layout: facts } = await job({}, { layout });
  const output = { ...OUTPUT, codes: [[1, 1, 1], [2, 2, 2], [3, 3, 3], [4, 4, 5]] };
  const made = row(SAMPLE, output, 0.04);
  assert.deepEqual(made["tokens"], [1, 4034, 8067, 12_100, 1, 4034, 8067, 12_101]);
  assert.deepEqual([made["encoded_len"], made["num_samples"]], [3, 641]);
  assert.equal(stage.tokens(output), 8);
  assert.equal(facts?.["remove_repeated_frames"], true);
});

Deno.test("encodeJob() refuses a layout that does not fit the codec", async () => {
  const layout = { name: "orpheus", base: null, removeRepeatedFrames: false } as const;
  await assert.rejects(job({}, { layout }), /^UsageError: .*'bundled' in the layout 'orpheus'/);
});

Deno.test("the constants of a row are those of its dataset", async () => {
  const constants = [{ corpus: "a", share: 1 }, { share: 0.5, corpus: null }];
  const { row, columns } = await job({}, { constants });
  assert.deepEqual(columns.slice(-2), [
    ...[{ name: "corpus", type: "string" }, { name: "share", type: "float64" }],
  ]);
  assert.deepEqual(Object.entries(row({ ...SAMPLE, origin: 1 }, OUTPUT, 1)).slice(-2), [
    ...[["corpus", null], ["share", 0.5]],
  ]);
});

Deno.test("a constant named 'speaker' takes the place of the field, as in the Nano Codec pipeline", async () => {
  const { row, columns } = await job({ speaker: "ana", kind: 1 });
  const names = columns.map(({ name }) => name);
  assert.deepEqual(names.filter((name) => name === "speaker"), ["speaker"]);
  assert.deepEqual(names.slice(-3), ["speaker", "language", "kind"]);
  const made = row({ ...SAMPLE, speaker: "x" }, OUTPUT, 1);
  assert.deepEqual([made["speaker"], Object.keys(made)], ["ana", names]);
});

Deno.test("encodeJob() refuses a constant with the name of a column", async () => {
  for (const name of ["id", "num_samples", "bundled_layer_2"]) {
    await assert.rejects(job({ [name]: 1 }), new RegExp(`Cannot add the constant '${name}'`));
  }
  await assert.rejects(job({ index: 1 }, { withIndex: true }), /Cannot add the constant 'index'/);
  assert.ok(await job({ index: 1 }));
});

Deno.test("check() takes codes of the right shape and refuses every other answer", async () => {
  const { stage } = await job();
  assert.equal(stage.check(OUTPUT), null);
  assert.equal(stage.tokens(OUTPUT), 12);
  const codes = (change: (layers: unknown[]) => unknown) => {
    const layers: unknown[] = OUTPUT.codes.map((layer) => [...layer]);
    return { ...OUTPUT, codes: change(layers) };
  };
  const wrong: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{}, /they stand for undefined samples/],
    [{ ...OUTPUT, num_samples: 0 }, /they stand for 0 samples/],
    [{ ...OUTPUT, num_samples: 640.5 }, /they stand for 640.5 samples/],
    [{ ...OUTPUT, num_samples: 640 }, /layer 1 holds 3 codes, 640 samples make 2/],
    [codes(() => null), /'bundled' has 4 layers/],
    [codes((layers) => layers.slice(1)), /'bundled' has 4 layers/],
    [codes((layers) => layers.with(2, "abc")), /layer 3 holds 3 codes/],
    [codes((layers) => layers.with(3, [1, 2])), /layer 4 holds 2 codes, 641 samples make 3/],
    [codes((layers) => layers.with(1, [1, 1024, 2])), /layer 2 holds 1024, the codebook has 1024/],
    [codes((layers) => layers.with(0, [-1, 0, 0])), /layer 1 holds -1/],
    [codes((layers) => layers.with(0, [0, 0.5, 0])), /layer 1 holds 0.5/],
    [codes((layers) => layers.with(0, [0, null, 0])), /layer 1 holds null/],
    [codes((layers) => layers.with(0, [0, "7", 0])), /layer 1 holds 7/],
  ];
  for (const [output, message] of wrong) assert.match(stage.check(output) ?? "accepted", message);
});

Deno.test("lengthOf() is the same for clips that pad to the same length", async () => {
  const { stage } = await job();
  const lengths = [0, 0.0001, 0.02, 0.0201, 1].map((seconds) => stage.lengthOf(seconds));
  assert.deepEqual(lengths, [1, 1, 1, 2, 50]);
});

/** The card's front matter, read as the Hub reads it. */
function frontMatter(card: string): Record<string, unknown> {
  const [, yaml] = /^---\n([\s\S]*?)\n---\n/.exec(card) ?? [];
  assert.ok(yaml !== undefined);
  return parse(yaml);
}

Deno.test("the card's front matter tells each split's files and each column's type", async () => {
  const { card, columns } = await job({ corpus: "a: b # c", version: 2, share: 0.5, clean: true });
  const { configs, dataset_info: info } = frontMatter(card(FIGURES));
  assert.deepEqual(configs, [{
    config_name: "default",
    data_files: [
      { split: "train", path: "data/train-*.jsonl.gz" },
      { split: "validation", path: "data/validation-*.jsonl.gz" },
    ],
  }]);
  assert.deepEqual(info, {
    features: columns.map(({ name, type }) =>
      type === "tokens" ? { name, sequence: "int64" } : { name, dtype: type }
    ),
  });
});

Deno.test("the card leaves out a split without a row, and says that a run goes on", async () => {
  const { card } = await job();
  const splits = [{ name: "train", rows: 0 }, { name: "validation", rows: 3 }];
  const text = card({ ...FIGURES, splits, finished: false });
  assert.deepEqual(frontMatter(text)["configs"], [{
    config_name: "default",
    data_files: [{ split: "validation", path: "data/validation-*.jsonl.gz" }],
  }]);
  assert.match(text, /The run is not finished/);
  const none = frontMatter(card({ ...FIGURES, splits: [] }));
  assert.deepEqual(none["configs"], undefined);
});

Deno.test("the card's tables hold, whatever a constant holds", async () => {
  const { card } = await job({ corpus: "a | b" });
  const line = card(FIGURES).split("\n").find((text) => text.startsWith("| `corpus`")) ?? "";
  assert.equal(line.replaceAll("\\|", "").split("|").length, 4, line);
});

Deno.test("the card names the model and warns of what users must know", async () => {
  const { card, notice } = await job();
  assert.ok(notice !== null && card(FIGURES).includes(notice));
  const spec: CodecSpec = { ...codecSpec("bundled"), notice: null };
  const quiet = encodeCard({
    ...{
      spec,
      commit: null,
      digest: "ab12",
      layout: { name: "layers", base: 0, isLossless: true },
      columns: [],
    },
    ...{ format: "jsonl.gz", command: null },
  }, FIGURES);
  assert.ok(!quiet.includes("Note.") && quiet.includes("ab12"));
});

Deno.test("the card does not call tokens codes where they begin at another id", async () => {
  const layout = { name: "layers" as const, base: 1000, removeRepeatedFrames: false };
  const { card } = await job({}, { layout });
  const text = card(FIGURES);
  assert.match(text, /in the layout `layers`: `vocabulary\.json` tells/);
  assert.ok(!text.includes("codes of layer 1"), text);
});

Deno.test("the card of a small dataset does not speak of 0.00 hours", async () => {
  const { card } = await job();
  const text = card({ ...FIGURES, hours: 0.003, tokens: 2496 });
  assert.match(text, /^0\.003 hours of speech, 2,496 tokens of the codec/m);
});

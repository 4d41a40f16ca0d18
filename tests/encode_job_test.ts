import assert from "node:assert/strict";
import { encodeCard } from "../lib/encode_card.ts";
import { encodeJob } from "../lib/encode_job.ts";
import { parse } from "../lib/npm/yaml.ts";
import type { CardFigures, Job, PlannedSample } from "../lib/run/job.ts";
import type { CodecSpec } from "../models/codec.ts";
import { codecSpec } from "../models/registry.ts";
import { listSource } from "./support/list_source.ts";

const SAMPLE: PlannedSample = {
  ...{ idx: 3, id: "../../x", text: "Grüße", speaker: null, language: "de" },
};
/** 641 samples at 16 kHz are three frames of 320. */
const OUTPUT = { "num_samples": 641, codes: [1, 2, 3, 4].map((n) => [n, n * 10, 1023]) };

const FIGURES: CardFigures = {
  ...{ hours: 1.5, tokens: 12_000, quarantined: 2, filtered: 1, finished: true },
  splits: [{ name: "train", rows: 90 }, { name: "validation", rows: 10 }],
};

async function job(constants: Record<string, string | number | boolean | null> = {}): Promise<Job> {
  return await encodeJob({ source: listSource([]), codec: "bundled", constants });
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
  assert.deepEqual(columns, expected);
  assert.deepEqual(made, {
    ...{ id: "../../x", text: "Grüße" },
    ...{ bundled_layer_1: [1, 10, 1023], bundled_layer_2: [2, 20, 1023] },
    ...{ bundled_layer_3: [3, 30, 1023], bundled_layer_4: [4, 40, 1023] },
    ...{ encoded_len: 3, num_samples: 641, sample_rate: 16_000, duration: 0.040063 },
    ...{ speaker: null, language: "de", ...constants },
  });
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
    features: columns.map((name) => {
      if (name.startsWith("bundled_layer_")) return { name, sequence: "int64" };
      const whole = ["encoded_len", "num_samples", "sample_rate", "version"];
      const dtype = whole.includes(name)
        ? "int64"
        : ["duration", "share"].includes(name)
        ? "float64"
        : name === "clean"
        ? "bool"
        : "string";
      return { name, dtype };
    }),
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
  const quiet = encodeCard(spec, "ab12", [], {}, FIGURES);
  assert.ok(!quiet.includes("Note.") && quiet.includes("ab12"));
});

Deno.test("the card of a small dataset does not speak of 0.00 hours", async () => {
  const { card } = await job();
  const text = card({ ...FIGURES, hours: 0.003, tokens: 2496 });
  assert.match(text, /^0\.003 hours of speech, 2,496 tokens of the codec/m);
});

import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import type { DatasetRequest, DatasetTrees } from "../../lib/hub/dataset/request.ts";
import { readCard } from "../../lib/hub/dataset/card.ts";
import { resolveDataset } from "../../lib/hub/dataset/resolve.ts";
import resolution from "../fixtures/hub/resolution.json" with { type: "json" };
import { MemoryTree } from "../support/memory_tree.ts";

interface Result {
  readonly error?: string;
  readonly config?: string;
  readonly reader?: string;
  readonly splits?: Readonly<Record<string, readonly string[] | undefined>>;
}

const REQUEST: DatasetRequest = { id: "org/name", config: null, split: null, allowPartial: false };

/** Here Python looks for the files outside of `data_dir` first, and finds none. */
const MORE_THAN_PYTHON = ["data_dir and data_files"];

function treesOf(main: MemoryTree, converted: MemoryTree | null = null): DatasetTrees {
  return { main, isConverted: false, converted: () => Promise.resolve(converted) };
}

async function namesOf(request: Partial<DatasetRequest>, trees: DatasetTrees) {
  const { config, split, files } = await resolveDataset({ ...REQUEST, ...request }, trees);
  return { config, split, files: files.map(({ name }) => name) };
}

for (const { name, files, readme, wanted, result } of resolution.cases) {
  if (MORE_THAN_PYTHON.includes(name)) continue;
  Deno.test(`resolveDataset() finds what datasets ${resolution.datasets} finds: ${name}`, async () => {
    const { error, config, reader, splits }: Result = result;
    const trees = treesOf(new MemoryTree(files, readme === null ? {} : { "README.md": readme }));
    if (error !== undefined) {
      await assert.rejects(namesOf({ config: wanted, split: "train" }, trees), UsageError);
      return;
    }
    for (const [split, expected] of Object.entries(splits ?? {})) {
      const found = namesOf({ config: wanted, split }, trees);
      if (reader === "Parquet") assert.deepEqual(await found, { config, split, files: expected });
      else await assert.rejects(found, /has converted nothing to Parquet/);
    }
    await assert.rejects(namesOf({ config: wanted, split: "other" }, trees), UsageError);
  });
}

Deno.test("resolveDataset() looks for files of data_files in data_dir", async () => {
  const card = "---\nconfigs:\n- config_name: en\n  data_dir: en\n  data_files: train-*\n---\n";
  const tree = new MemoryTree(["en/train-0.parquet", "train-0.parquet"], { "README.md": card });
  const { files } = await namesOf({}, treesOf(tree));
  assert.deepEqual(files, ["en/train-0.parquet"]);
});

Deno.test("resolveDataset() takes data_files by split, and reads .huggingface.yaml before README.md", async () => {
  const own = "configs:\n- config_name: x\n  data_files: {train: a.parquet, dev: [b.parquet]}\n";
  const tree = new MemoryTree(["a.parquet", "b.parquet"], {
    ".huggingface.yaml": own,
    "README.md": "---\nconfigs:\n- config_name: y\n---\n",
  });
  const found = await namesOf({ split: "dev" }, treesOf(tree));
  assert.deepEqual(found, { config: "x", split: "dev", files: ["b.parquet"] });
});

Deno.test("resolveDataset() takes a file once where two patterns mean it", async () => {
  const tree = new MemoryTree(["test/test-1/x.parquet", "train/y.parquet"]);
  assert.deepEqual((await namesOf({ split: "test" }, treesOf(tree))).files, [
    "test/test-1/x.parquet",
  ]);
});

Deno.test("resolveDataset() lists the folders of the config that is asked for, and no others", async () => {
  const card = "---\nconfigs:\n" +
    "- config_name: en\n  data_files: en/train-*\n" +
    "- config_name: de\n  data_files: [de/a.parquet, de/more/**/*.parquet]\n---\n";
  const names = ["en/train-0.parquet", "de/a.parquet", "de/more/x/b.parquet"];
  const tree = new MemoryTree(names, { "README.md": card });
  await namesOf({ config: "en" }, treesOf(tree));
  assert.deepEqual(tree.listed, ["one en"]);
  await namesOf({ config: "de" }, treesOf(tree));
  assert.deepEqual(tree.listed.slice(1), ["one de", "all de/more"]);
});

Deno.test("resolveDataset() joins splits in the order asked for; 'all' are all of them", async () => {
  const trees = treesOf(new MemoryTree(["test.parquet", "train.parquet", "dev.parquet"]));
  assert.deepEqual(await namesOf({ split: "test + train" }, trees), {
    config: "default",
    split: "test+train",
    files: ["test.parquet", "train.parquet"],
  });
  const all = await namesOf({ split: "all" }, trees);
  assert.deepEqual(all.files, ["train.parquet", "dev.parquet", "test.parquet"]);
});

Deno.test("resolveDataset() takes train, or the only split, where none is asked for", async () => {
  const two = treesOf(new MemoryTree(["test.parquet", "train.parquet"]));
  assert.equal((await namesOf({}, two)).split, "train");
  assert.equal((await namesOf({}, treesOf(new MemoryTree(["test.parquet"])))).split, "test");
  await assert.rejects(
    namesOf({}, treesOf(new MemoryTree(["test.parquet", "dev.parquet"]))),
    new UsageError(
      "Cannot choose a split of the dataset 'org/name': it has 'validation', 'test'; choose one " +
        "with split, or 'all' for all of them",
    ),
  );
});

const CARD = "---\nconfigs:\n" +
  "- config_name: english\n  data_files:\n  - {split: train, path: en/*}\n" +
  "- config_name: german\n  data_files: de/*\n---\n";

for (
  const [what, request, message] of [
    [
      "no config",
      {},
      "Cannot choose a subset of the dataset 'org/name': it has 'english', 'german'; " +
      "choose one with subset, such as 'english'",
    ],
    [
      "an unknown config",
      { config: "germann" },
      "Cannot use the dataset 'org/name': it has no subset 'germann', did you mean 'german': " +
      "it has 'english', 'german'",
    ],
    [
      "an unknown split",
      { config: "german", split: "trian" },
      "Cannot use the dataset 'org/name' with subset 'german': it has no split 'trian', " +
      "did you mean 'train': it has 'train'",
    ],
    [
      "a part of a split",
      { config: "german", split: "train[:10%]" },
      "Cannot use the split 'train[:10%]' of the dataset 'org/name' with subset 'german': it names " +
      "a part of one: give the whole split, and set max_samples to take so many samples from its " +
      "beginning",
    ],
    [
      "a split twice",
      { config: "german", split: "train+train" },
      "Cannot use the splits 'train+train' of the dataset 'org/name' with subset 'german': 'train' " +
      "is named twice",
    ],
    [
      "a split without files",
      { config: "english" },
      "Cannot use the dataset 'org/name' with subset 'english': its split 'train' is declared to be " +
      "'en/*', and there is no such file",
    ],
  ] as const
) {
  Deno.test(`resolveDataset() throws for ${what} and says what there is`, async () => {
    const trees = treesOf(new MemoryTree(["de/a.parquet"], { "README.md": CARD }));
    await assert.rejects(namesOf(request, trees), new UsageError(message));
  });
}

for (
  const [what, yaml, message] of [
    [
      "files outside of it",
      "[{config_name: x, data_files: '../a.parquet'}]",
      /outside of the repo/,
    ],
    ["files elsewhere", "[{config_name: x, data_files: 'https://a.b/c'}]", /outside of the repo/],
    ["a folder outside of it", "[{config_name: x, data_dir: '/etc'}]", /outside of the repository/],
    ["no YAML", "[", /its README\.md is wrong/],
    ["a mixed list", "[{config_name: x, data_files: [a, {split: b, path: c}]}]", /README\.md is/],
  ] as const
) {
  Deno.test(`resolveDataset() throws for a card that names ${what}`, async () => {
    const tree = new MemoryTree([], { "README.md": `---\nconfigs: ${yaml}\n---\n` });
    await assert.rejects(namesOf({}, treesOf(tree)), message);
  });
}

const CONVERTED = new MemoryTree([
  "default/test/0000.parquet",
  "default/train/0000.parquet",
  "default/train/0001.parquet",
  "english/partial-train/0000.parquet",
  "english/test/0000.parquet",
]);

Deno.test("resolveDataset() takes what the Hub converted where the files are no Parquet, and says so", async () => {
  const trees = treesOf(new MemoryTree(["train/a.wav", "test/b.wav"]), CONVERTED);
  const { files, commit, notices } = await resolveDataset({ ...REQUEST, config: "default" }, trees);
  assert.deepEqual(files.map(({ name }) => name), [
    "default/train/0000.parquet",
    "default/train/0001.parquet",
  ]);
  assert.equal(commit, CONVERTED.commit);
  assert.deepEqual(notices, [
    "'org/name' is read as the Hub converted it (refs/convert/parquet): its files are .wav",
  ]);
});

Deno.test("resolveDataset() never executes a script: it takes what the Hub converted, or throws", async () => {
  const main = new MemoryTree(["data/train.parquet"], { "name.py": "raise SystemExit" });
  const request = { config: "default", split: "test" };
  const { files } = await namesOf(request, treesOf(main, CONVERTED));
  assert.deepEqual(files, ["default/test/0000.parquet"]);
  await assert.rejects(
    namesOf(request, treesOf(main)),
    /it is made by a script, 'name\.py', and the Hub has converted nothing/,
  );
});

Deno.test("resolveDataset() knows the configs that only the Hub's conversion has", async () => {
  const trees = treesOf(new MemoryTree(["a.json"]), CONVERTED);
  const found = await namesOf({ config: "english", split: "test" }, trees);
  assert.deepEqual(found.files, ["english/test/0000.parquet"]);
  await assert.rejects(
    namesOf({ config: "englisch" }, trees),
    /no subset 'englisch', did you mean 'english': it has 'default', 'english'$/,
  );
});

Deno.test("resolveDataset() refuses a split that was converted in part, unless told", async () => {
  const trees = { ...treesOf(CONVERTED), isConverted: true };
  const request = { config: "english", split: "train" };
  await assert.rejects(namesOf(request, trees), /converted only the beginning of split 'train'/);
  const partial = await resolveDataset({ ...REQUEST, ...request, allowPartial: true }, trees);
  assert.deepEqual(partial.files.map(({ name }) => name), ["english/partial-train/0000.parquet"]);
  assert.equal(partial.split, "train");
  assert.deepEqual(partial.notices, [
    "the Hub converted only the beginning of split 'train' of 'org/name' to Parquet",
  ]);
});

Deno.test("readCard() names the first problems of a card with thousands", () => {
  const yaml = `configs:\n${"- 1\n".repeat(5000)}`;
  const read = () => readCard(yaml, { id: "org/name", file: "README.md" });
  assert.throws(read, ({ message }) => message.length < 1000 && message.includes("configs[4]"));
});

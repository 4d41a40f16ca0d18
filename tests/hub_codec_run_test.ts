/** A run whose codec lies on the Hub: downloaded, converted, run, checked, decoded. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../lib/config/config.ts";
import { decodeRun } from "../lib/decode_run.ts";
import { encode, resume } from "../lib/encode.ts";
import { EXIT } from "../lib/errors.ts";
import { pathExists } from "../lib/fs.ts";
import type { HubOptions } from "../lib/hub/repository.ts";
import type { EncodeEvent } from "../lib/encoding/events.ts";
import { verifyRun } from "../lib/verify.ts";
import { decodeAudio } from "../lib/audio/decode.ts";
import { convertCodec } from "../models/convert/convert.ts";
import { openCodec } from "../models/resolve.ts";
import { COMMIT, HubServer, REPOSITORY } from "./support/hub_server.ts";
import { publishedRows, temporaryDirectory } from "./support/run_once.ts";

const root = new URL("..", import.meta.url).pathname;
const SPEECH = join(root, "examples/speech");
const NARROW = join(root, "tests/data/checkpoints/encodec/transformers");
const TOKEN = "hf_ThisMustNotBeSeen";

/** A Hub with the narrow EnCodec, and how a run reaches it. */
class CodecHub extends HubServer {
  readonly options: HubOptions;

  constructor(home: string) {
    super();
    for (const [name, large] of [["config.json", false], ["model.safetensors", true]] as const) {
      this.files.set(name, { content: Deno.readFileSync(join(NARROW, name)), large });
    }
    const variables = new Map<string, string>([
      ...[["HF_ENDPOINT", this.endpoint], ["HF_HOME", join(home, "hf")]] as const,
      ...[["HF_TOKEN", TOKEN], ["SPEECHMILL_CACHE", join(home, "cache")]] as const,
    ]);
    this.options = { environment: (name) => variables.get(name) };
  }
}

function configOf(output: string) {
  const flags = {
    ...{ input: [join(SPEECH, "manifest.jsonl")], maxSamples: 3, devices: "cpu:1" },
    ...{ codec: REPOSITORY, codebooks: 2, output },
  };
  return loadConfig({ flags, cwd: root });
}

Deno.test("a codec is named as on the Hub, and everything else happens by itself", async () => {
  using directory = temporaryDirectory();
  await using server = new CodecHub(directory.path);
  const hub = server.options;
  const output = join(directory.path, "run");
  const events = await Array.fromAsync(encode(await configOf(output), { hub }));
  const last = events.at(-1);
  assert.ok(last?.type === "finished" && last.summary.done === 3);
  const steps = events.filter((event) => event.type === "converting");
  assert.ok(steps.some(({ step }) => step === "downloading"));
  assert.ok(steps.every(({ codec }) => codec === REPOSITORY));

  await using codec = await openCodec(REPOSITORY, { hub, codebooks: 2 });
  for (const row of await publishedRows(output)) {
    const { pcm } = decodeAudio(join(SPEECH, `${row["id"]}.flac`), { sampleRate: 24_000 });
    const layers = [row["encodec_layer_1"], row["encodec_layer_2"]];
    assert.deepEqual(layers, await codec.encode(pcm));
    assert.equal(row["encoded_len"], Math.ceil(pcm.length / 24));
  }
  const manifest = JSON.parse(Deno.readTextFileSync(join(output, "manifest.json")));
  assert.equal(manifest.model.codec, REPOSITORY);
  assert.equal(manifest.model.commit, COMMIT);
  const card = Deno.readTextFileSync(join(output, "README.md"));
  assert.ok(card.includes(`those of the commit \`${COMMIT}\` on the Hub`), card);
  assert.equal(manifest.model.encoder_sha256, codec.encoderDigest);

  const report = (await Array.fromAsync(verifyRun(output, { rebatch: 1, hub }))).at(-1);
  assert.ok(report?.type === "finished");
  assert.deepEqual(report.report.problems, []);
  const wavs = join(directory.path, "wavs");
  const decoded = (await Array.fromAsync(decodeRun(output, { output: wavs, hub }))).at(-1);
  assert.ok(decoded?.type === "finished" && decoded.files === 3);
  assert.ok([...texts(directory.path)].every((text) => !text.includes(TOKEN)));
});

Deno.test("a published run is decoded with what was chosen of its codec", async () => {
  using directory = temporaryDirectory();
  await using server = new CodecHub(directory.path);
  const hub = server.options;
  const output = join(directory.path, "run");
  await Array.fromAsync(encode(await configOf(output), { hub }));
  Deno.removeSync(join(output, ".speechmill"), { recursive: true });
  const ready = join(directory.path, "ready");
  await convertCodec(NARROW, { codebooks: 2, output: ready });
  for (const [index, codec] of [undefined, NARROW, ready].entries()) {
    const wavs = join(directory.path, `wavs-${index}`);
    const options = { output: wavs, hub, ...(codec === undefined ? {} : { codec }) };
    const last = (await Array.fromAsync(decodeRun(output, options))).at(-1);
    assert.ok(last?.type === "finished" && last.files === 3);
  }
});

Deno.test("a run that is stopped while its codec is downloaded says so at once", async () => {
  using directory = temporaryDirectory();
  await using server = new CodecHub(directory.path);
  const stop = new AbortController();
  const hub: HubOptions = {
    ...server.options,
    // A server that never answers.
    fetch: (_input, init) => {
      stop.abort("asked to");
      return new Promise((_, reject) => init?.signal?.aborted && reject(init.signal.reason));
    },
  };
  const output = join(directory.path, "run");
  const events = encode(await configOf(output), { hub, signal: stop.signal });
  await assert.rejects(Array.fromAsync(events), {
    name: "StoppedError",
    exitCode: EXIT.stopped,
    message: /^Cannot bring the codec 'org\/name' here: it was asked to stop; what was downloaded/,
  });
  assert.equal(pathExists(output), false);
});

Deno.test("an input that is not there is found before a codec is downloaded", async () => {
  using directory = temporaryDirectory();
  await using server = new CodecHub(directory.path);
  const config = await configOf(join(directory.path, "run"));
  const input = [join(directory.path, "gone.jsonl")];
  const events = encode({ ...config, input }, { hub: server.options });
  await assert.rejects(Array.fromAsync(events), { name: "UsageError", message: /gone\.jsonl/ });
  assert.deepEqual(server.seen, []);
});

Deno.test("a codec can be held to a revision", async () => {
  using directory = temporaryDirectory();
  await using server = new CodecHub(directory.path);
  const old = "f".repeat(40);
  server.revisions.set("v1", old).set(old, old);
  await using codec = await openCodec(`${REPOSITORY}@v1`, { hub: server.options, codebooks: 2 });
  assert.equal(codec.spec.id, REPOSITORY);
  const asked = server.paths("hub").filter((path) => path.includes("/resolve/"));
  assert.ok(asked.length > 0 && asked.every((path) => path.includes(old)));
});

Deno.test("a run on a machine without network goes on with what is in the cache", async () => {
  using directory = temporaryDirectory();
  const output = join(directory.path, "run");
  const stop = new AbortController();
  let environment: HubOptions["environment"];
  {
    await using server = new CodecHub(directory.path);
    ({ environment } = server.options);
    const { signal } = stop;
    const options = { hub: server.options, signal };
    for await (const event of encode(await configOf(output), options)) {
      if (event.type === "planned") stop.abort("enough");
    }
  }
  assert.ok(environment !== undefined);
  const known = environment;
  const offline = (name: string) => name === "HF_HUB_OFFLINE" ? "1" : known(name);
  const events: EncodeEvent[] = await Array.fromAsync(
    resume(output, { hub: { environment: offline } }),
  );
  const last = events.at(-1);
  assert.ok(last?.type === "finished" && last.summary.finished);
});

/** Every file below a folder, as text. */
function* texts(folder: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* texts(join(folder, name));
    if (isFile) yield new TextDecoder("latin1").decode(Deno.readFileSync(join(folder, name)));
  }
}

/** Runs over datasets of the Hub that go on in another way than they were begun. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunConfig } from "../lib/config/run_config.ts";
import { encode, type EncodeOptions, resume } from "../lib/encode.ts";
import { SpeechmillError } from "../lib/errors.ts";
import { pathExists } from "../lib/fs.ts";
import { CONFIG, DATASET, SpeechHub } from "./support/speech_hub.ts";

const YAML = CONFIG.replace(/hf_upload: .*/, "hf_upload: null");

/** A run that was stopped once it was planned. */
async function stopped(session: SpeechHub, streaming: boolean): Promise<RunConfig> {
  await session.publish();
  const config = { ...await session.config(YAML), streaming };
  const stop = new AbortController();
  for await (const event of encode(config, { hub: session.hub, signal: stop.signal })) {
    if (event.type === "planned") stop.abort("enough for today");
  }
  return config;
}

function hubWith(session: SpeechHub, variables: Readonly<Record<string, string>>) {
  const { environment, ...hub }: NonNullable<EncodeOptions["hub"]> = session.hub;
  return { ...hub, environment: (name: string) => variables[name] ?? environment?.(name) };
}

async function goesOn(session: SpeechHub, config: RunConfig): Promise<void> {
  const last = await session.encode(config);
  assert.ok(last?.type === "finished" && last.summary.finished);
  assert.equal(last.summary.done, 6);
}

Deno.test("a run that was planned with whole files goes on with streaming", async () => {
  await using session = new SpeechHub();
  await goesOn(session, { ...await stopped(session, false), streaming: true });
});

Deno.test("a streamed run refuses to go on with whole files, and loses no sample by it", async () => {
  await using session = new SpeechHub();
  const config = await stopped(session, true);
  await assert.rejects(session.encode({ ...config, streaming: false }), (error) => {
    assert.ok(error instanceof SpeechmillError);
    assert.match(error.message, /streaming/);
    return true;
  });
  await goesOn(session, config);
});

Deno.test("a streamed run refuses another cache folder, and loses no sample by it", async () => {
  await using session = new SpeechHub();
  await stopped(session, true);
  const elsewhere = join(session.directory.path, "elsewhere");
  const hub = hubWith(session, { SPEECHMILL_CACHE: elsewhere });
  await assert.rejects(Array.fromAsync(resume(session.output, { hub })), (error) => {
    assert.ok(error instanceof SpeechmillError);
    assert.match(error.message, /SPEECHMILL_CACHE/);
    return true;
  });
  const last = (await Array.fromAsync(resume(session.output, { hub: session.hub }))).at(-1);
  assert.ok(last?.type === "finished" && last.summary.finished);
  assert.equal(last.summary.done, 6);
  assert.ok(!pathExists(join(elsewhere, "blocks")));
});

Deno.test("a run that could not be planned takes the branch as it is the next time", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const wrong = await session.config(YAML.replaceAll("_name: sentence", "_name: words"));
  await assert.rejects(session.encode(wrong), /words/);
  const branch = session.server.datasets.at(DATASET, "main");
  const files = Object.fromEntries(branch?.files ?? []);
  const [north = "", ...others] = Object.keys(files).filter((name) => name.startsWith("north"));
  for (const name of others) delete files[name];
  assert.ok(north !== "" && others.length === 1);
  session.server.datasets.commit(DATASET, "main", files);
  const last = await session.encode(await session.config(YAML));
  assert.ok(last?.type === "finished" && last.summary.done === 5);
});

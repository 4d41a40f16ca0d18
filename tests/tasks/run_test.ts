/** Whole command lines, with real workers. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT } from "../../lib/errors.ts";
import { runLine } from "./fixture.ts";

const SPEECH = fileURLToPath(new URL("../../examples/speech/", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));

function makeFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

Deno.test("a run ends with its figures, the codec's limits and the next commands; 3 if it lost a sample", async () => {
  using folder = makeFolder();
  const manifest = join(folder.path, "list.jsonl");
  const run = join(folder.path, "run");
  const lines = [{ id: "a", audio: join(SPEECH, "LJ001-0002.flac") }, { id: "b", audio: "no.wav" }];
  Deno.writeTextFileSync(manifest, lines.map((line) => JSON.stringify(line)).join("\n"));

  const flags = ["--input", manifest, "--output", run, "--devices", "cpu:1"];
  const encoded = await runLine("encode", ...flags, "--val-ratio", "0");
  assert.equal(encoded.code, EXIT.quarantined, encoded.err);
  assert.match(encoded.out, /^Done, with 1 quarantined sample$/m);
  assert.match(encoded.out, /^ {2}samples {6}1 of 2 done/m);
  assert.match(encoded.out, /^ {2}quarantined {2}1: 1 missing_file/m);
  assert.match(encoded.out, /^ {2}note .*not to train models/m);
  assert.match(encoded.out, /^ {2}speechmill verify /m);

  const status = await runLine("status", run);
  assert.equal(status.code, EXIT.done);
  assert.match(status.out, /^Finished\n/);
  assert.match(status.out, /'b' \(.*list\.jsonl:2\)/);
  assert.equal(JSON.parse((await runLine("status", run, "--json")).out).summary.done, 1);

  const verified = await runLine("verify", run, "--rebatch", "100%");
  assert.equal(verified.code, EXIT.done, verified.err);
  assert.match(verified.out, /^The run is whole\n/);
  assert.match(verified.out, /1 clip one by one: 0 of [\d,]+ tokens differ/);

  const decoded = await runLine("decode", run, "--output", join(folder.path, "wav"));
  assert.equal(decoded.code, EXIT.done, decoded.err);
  assert.match(decoded.out, /^Decoded 1 file, 1\.9 s of audio, into /);

  const other = await runLine("encode", ...flags, "--val-ratio", "0.5");
  assert.equal(other.code, EXIT.usage);
  assert.match(other.err, /val_ratio: planned with 0, now 0\.5/);

  const [shard = ""] = [...Deno.readDirSync(join(run, "data"))].map(({ name }) => name);
  Deno.writeTextFileSync(join(run, "data", shard), "damaged");
  const damaged = await runLine("verify", run);
  assert.equal(damaged.code, EXIT.failed);
  assert.match(damaged.out, /^Found \d+ problem/);
});

Deno.test("the first Ctrl-C stops a run so that it can be resumed", async () => {
  using folder = makeFolder();
  const run = join(folder.path, "run");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM, "encode", "--output", run, "--devices", "cpu:1"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Response(child.stdout).text();
  let complaints = "";
  for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
    const wasPlanned = complaints.includes("Planned");
    complaints += part;
    if (!wasPlanned && complaints.includes("Planned")) child.kill("SIGINT");
  }
  assert.equal((await child.status).code, EXIT.stopped, complaints);
  assert.match(complaints, /Stopping: /);
  assert.match(await stdout, /^Stopped with \d+ samples left/);
  assert.match(await stdout, /^ {2}(speechmill|deno task|npx .* task) resume /m);
  assert.match((await runLine("status", run)).out, /^Stopped with/);
});

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { datasetsOf } from "../../lib/config/datasets.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { bringSource } from "../../lib/encoding/open_source.ts";
import { Fixture, samplesIn } from "../sources/fixture.ts";
import { tarOf } from "../tar/write_tar.ts";

Deno.test("bringSource() tells how far a file is that must be brought here first", async () => {
  const tar = tarOf([{ name: "a.wav", content: new Uint8Array(100_000) }]);
  using fixture = new Fixture({ "clips.tar.gz": gzipSync(tar) });
  const flags = { input: fixture.path("clips.tar.gz"), output: fixture.path("out") };
  const config = await loadConfig({ flags, cwd: fixture.folder });
  const environment = (name: string) =>
    name === "SPEECHMILL_CACHE" ? fixture.path("cache") : undefined;
  const events = bringSource(config, datasetsOf(config), { hub: { environment } });
  let next = await events.next();
  const told = [];
  while (!next.done) {
    told.push(next.value);
    next = await events.next();
  }
  assert.deepEqual(told.at(-1), {
    ...{ type: "fetching", step: "unpacking", name: fixture.path("clips.tar.gz") },
    ...{ bytes: tar.byteLength, total: null },
  });
  assert.deepEqual((await samplesIn(next.value.source)).map(({ id }) => id), ["a"]);
});

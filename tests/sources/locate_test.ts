import assert from "node:assert/strict";
import { joinPath, pathLocator } from "../../lib/sources/locate.ts";
import type { SampleFields } from "../../lib/sources/fields.ts";

function sampleAt(audio: string | null): SampleFields {
  const none = { speaker: null, language: null, duration: null };
  return { id: "a", text: null, audio, start: null, end: null, ...none };
}

function locate(
  paths: readonly (string | null)[],
  audioRoot: readonly string[],
  files: readonly string[],
  asked: string[] = [],
) {
  const locator = pathLocator({
    folder: "/data/m",
    audioRoot,
    isFile: (path) => {
      asked.push(path);
      return Promise.resolve(files.includes(path));
    },
  }, (sample) => sample.audio);
  return locator.locate(paths.map(sampleAt));
}

Deno.test("pathLocator() rewrites no path", async () => {
  const paths = ["./a.wav", "../a/b.wav", ".hidden/b.wav", "a//b ü/c.wav"];
  assert.deepEqual(
    await locate(["/data/x.wav", ...paths, null], [], []),
    ["/data/x.wav", ...paths.map((path) => `/data/m/${path}`), null],
  );
});

Deno.test("pathLocator() keeps composed and decomposed letters apart", async () => {
  assert.deepEqual(
    await locate(["\u00e9.wav", "e\u0301.wav"], [], []),
    ["/data/m/\u00e9.wav", "/data/m/e\u0301.wav"],
  );
});

Deno.test("pathLocator() tries the manifest's folder, then each root in order", async () => {
  assert.deepEqual(
    await locate(["a.wav", "b.wav", "c.wav", "/x/d.wav"], ["/r1", "/r2"], [
      "/data/m/a.wav",
      "/r1/a.wav",
      "/r1/b.wav",
      "/r2/b.wav",
    ]),
    ["/data/m/a.wav", "/r1/b.wav", "/data/m/c.wav", "/x/d.wav"],
  );
});

Deno.test("pathLocator() asks the disk only where there are several places", async () => {
  const asked: string[] = [];
  await locate(["a.wav", "/b.wav"], [], [], asked);
  assert.deepEqual(asked, []);
  await locate(["a.wav", "/b.wav"], ["/r1"], [], asked);
  assert.deepEqual(asked, ["/data/m/a.wav", "/r1/a.wav"]);
});

Deno.test("joinPath() adds no second slash", () => {
  assert.equal(joinPath("/", "a"), "/a");
  assert.equal(joinPath("/b", "a"), "/b/a");
});

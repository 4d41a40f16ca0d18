/** Installed as one file, and run from a URL: there is no `deno.json` then. */
import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../lib/version.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A folder that is empty but for a `deno` and the packages that are already on this machine. */
async function makePlace(): Promise<{ folder: string; env: Record<string, string> } & Disposable> {
  const folder = await Deno.makeTempDir();
  const [bin, cache] = [join(folder, "bin"), join(folder, "cache")];
  for (const path of [bin, cache]) await Deno.mkdir(path);
  await Deno.symlink(Deno.execPath(), join(bin, "deno"));
  await Deno.symlink(join(await denoDirectory(), "npm"), join(cache, "npm"));
  const path = `${bin}${delimiter}${Deno.env.get("PATH") ?? ""}`;
  return {
    folder,
    env: { PATH: path, DENO_DIR: cache, HOME: folder, NO_COLOR: "1" },
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

async function denoDirectory(): Promise<string> {
  const { stdout } = await run(Deno.execPath(), ["info", "--json"], {});
  return JSON.parse(stdout).denoDir;
}

async function run(command: string, args: readonly string[], options: Deno.CommandOptions) {
  const child = new Deno.Command(command, { ...options, args: [...args], stdin: "null" });
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Serves the files of the repository over loopback. */
function serveRepository(): { readonly url: string } & AsyncDisposable {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    try {
      const headers = pathname.endsWith(".ts") ? { "content-type": "application/typescript" } : {};
      return new Response(Deno.readFileSync(join(ROOT, pathname)), { headers });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("deno install gives a speechmill that works where there is no deno.json", async () => {
  using place = await makePlace();
  const { folder: cwd, env } = place;
  const install = ["install", "--global", "--allow-all", "--name", "speechmill"];
  const installed = await run(
    Deno.execPath(),
    [...install, "--root", cwd, join(ROOT, "mod.ts")],
    { cwd, env },
  );
  assert.equal(installed.code, 0, installed.stderr);
  const shim = join(cwd, "bin", "speechmill");
  assert.deepEqual((await run(shim, ["--version"], { cwd, env })).stdout, `${VERSION}\n`);
  const script = await run(shim, ["complete", "bash"], { cwd, env });
  assert.match(script.stdout, /complete -F __speechmill_complete speechmill/);
  const encode = ["encode", "--max-samples", "1", "--devices", "cpu:1"];
  const { code, stdout, stderr } = await run(shim, encode, { cwd, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /1 of 1 done/);
  assert.match(stdout, /^ {2}speechmill verify speechmill-out/m);
});

Deno.test("the program runs from a URL, its workers included", async () => {
  using place = await makePlace();
  await using server = serveRepository();
  const { folder: cwd, env } = place;
  const program = ["run", "--allow-all", `${server.url}mod.ts`];
  const help = await run(Deno.execPath(), [...program, "encode", "--help"], { cwd, env });
  assert.equal(help.code, 0, help.stderr);
  assert.match(help.stdout, /--val-ratio/);
  const untold = await run(Deno.execPath(), [...program, "encode"], { cwd, env });
  assert.equal(untold.code, 2);
  assert.match(untold.stderr, /--input/);
  const speech = join(ROOT, "examples/speech/manifest.jsonl");
  const flags = ["--input", speech, "--max-samples", "1", "--devices", "cpu:1"];
  const { code, stdout, stderr } = await run(Deno.execPath(), [...program, "encode", ...flags], {
    ...{ cwd, env },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /1 of 1 done/);
});

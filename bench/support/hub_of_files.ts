/**
 * A Hub on loopback, in a process of its own, with one dataset: the Parquet files that its arguments
 * name. Prints its address, and ends when its input does.
 *
 * @module
 */
import { basename } from "node:path";
import { HubServer } from "../../tests/support/hub_server.ts";

/** The dataset's name. */
export const DATASET = "org/clips";

/** A Hub that runs. */
export interface RunningHub extends AsyncDisposable {
  readonly endpoint: string;
}

/** Starts this module as a process. */
export async function startHub(files: readonly string[]): Promise<RunningHub> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", import.meta.url, ...files],
    ...{ stdin: "piped", stdout: "piped", stderr: "inherit" },
  });
  const process = command.spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: endpoint = "" } = await lines.read();
  return {
    endpoint: endpoint.trim(),
    async [Symbol.asyncDispose]() {
      await process.stdin.close();
      await lines.cancel();
      await process.status;
    },
  };
}

async function serve(files: readonly string[]): Promise<void> {
  await using server = new HubServer();
  const contents = files.map((path) =>
    [`data/${basename(path)}`, {
      ...{ content: Deno.readFileSync(path), large: true },
    }] as const
  );
  server.datasets.commit(DATASET, "main", Object.fromEntries(contents));
  console.log(server.endpoint);
  for await (const _ of Deno.stdin.readable) continue;
}

if (import.meta.main) await serve(Deno.args);

/**
 * `deno run -A bench/orphans.ts`: how long two workers, deep in a batch of a minute, outlive a
 * coordinator that is killed.
 */
import { isAlive } from "../tests/support/processes.ts";
import { check, title } from "./support/floors.ts";
import { inTurns } from "./support/repeats.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const TURNS = Number(Deno.args[0] ?? 5);
const COORDINATOR = new URL("../tests/support/stuck_coordinator.ts", import.meta.url).href;

title("workers whose coordinator is killed");
const [seconds = []] = await inTurns(TURNS, [secondsOutlived]);
check({
  name: "the longest that a worker outlived it",
  ...{ value: Math.max(...seconds), unit: "s", bound: 2, lowIsGood: true },
});

async function secondsOutlived(): Promise<number> {
  using folder = temporaryFolder();
  const coordinator = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", COORDINATOR, folder.path],
    stdout: "piped",
  }).spawn();
  // It prints the process ids of its workers once they are in the batch.
  const reader = coordinator.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const workers = value.trim().split(" ").map(Number);
  coordinator.kill("SIGKILL");
  const begin = performance.now();
  while (workers.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
  const outlived = (performance.now() - begin) / 1000;
  await coordinator.status;
  await reader.cancel();
  return outlived;
}

/**
 * `deno run -A bench/codec_speed.ts <checkouts> [turns] [seconds] [model…]`: converted codecs
 * against their authors' code in torch.
 *
 * Audio seconds per CPU second of one thread, in float32, over one clip of 10 s and over the codes
 * of it; both sides have the same weights, and torch has its normalised weights folded. The two
 * take turns, and a ratio is the median of the ratios of each turn. CPU time is that of all threads
 * of either process, so that other work on the machine counts little.
 *
 * It needs Debian's `python3-torch` and a folder with checkouts of the references; where something
 * is missing, it says how to get it.
 */
import process from "node:process";
import { messageOf, SpeechmillError } from "../lib/errors.ts";
import type { Codec } from "../models/codec.ts";
import { ConvertedTestCodec } from "../tests/support/converted.ts";
import { seededAudio } from "../tests/support/seeded.ts";
import { PUBLISHED_CODECS, type PublishedCodec } from "./support/published_codecs.ts";
import { inTurns, median, medianRatio } from "./support/repeats.ts";
import { assertTorch, TorchCodec } from "./support/torch_codec.ts";

/** How fast one direction is: audio seconds per CPU second, and ours of torch's. */
interface Speed {
  readonly ours: number;
  readonly torch: number;
  readonly ratio: number;
}

/** As fast as torch. */
const FLOOR = 1;
const SEED = 7;
const [checkouts = "", turns = "5", length = "10", ...wanted] = Deno.args;
const seconds = Number(length);

try {
  await measureAll();
} catch (error) {
  if (!(error instanceof SpeechmillError)) throw error;
  console.error(messageOf(error));
  Deno.exitCode = 1;
}

async function measureAll(): Promise<void> {
  const codecs = PUBLISHED_CODECS.filter(({ name }) =>
    wanted.length === 0 || wanted.some((part) => name.includes(part))
  );
  await assertTorch(checkouts, codecs.map(({ golden }) => golden));
  console.log(`audio seconds per CPU second, ours and torch's; load ${Deno.loadavg()[0]}\n`);
  console.log("|  | model | encode | torch | ratio | decode | torch | ratio |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const codec of codecs) {
    const speeds = await measure(codec);
    const passed = speeds.every((speed) => speed === null || speed.ratio >= FLOOR);
    if (!passed) Deno.exitCode = 1;
    const cells = [passed ? "pass" : "FAIL", codec.name, ...speeds.flatMap(cellsOf)];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Encoding and decoding; one model is in memory at a time. */
async function measure(published: PublishedCodec): Promise<(Speed | null)[]> {
  const { golden, family, settings, encodes } = published;
  await using torch = await TorchCodec.start({
    ...{ checkouts, golden, codebooks: settings.codebooks },
  });
  await using converted = await ConvertedTestCodec.of(family, await published.open(), settings);
  const { codec } = converted;
  const pcm = seededAudio(SEED, Math.round(seconds * codec.spec.sampleRate));
  // Any codes cost the same; Vocos has no encoder of its own.
  const codes = encodes ? await codec.encode(pcm) : zeroCodes(codec, pcm.length);
  const directions = [
    encodes ? compared(() => codec.encode(pcm), () => torch.pass("encode", seconds)) : [],
    compared(() => codec.decode(codes), () => torch.pass("decode", seconds)),
  ];
  // The first pass allocates what later ones use again.
  await inTurns(1, directions.flat());
  const values = await inTurns(Number(turns), directions.flat());
  return directions.map((direction, i) =>
    direction.length === 0 ? null : speedOf(values.slice(i === 0 ? 0 : -2))
  );
}

/** Times of both, in CPU seconds. */
function compared(
  ours: () => Promise<unknown>,
  torch: () => Promise<number>,
): (() => Promise<number>)[] {
  return [async () => {
    const before = process.cpuUsage();
    await ours();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }, torch];
}

function speedOf([ours = [], torch = []]: readonly (readonly number[])[]): Speed {
  return {
    ours: seconds / median(ours),
    torch: seconds / median(torch),
    ratio: medianRatio(torch, ours),
  };
}

function zeroCodes({ spec }: Codec, samples: number): number[][] {
  return spec.hopLengths.map((hop) => Array<number>(Math.ceil(samples / hop)).fill(0));
}

function cellsOf(speed: Speed | null): string[] {
  if (speed === null) return ["", "", ""];
  const rate = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  return [rate(speed.ours), rate(speed.torch), speed.ratio.toFixed(2)];
}

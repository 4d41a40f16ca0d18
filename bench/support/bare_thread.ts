/**
 * One thread of a bare loop.
 *
 * @module
 */
import { decodeAudio } from "../../lib/audio/decode.ts";
import { paddedLength } from "../../models/codec.ts";
import { loadCodec } from "../../models/registry.ts";

/** What a turn of the loop does: run the codec over a prepared clip, decode a file, or both. */
export type BareWork = "encode" | "decode" | "both";

/** To a thread. */
export type BareRequest =
  | {
    readonly type: "start";
    readonly work: BareWork;
    readonly codec: string;
    readonly files: readonly string[];
  }
  | { readonly type: "go"; readonly times: number; readonly next: Int32Array };

/** From a thread, after each request: the seconds of audio it did. */
export interface BareReply {
  readonly seconds: number;
}

interface ThreadScope {
  onmessage: ((event: MessageEvent<BareRequest>) => void) | null;
  postMessage(message: BareReply): void;
}

type Turn = (index: number) => Promise<number>;

const scope = globalThis as unknown as ThreadScope;
let turn: Turn = () => Promise.resolve(0);
let count = 0;

async function makeTurn({ work, codec, files }: Extract<BareRequest, { type: "start" }>) {
  const opened = await loadCodec(codec, { provider: "cpu", threads: 1 });
  const { spec } = opened;
  const decode = (file: string | undefined) =>
    decodeAudio(file ?? "", { sampleRate: spec.sampleRate });
  if (work === "decode") return (i: number) => Promise.resolve(decode(files[i]).duration);
  const prepare = (file: string | undefined) => {
    const { pcm, duration } = decode(file);
    const data = new Float32Array(paddedLength(spec, pcm.length));
    data.set(pcm);
    return { data, duration };
  };
  const clips = work === "encode" ? files.map(prepare) : [];
  return async (i: number) => {
    const { data, duration } = clips[i] ?? prepare(files[i]);
    await opened.encodeBatch([data]);
    return duration;
  };
}

async function go(times: number, next: Int32Array): Promise<number> {
  let seconds = 0;
  for (let i = Atomics.add(next, 0, 1); i < times * count; i = Atomics.add(next, 0, 1)) {
    seconds += await turn(i % count);
  }
  return seconds;
}

scope.onmessage = async ({ data }) => {
  if (data.type === "go") return scope.postMessage({ seconds: await go(data.times, data.next) });
  turn = await makeTurn(data);
  count = data.files.length;
  // The first run of a session allocates what later ones use again.
  scope.postMessage({ seconds: await turn(0) });
};

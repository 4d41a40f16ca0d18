/**
 * Speech through the decoder and the bundled codec.
 *
 * @module
 */
import { formatAudio } from "../terminal/format.ts";
import { type Check, failed, type Finding, fine, look } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

const REINSTALL = "Fetch speechmill anew: its files are not the ones that were published";

/** Checks that speech can be decoded, encoded, and made to sound again. */
export async function* speechChecks(ports: DoctorPorts): AsyncGenerator<Check> {
  yield await look("speech that comes along", REINSTALL, () => decodeClips(ports));
  yield await look("bundled codec", REINSTALL, () => runCodec(ports, "cpu"));
  const { machine } = ports;
  if (!machine.hasCudaProvider() || machine.cudaDevices().length === 0) return;
  const fix = "Install CUDA 12 and cuDNN 9, and put their folders on LD_LIBRARY_PATH";
  yield await look("bundled codec on CUDA", fix, () => runCodec(ports, "cuda"));
}

async function decodeClips(ports: DoctorPorts): Promise<Finding> {
  const clips = ports.clips();
  if (clips === null) return fine("skipped: the program runs from a URL, without its examples");
  if (clips.length === 0) return failed("no clip is there", REINSTALL);
  let seconds = 0;
  for (const path of clips) seconds += await ports.decode(path);
  return fine(`${clips.length} clips decode, ${formatAudio(seconds)} of speech`);
}

/** A second of two tones goes in; as many samples must come out. */
async function runCodec(ports: DoctorPorts, provider: "cpu" | "cuda"): Promise<Finding> {
  // Opening it holds its files to their SHA-256.
  await using codec = await ports.loadCodec(provider);
  const { sampleRate, hopLengths } = codec.spec;
  const pcm = Float32Array.from(
    { length: sampleRate },
    (_, n) => 0.2 * Math.sin(n * 0.05) + 0.1 * Math.sin(n * 0.31),
  );
  const codes = await codec.encode(pcm);
  const expected = hopLengths.map((hop) => Math.ceil(pcm.length / hop));
  const lengths = codes.map((layer) => layer.length);
  if (lengths.join() !== expected.join()) {
    return failed(`a second makes ${lengths} codes, it should make ${expected}`, REINSTALL);
  }
  const sound = await codec.decode(codes, pcm.length);
  if (sound.length !== pcm.length || !sound.every(Number.isFinite)) {
    return failed("its codes do not turn back into sound", REINSTALL);
  }
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return fine(
    `a second becomes ${tokens} tokens and sound again, model ${codec.digest.slice(0, 12)}`,
  );
}

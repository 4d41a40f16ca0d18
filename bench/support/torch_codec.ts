/**
 * A codec's reference in torch, in a process of its own that times one pass at a time.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf, SpeechmillError } from "../../lib/errors.ts";

/** Debian's own, which its packages are installed for. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("../torch_codec.py", import.meta.url));

/** The repositories that references are run from, by the family that needs them. */
const REPOSITORIES: Readonly<Record<string, readonly string[]>> = {
  snac: ["hubertsiuzdak/snac"],
  nemo: ["NVIDIA/NeMo"],
  encodec: ["facebookresearch/encodec"],
  vocos: ["gemelo-ai/vocos", "facebookresearch/encodec"],
  dac: [
    "descriptinc/descript-audio-codec",
    "descriptinc/audiotools",
    "csteinmetz1/pyloudnorm",
    "adefossez/julius",
  ],
  mimi: ["kyutai-labs/moshi"],
};

/** Which reference to run. */
export interface TorchCodecOptions {
  /** Folder with a checkout of each repository, called as that is. */
  readonly checkouts: string;
  /** A golden at full size: `snac/snac_24khz`. */
  readonly golden: string;
  /** Where the reference can use fewer than all. */
  readonly codebooks?: number | undefined;
}

/** A running reference; it is ended when it is disposed of. */
export class TorchCodec implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  #read = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#requests = child.stdin.getWriter();
    this.#answers = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Builds the model; ready when this returns. */
  static async start({ checkouts, golden, codebooks }: TorchCodecOptions): Promise<TorchCodec> {
    const number = codebooks === undefined ? [] : ["--codebooks", String(codebooks)];
    const child = new Deno.Command(PYTHON, {
      args: ["-W", "ignore", SCRIPT, checkouts, golden, ...number],
      env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const codec = new TorchCodec(child);
    await codec.#answer();
    return codec;
  }

  /** CPU seconds of one pass over so many seconds of audio, or over the codes of them. */
  async pass(what: "encode" | "decode", seconds: number): Promise<number> {
    await this.#requests.write(new TextEncoder().encode(`${what} ${seconds}\n`));
    return Number(await this.#answer());
  }

  async #answer(): Promise<string> {
    while (!this.#read.includes("\n")) {
      const { value, done } = await this.#answers.read();
      if (done) throw new SpeechmillError(`Cannot time torch: '${SCRIPT}' ended early`);
      this.#read += value;
    }
    const end = this.#read.indexOf("\n");
    const line = this.#read.slice(0, end);
    this.#read = this.#read.slice(end + 1);
    return line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#requests.close().catch(() => {});
    await this.#answers.cancel();
    await this.#child.status;
  }
}

/**
 * Looks whether references can be run.
 *
 * @param goldens Those wanted.
 * @throws {SpeechmillError} If not, naming what to install or fetch.
 */
export async function assertTorch(checkouts: string, goldens: readonly string[]): Promise<void> {
  const imported = await new Deno.Command(PYTHON, { args: ["-c", "import torch, yaml"] })
    .output().then(({ success }) => success, messageOf);
  if (imported !== true) {
    throw new SpeechmillError(
      `Cannot run the references: ${PYTHON} has no torch; ` +
        `'apt-get install python3-torch python3-yaml libopenblas0-pthread' gives it one`,
    );
  }
  const families = new Set(goldens.map((golden) => golden.split("/")[0] ?? ""));
  const needed = new Set([...families].flatMap((family) => REPOSITORIES[family] ?? []));
  const missing = [...needed].filter((repository) => !exists(join(checkouts, nameOf(repository))));
  if (missing.length === 0) return;
  const commands = missing.map((repository) =>
    `  git clone https://github.com/${repository} ${join(checkouts, nameOf(repository))}`
  );
  throw new SpeechmillError(
    `Cannot run the references: '${checkouts}' lacks checkouts; fetch them with\n` +
      commands.join("\n"),
  );
}

function nameOf(repository: string): string {
  return repository.split("/")[1] ?? repository;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

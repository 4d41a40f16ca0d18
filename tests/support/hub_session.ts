/** A Hub, a cache folder and an environment for one test. */
import { join } from "node:path";
import { type OpenOptions, openRepository } from "../../lib/hub/open_repository.ts";
import type { HubRepository } from "../../lib/hub/repository.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { bytesOf, COMMIT, type HubFile, HubServer, REPOSITORY } from "./hub_server.ts";

/** The user's token in tests; it must not be seen where it does not belong. */
export const TOKEN = "hf_TheSecretOfTheUser";

/** Everything that a download needs. Waiting takes no time and is written down. */
export class HubSession implements AsyncDisposable {
  readonly server = new HubServer();
  readonly variables: Map<string, string>;
  /** Milliseconds of each pause. */
  readonly waits: number[] = [];
  readonly #folder = new TemporaryFolder();

  constructor() {
    this.variables = new Map([
      ["HF_ENDPOINT", this.server.endpoint],
      ["HF_HOME", this.#folder.path],
      ["HF_TOKEN", TOKEN],
    ]);
  }

  /** A path in the cache folder of the repository. */
  cached(...parts: string[]): string {
    return join(this.#folder.path, "hub", "models--org--name", ...parts);
  }

  /** A path in the snapshot of the commit on `main`. */
  snapshot(...parts: string[]): string {
    return this.cached("snapshots", COMMIT, ...parts);
  }

  /** Puts a file on the server. */
  add(name: string, text: string, large = true): HubFile {
    const file = { content: bytesOf(text), large };
    this.server.files.set(name, file);
    return file;
  }

  /** Writes a file into the cache of the repository. */
  async put(text: string, ...parts: string[]): Promise<void> {
    const path = this.cached(...parts);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
  }

  /** Opens the repository. */
  open(options: OpenOptions = {}): Promise<HubRepository> {
    return openRepository({ type: "model", id: REPOSITORY }, {
      environment: (name) => this.variables.get(name),
      wait: (milliseconds) => {
        this.waits.push(milliseconds);
        return Promise.resolve();
      },
      ...options,
    });
  }

  /** The text of one file, brought here. */
  async read(name: string, options: OpenOptions = {}): Promise<string> {
    return await Deno.readTextFile(await (await this.open(options)).file(name));
  }

  /** Names in the folder of contents. */
  blobs(): string[] {
    return [...Deno.readDirSync(this.cached("blobs"))].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

/** A Hub to write to, a run to upload, and an eye on the token. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { UploadEvent, UploadOptions } from "../../lib/upload_run.ts";
import { uploadRun } from "../../lib/upload_run.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { etagOf, HubServer } from "./hub_server.ts";
import { TOKEN } from "./hub_session.ts";
import { type SmallRun, smallRun, type SmallRunOptions } from "./small_run.ts";

/** A repository that the user may write to. */
export const TARGET = "user/digits";

/** Everything that an upload needs. Waiting takes no time and is written down. */
export class UploadSessionOfTest implements AsyncDisposable {
  readonly server = new HubServer();
  readonly variables: Map<string, string>;
  readonly events: UploadEvent[] = [];
  /** Errors that uploads ended with. */
  readonly errors: unknown[] = [];
  /** Milliseconds of each pause. */
  readonly waits: number[] = [];
  readonly #run: SmallRun;
  readonly #folder = new TemporaryFolder();

  private constructor(run: SmallRun) {
    this.#run = run;
    this.variables = new Map([
      ["HF_ENDPOINT", this.server.endpoint],
      ["HF_HOME", this.#folder.path],
      ["HF_TOKEN", TOKEN],
    ]);
    const account = { name: "user", organisations: ["team"], role: "write" } as const;
    this.server.uploads.accounts.add(TOKEN, account);
  }

  /** Makes the run. */
  static async open(options?: SmallRunOptions): Promise<UploadSessionOfTest> {
    return new UploadSessionOfTest(await smallRun(options));
  }

  /** The run directory. */
  get directory(): string {
    return this.#run.directory;
  }

  get run(): SmallRun {
    return this.#run;
  }

  get options(): UploadOptions {
    return {
      environment: (name) => this.variables.get(name),
      wait: (milliseconds) => {
        this.waits.push(milliseconds);
        return Promise.resolve();
      },
    };
  }

  /** Uploads the run, and returns what it tells. */
  async upload(options: UploadOptions = {}, repository = TARGET): Promise<UploadEvent[]> {
    const begin = this.events.length;
    try {
      const events = uploadRun(this.directory, repository, { ...this.options, ...options });
      for await (const event of events) this.events.push(event);
    } catch (error) {
      this.errors.push(error);
      throw error;
    }
    return this.events.slice(begin);
  }

  /** Names and hashes of the files in the repository. */
  remote(repository = TARGET): Record<string, string> {
    const files = this.server.datasets.at(repository, "main")?.files ?? new Map();
    return Object.fromEntries([...files].map(([name, file]) => [name, etagOf(file)]).sort());
  }

  /** Names and hashes of the files of the run, as the repository must have them. */
  local(): Record<string, string> {
    const beside = [...Deno.readDirSync(this.directory)]
      .flatMap(({ name, isFile }) => isFile ? [name] : []);
    const data = [...Deno.readDirSync(this.run.paths.data)].map(({ name }) => `data/${name}`);
    const files = [...data, ...beside].map((name) => {
      const content = Deno.readFileSync(`${this.directory}/${name}`);
      return [name, etagOf({ content, large: name.endsWith(".gz") })];
    });
    return Object.fromEntries(files.sort());
  }

  /** Titles of the commits that were made. */
  history(repository = TARGET): string[] {
    return this.server.uploads.repositories.get(repository)?.history.map(({ title }) => title) ??
      [];
  }

  /** Requests by method, server and path. */
  requests(method: string, path: RegExp): number {
    return this.server.seen.filter((seen) => seen.method === method && path.test(seen.path)).length;
  }

  /** Checks at its end that the token was seen where it belongs alone. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#run[Symbol.dispose]();
    this.#folder[Symbol.dispose]();
    this.#checkToken();
  }

  #checkToken(): void {
    for (const { server, path, query, headers, body } of this.server.seen) {
      const elsewhere = [...headers].filter(([name]) =>
        name !== "authorization" || server !== "hub"
      );
      const text = JSON.stringify([path, query, elsewhere]) + new TextDecoder().decode(body);
      assert.ok(!text.includes(TOKEN), `${server}${path} was sent the token`);
    }
    const told = inspect([this.events, this.errors], { depth: 20, showHidden: true });
    assert.ok(!told.includes(TOKEN), "an event or an error shows the token");
    assert.ok(!told.includes("secret-of-the-link"), "an event or an error shows a signed link");
  }
}

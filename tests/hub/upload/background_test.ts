/** Shards that go up while the run that seals them goes on. */
import assert from "node:assert/strict";
import { EXIT } from "../../../lib/errors.ts";
import {
  type BackgroundOptions,
  type BackgroundUpload,
  backgroundUpload,
  checkUploadTarget,
  type UploadEvent,
} from "../../../lib/upload_run.ts";
import { answering, losing } from "../../support/hub_faults.ts";
import { bytesOf, refuse } from "../../support/hub_server.ts";
import { TARGET, UploadSessionOfTest } from "../../support/upload_session.ts";
import { FakeClock } from "../../terminal/fixture.ts";

const PAUSE = 5 * 60_000;
const COMMIT = { path: /\/commit\/main$/ };

/** An upload beside a run that a test plays. */
class Beside implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly upload: BackgroundUpload;
  readonly session: UploadSessionOfTest;
  #waiting: { readonly type: UploadEvent["type"]; readonly resolve: () => void } | null = null;

  private constructor(session: UploadSessionOfTest, options: Partial<BackgroundOptions>) {
    this.session = session;
    const digest = JSON.parse(Deno.readTextFileSync(session.run.paths.manifest)).config_digest;
    this.upload = backgroundUpload(session.directory, TARGET, {
      ...session.options,
      ...{ digest, clock: this.clock, onEvent: (event) => this.#note(event), ...options },
    });
  }

  static async open(options: Partial<BackgroundOptions> = {}): Promise<Beside> {
    const session = await UploadSessionOfTest.open();
    await checkUploadTarget(TARGET, session.options);
    return new Beside(session, options);
  }

  /** Data files of the run, in their order. */
  get shards(): string[] {
    return Object.keys(this.session.local()).filter((name) => name.startsWith("data/"));
  }

  /** Lets time pass until a commit is due, and waits for what becomes of it. */
  async pass(type: UploadEvent["type"]): Promise<void> {
    const told = new Promise<void>((resolve) => this.#waiting = { type, resolve });
    this.clock.advance(PAUSE);
    await told;
    // What follows the event in the same turn: the upload notes that it is done.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  async finish(): Promise<UploadEvent[]> {
    const begin = this.session.events.length;
    try {
      for await (const event of this.upload.finish()) this.session.events.push(event);
    } catch (error) {
      this.session.errors.push(error);
      throw error;
    }
    return this.session.events.slice(begin);
  }

  #note(event: UploadEvent): void {
    this.session.events.push(event);
    if (event.type === this.#waiting?.type) this.#waiting.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.upload[Symbol.asyncDispose]();
    assert.equal(this.clock.timers, 0);
    await this.session[Symbol.asyncDispose]();
  }
}

Deno.test("backgroundUpload() commits what was sealed now and then, and the rest at the end", async () => {
  await using beside = await Beside.open();
  const { session, upload, shards } = beside;
  const [first = "", second = "", third = ""] = shards;
  upload.sealed(first);
  upload.sealed(second);
  assert.deepEqual(session.history(), []);
  await beside.pass("committed");
  assert.deepEqual(Object.keys(session.remote()), [".gitattributes", first, second]);
  upload.sealed(third);
  await beside.pass("committed");
  const end = (await beside.finish()).at(-1);
  const { ".gitattributes": _, ...files } = session.remote();
  assert.deepEqual(files, session.local());
  assert.ok(end?.type === "finished" && end.skipped === 3 && end.commits === 1);
  assert.equal(session.history().length, 3);
  const { stored } = session.server.uploads.store;
  assert.equal(new Set(stored).size, stored.length);
});

Deno.test("backgroundUpload() warns of what fails, and tries it again later", async () => {
  await using beside = await Beside.open();
  const { session, upload, shards: [first = ""] } = beside;
  const no = () => refuse(403, "");
  session.server.faults.push(answering(COMMIT, no));
  upload.sealed(first);
  await beside.pass("warning");
  assert.match(
    session.events.flatMap((event) => event.type === "warning" ? [event.message] : []).join("\n"),
    /^Cannot commit to 'user\/digits': .*: the run goes on, and the upload is tried again later$/,
  );
  await beside.pass("committed");
  assert.deepEqual(Object.keys(session.remote()), [".gitattributes", first]);
});

Deno.test("backgroundUpload() commits once where the reply is lost", async () => {
  await using beside = await Beside.open();
  beside.session.server.lostReplies.push(losing(COMMIT));
  beside.upload.sealed(beside.shards[0] ?? "");
  await beside.pass("committed");
  assert.equal(beside.session.history().length, 1);
});

Deno.test("backgroundUpload() overwrites nothing of somebody else", async () => {
  await using beside = await Beside.open();
  const { session, upload, shards: [first = ""] } = beside;
  session.server.datasets.commit(TARGET, "main", {
    [first]: { content: bytesOf("theirs"), large: false },
  });
  const before = session.remote();
  upload.sealed(first);
  await beside.pass("warning");
  assert.deepEqual(session.remote(), before);
});

Deno.test("finish() says how to go on where it fails", async () => {
  await using beside = await Beside.open();
  const { session } = beside;
  session.server.faults.push(answering(COMMIT, () => refuse(403, "")));
  await assert.rejects(beside.finish(), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^Cannot commit to 'user\/digits': the Hub answers 403/);
    assert.ok(error.message.endsWith(
      `\nThe run itself is whole: run 'speechmill upload ${session.directory} ${TARGET}' to go on`,
    ));
    return true;
  });
  await session.upload();
  assert.equal(session.history().length, 1);
});

Deno.test("finish() waits for the next hour where the Hub takes no more commits, others do not", async () => {
  await using beside = await Beside.open();
  const { session, upload, shards: [first = ""] } = beside;
  const no = () => refuse(429, "", { "retry-after": "3600" });
  session.server.faults.push(answering(COMMIT, no));
  upload.sealed(first);
  await beside.pass("warning");
  assert.deepEqual(session.waits, []);
  session.server.faults.push(answering(COMMIT, no));
  const events = await beside.finish();
  assert.deepEqual(session.waits, [3_600_000]);
  assert.ok(events.some(({ type }) => type === "waiting"));
  assert.equal(events.at(-1)?.type, "finished");
});

Deno.test("finish() ends as stopped where the run is", async () => {
  const stop = new AbortController();
  await using beside = await Beside.open({ signal: stop.signal });
  stop.abort("asked to by a signal");
  await assert.rejects(beside.finish(), { name: "StoppedError", exitCode: EXIT.stopped });
});

Deno.test("an upload that is disposed of ends its requests and leaves what was committed", async () => {
  await using beside = await Beside.open();
  const { session, upload, shards: [first = "", second = ""] } = beside;
  upload.sealed(first);
  await beside.pass("committed");
  upload.sealed(second);
  beside.clock.advance(PAUSE);
  await upload[Symbol.asyncDispose]();
  assert.deepEqual(Object.keys(session.remote()), [".gitattributes", first]);
  assert.ok(session.events.every(({ type }) => type !== "warning"));
});

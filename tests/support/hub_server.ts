/**
 * A Hugging Face Hub of our own: the HTTP API that repositories are read and written by, and a file
 * server on another port that large files are redirected to. It can be told to misbehave.
 */
import { createHash } from "node:crypto";
import { HubDatasets } from "./hub_datasets.ts";
import { HubUploads } from "./hub_uploads.ts";

/** A file of a repository. */
export interface HubFile {
  readonly content: Uint8Array<ArrayBuffer>;
  /** Large files lie on the file server. */
  readonly large: boolean;
}

/** A request as it came. */
export interface SeenRequest {
  readonly server: "hub" | "files";
  readonly method: string;
  readonly path: string;
  /** What follows the path, with its question mark; empty if nothing does. */
  readonly query: string;
  readonly headers: Headers;
  /** What was sent; empty as long as a fault looks at it. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Answers instead of the server; null lets the server answer. */
export type Fault = (seen: SeenRequest) => Response | null;

/** Replaces the answer to a request that was done; null leaves it. */
export type LostReply = (seen: SeenRequest) => Response | null;

/** The one repository of a model that the server has. */
export const REPOSITORY = "org/name";
/** Its commit on `main`. */
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Text as the content of a file. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

const etags = new WeakMap<HubFile, string>();

/** SHA-256 of a large file, git's SHA-1 of a small one. */
export function etagOf(file: HubFile): string {
  const etag = etags.get(file) ?? hashOf(file);
  etags.set(file, etag);
  return etag;
}

function hashOf({ content, large }: HubFile): string {
  return large
    ? createHash("sha256").update(content).digest("hex")
    : createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** Both servers; they listen on loopback until they are disposed of. */
export class HubServer implements AsyncDisposable {
  readonly files = new Map<string, HubFile>();
  /** Repositories of datasets. */
  readonly datasets = new HubDatasets();
  /** Writing to them. */
  readonly uploads = new HubUploads(this.datasets);
  /** All requests so far. */
  readonly seen: SeenRequest[] = [];
  /** Asked in turn; each is used up when it answers. */
  readonly faults: Fault[] = [];
  /** As `faults`, once a request was done. */
  readonly lostReplies: LostReply[] = [];
  /** Branches, tags and commits. */
  readonly revisions = new Map([["main", COMMIT], [COMMIT, COMMIT]]);
  /** What the listing says of a file's content; mirrors say less than the Hub. */
  describe: (file: HubFile) => Record<string, unknown> = describeFile;
  #hub = this.#serve("hub", (request) => this.#answerHub(request));
  #fileServer = this.#serve("files", (request) => this.#answerFiles(request));

  constructor() {
    this.datasets.filesAt = `http://127.0.0.1:${this.#fileServer.addr.port}`;
    this.uploads.store.filesAt = this.datasets.filesAt;
    this.uploads.store.hubAt = this.endpoint;
  }

  /** Address of the Hub. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.#hub.addr.port}`;
  }

  /** Paths of the requests to one of the servers. */
  paths(server: SeenRequest["server"]): string[] {
    return this.seen.filter((request) => request.server === server).map(({ path }) => path);
  }

  /** The ranges that the file server was asked for; null for all of a file. */
  ranges(): (string | null)[] {
    return this.seen
      .filter(({ server }) => server === "files")
      .map(({ headers }) => headers.get("range"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hub.shutdown();
    await this.#fileServer.shutdown();
  }

  #serve(server: SeenRequest["server"], answer: (seen: SeenRequest) => Response) {
    return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
      const { pathname: path, search: query } = new URL(request.url);
      const { method, headers } = request;
      const seen = { server, method, path, query, headers, body: new Uint8Array() };
      this.seen.push(seen);
      const fault = takeFirst(this.faults, seen);
      if (fault !== null) return fault;
      seen.body = await request.bytes();
      const due = answer(seen);
      return takeFirst(this.lostReplies, seen) ?? due;
    });
  }

  #answerHub(request: SeenRequest): Response {
    const answer = this.uploads.answerHub(request) ?? this.datasets.answerHub(request);
    if (answer !== null) return answer;
    const [, revision] = /^\/api\/models\/org\/name\/revision\/(.+)$/.exec(request.path) ?? [];
    if (revision !== undefined) return this.#describe(decodeURIComponent(revision));
    const [, name] = /^\/org\/name\/resolve\/\w{40}\/(.+)$/.exec(request.path) ?? [];
    if (name === undefined) return refuse(401, "RepoNotFound");
    const file = this.files.get(decodeURIComponent(name));
    if (file === undefined) return refuse(404, "EntryNotFound");
    if (!file.large) return contentResponse(file, request);
    const { port } = this.#fileServer.addr;
    return new Response(null, {
      status: 302,
      headers: {
        location: `http://127.0.0.1:${port}/${name}?X-Signature=secret-of-the-link`,
        "x-repo-commit": COMMIT,
        "x-linked-etag": `"${etagOf(file)}"`,
        "x-linked-size": String(file.content.length),
      },
    });
  }

  #answerFiles(request: SeenRequest): Response {
    const answer = this.uploads.answerFiles(request) ?? this.datasets.answerFiles(request);
    if (answer !== null) return answer;
    const file = this.files.get(decodeURIComponent(request.path.slice(1)));
    return file === undefined ? refuse(404, "") : contentResponse(file, request);
  }

  #describe(revision: string): Response {
    const sha = this.revisions.get(revision);
    if (sha === undefined) return refuse(404, "RevisionNotFound");
    const siblings = [...this.files].map(([rfilename, file]) => ({
      rfilename,
      ...this.describe(file),
    }));
    return Response.json({ id: REPOSITORY, sha, siblings });
  }
}

/** What the first of these that is meant answers; it is used up. */
function takeFirst(faults: Fault[], seen: SeenRequest): Response | null {
  for (const [index, fault] of faults.entries()) {
    const response = fault(seen);
    if (response === null) continue;
    faults.splice(index, 1);
    return response;
  }
  return null;
}

function describeFile(file: HubFile): Record<string, unknown> {
  const size = file.content.length;
  if (!file.large) return { size, blobId: etagOf(file) };
  const blobId = etagOf({ content: bytesOf("pointer"), large: false });
  return { size, blobId, lfs: { sha256: etagOf(file), size, pointerSize: 134 } };
}

/** What a server that honours ranges sends of a file. */
export function contentResponse(file: HubFile, { headers, method }: SeenRequest): Response {
  const etag = `"${etagOf(file)}"`;
  const total = file.content.length;
  const [, begin, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.get("range") ?? "") ?? [];
  const condition = headers.get("if-range");
  const isPart = begin !== undefined && (condition === null || condition === etag);
  const from = isPart ? Number(begin) : 0;
  if (from >= total && isPart) return new Response(null, { status: 416 });
  const end = isPart && last ? Math.min(total, Number(last) + 1) : total;
  return new Response(method === "HEAD" ? null : file.content.subarray(from, end), {
    status: isPart ? 206 : 200,
    headers: {
      etag,
      "x-repo-commit": COMMIT,
      "content-length": String(end - from),
      ...isPart && { "content-range": `bytes ${from}-${end - 1}/${total}` },
    },
  });
}

/** An error as the Hub words it. */
export function refuse(status: number, code: string, headers: HeadersInit = {}): Response {
  const answer = new Headers(headers);
  if (code !== "") answer.set("x-error-code", code);
  return Response.json({ error: code }, { status, headers: answer });
}

/** Sends the first bytes of a file's answer, then ends the connection. */
export function cut(file: HubFile, seen: SeenRequest, bytes: number): Response {
  const { status, headers } = contentResponse(file, seen);
  headers.delete("content-length");
  const range = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "");
  const from = Number(range?.[1] ?? 0);
  return new Response(file.content.subarray(from, from + bytes), { status, headers });
}

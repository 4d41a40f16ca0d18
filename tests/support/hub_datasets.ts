/** Datasets on the Hub of the tests: repositories with branches, listed page by page. */
import { createHash } from "node:crypto";
import { contentResponse, etagOf, type HubFile, refuse, type SeenRequest } from "./hub_server.ts";

/** The files of a branch, and the commit that it is at. */
export interface Branch {
  readonly commit: string;
  readonly files: ReadonlyMap<string, HubFile>;
}

/** A commit for each name. */
export function commitOf(name: string): string {
  return createHash("sha1").update(name).digest("hex");
}

/** Answers what the Hub does about datasets. */
export class HubDatasets {
  /** Branches, tags and commits of each repository, by its name. */
  readonly #repositories = new Map<string, Map<string, Branch>>();
  readonly #contents = new Map<string, HubFile>();
  /** Entries of a page of the listing. */
  pageSize = 1000;
  /** Large files lie on the file server, below this address. */
  filesAt = "";

  /** Puts a commit on a branch. The commits before it stay. */
  commit(id: string, revision: string, files: Readonly<Record<string, HubFile>>): string {
    const etags = Object.entries(files).map(([name, file]) => `${name} ${etagOf(file)}`);
    const commit = commitOf([id, revision, ...etags].join("\n"));
    const branch = { commit, files: new Map(Object.entries(files)) };
    const revisions = this.#repositories.get(id) ?? new Map<string, Branch>();
    this.#repositories.set(id, revisions.set(revision, branch).set(commit, branch));
    for (const file of branch.files.values()) this.#contents.set(etagOf(file), file);
    return commit;
  }

  /** A branch, tag or commit of a repository. */
  at(id: string, revision: string): Branch | undefined {
    return this.#repositories.get(id)?.get(revision);
  }

  /** What the Hub answers; null if the request is about no dataset. */
  answerHub(request: SeenRequest): Response | null {
    const [, id, verb, rest] =
      /^\/api\/datasets\/([^/]+\/[^/]+)\/(revision|tree)\/(.+)$/.exec(request.path) ??
        /^\/datasets\/([^/]+\/[^/]+)\/(resolve)\/(.+)$/.exec(request.path) ?? [];
    if (id === undefined || rest === undefined) return null;
    const revisions = this.#repositories.get(id);
    if (revisions === undefined) return refuse(401, "RepoNotFound");
    const [revision = "", ...parts] = rest.split("/").map(decodeURIComponent);
    const branch = revisions.get(revision);
    if (branch === undefined) return refuse(404, "RevisionNotFound");
    if (verb === "revision") return Response.json({ id, sha: branch.commit });
    return verb === "tree"
      ? this.#list(branch, parts.join("/"), request)
      : this.#resolve(branch, parts.join("/"), request);
  }

  /** What the file server answers; null if it is about no dataset. */
  answerFiles(request: SeenRequest): Response | null {
    const file = this.#contents.get(request.path.slice("/blobs/".length));
    if (file === undefined) return null;
    const response = contentResponse(file, request);
    // Python's huggingface_hub reads it where redirects end.
    const commit = new URLSearchParams(request.query).get("commit");
    response.headers.set("x-repo-commit", commit ?? "");
    return response;
  }

  #list(branch: Branch, folder: string, { path, query, headers }: SeenRequest): Response {
    const prefix = folder === "" ? "" : `${folder}/`;
    const names = [...branch.files.keys()].filter((name) => name.startsWith(prefix));
    if (names.length === 0 && folder !== "") return refuse(404, "EntryNotFound");
    const parameters = new URLSearchParams(query);
    const isRecursive = parameters.get("recursive") === "true";
    const entries = new Map(
      names.sort().flatMap((name) => {
        const parts = name.slice(prefix.length).split("/");
        const depths = isRecursive ? parts.map((_, depth) => depth + 1) : [1];
        return depths.map((depth) => {
          const entry = prefix + parts.slice(0, depth).join("/");
          return [entry, entry === name ? describe(name, branch) : directory(entry)] as const;
        });
      }),
    );
    const begin = Number(parameters.get("cursor") ?? 0);
    const end = begin + this.pageSize;
    parameters.set("cursor", String(end));
    const link = `<http://${headers.get("host")}${path}?${parameters}>; rel="next"`;
    return Response.json([...entries.values()].slice(begin, end), {
      headers: end < entries.size ? { link } : {},
    });
  }

  #resolve(branch: Branch, name: string, request: SeenRequest): Response {
    const file = branch.files.get(name);
    if (file === undefined) return refuse(404, "EntryNotFound");
    if (!file.large) {
      const response = contentResponse(file, request);
      response.headers.set("x-repo-commit", branch.commit);
      return response;
    }
    return new Response(null, {
      status: 302,
      headers: {
        location: `${this.filesAt}/blobs/${etagOf(file)}?commit=${branch.commit}` +
          "&X-Signature=secret-of-the-link",
        "x-repo-commit": branch.commit,
        "x-linked-etag": `"${etagOf(file)}"`,
        "x-linked-size": String(file.content.length),
      },
    });
  }
}

function directory(path: string): object {
  return { type: "directory", oid: commitOf(path), size: 0, path };
}

function describe(path: string, branch: Branch): object {
  const file = branch.files.get(path);
  if (file === undefined) throw new Error(path);
  const size = file.content.length;
  if (!file.large) return { type: "file", oid: etagOf(file), size, path };
  const lfs = { oid: etagOf(file), size, pointerSize: 134 };
  return { type: "file", oid: commitOf("pointer"), size, path, lfs };
}

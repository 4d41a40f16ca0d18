/** Writing to the Hub of the tests: making repositories, storing content, committing. */
import { HubAccounts } from "./hub_accounts.ts";
import { readCommit } from "./hub_commit.ts";
import type { HubDatasets } from "./hub_datasets.ts";
import { HubLfsStore } from "./hub_lfs_store.ts";
import { bytesOf, type HubFile, refuse, type SeenRequest } from "./hub_server.ts";

/** A repository that was made here. */
export interface MadeRepository {
  readonly isPrivate: boolean;
  /** Titles of its commits, and the names that each changed. */
  readonly history: { readonly title: string; readonly names: readonly string[] }[];
}

/** Endings of files that are large whatever their size. */
const LARGE = /\.(?:gz|parquet|tar|npy|arrow|zip)$/;

/** Answers what the Hub does about writing. */
export class HubUploads {
  readonly accounts = new HubAccounts();
  readonly store = new HubLfsStore();
  readonly repositories = new Map<string, MadeRepository>();
  /** Commits that an hour allows; here no hour ever ends. */
  commitsAllowed = 128;
  /** Bytes above which a file of any ending is large. */
  largeAbove = 10e6;
  /** Whether content is to be sent by Xet, whose store answers nothing of use. */
  offersXet = false;
  readonly #datasets: HubDatasets;

  constructor(datasets: HubDatasets) {
    this.#datasets = datasets;
  }

  /** What the Hub answers; null if the request is about no writing. */
  answerHub(request: SeenRequest): Response | null {
    const { path, method } = request;
    if (path === "/api/whoami-v2") return this.accounts.whoAmI(request);
    if (path === "/api/repos/create") return this.#create(request);
    const [, id, verb] = /^\/api\/datasets\/([^/]+\/[^/]+)\/(preupload|commit)\/main$/.exec(path) ??
      /^\/datasets\/([^/]+\/[^/]+)\.git\/info\/lfs\/objects\/(batch)$/.exec(path) ?? [];
    if (method === "POST" && id !== undefined) return this.#write(request, id, verb ?? "");
    const [, oid] = /^\/api\/complete_multipart\/(\w+)$/.exec(path) ?? [];
    if (oid !== undefined) return this.store.complete(oid, json(request)["parts"]);
    return this.#refuseStrangers(request);
  }

  answerFiles(request: SeenRequest): Response | null {
    if (request.path.startsWith("/v1/")) return refuse(403, "");
    return this.store.answerFiles(request);
  }

  /** Makes a repository, as the user does on the web. */
  make(id: string, files: Readonly<Record<string, HubFile>> = {}, isPrivate = true): void {
    this.repositories.set(id, { isPrivate, history: [] });
    this.#datasets.commit(id, "main", {
      ".gitattributes": { content: bytesOf("*.gz filter=lfs\n"), large: false },
      ...files,
    });
  }

  #create(request: SeenRequest): Response {
    const { organization, name, type, visibility } = json(request);
    const id = `${organization}/${name}`;
    const refusal = this.accounts.refusal(request, id);
    if (refusal !== null) return refusal;
    if (type !== "dataset") return refuse(400, "");
    if (this.repositories.has(id)) {
      return Response.json({ error: "You already created this dataset repo" }, { status: 409 });
    }
    this.make(id, {}, visibility === "private");
    return Response.json({ url: `${this.store.hubAt}/datasets/${id}`, name: id, id: "0" });
  }

  #write(request: SeenRequest, id: string, verb: string): Response {
    const refusal = this.accounts.refusal(request, id);
    if (refusal !== null) return refusal;
    if (!this.repositories.has(id)) return refuse(404, "RepoNotFound");
    if (verb === "commit") return this.#commit(request, id);
    if (verb === "batch") {
      return this.offersXet && json(request)["transfers"].includes("xet")
        ? this.#offerXet(request)
        : this.store.batch(json(request)["objects"]);
    }
    const files: { path: string; size: number }[] = json(request)["files"];
    return Response.json({
      files: files.map(({ path, size }) => ({
        path,
        uploadMode: size > this.largeAbove || LARGE.test(path) ? "lfs" : "regular",
      })),
    });
  }

  #commit({ body }: SeenRequest, id: string): Response {
    const [repository, branch] = [this.repositories.get(id), this.#datasets.at(id, "main")];
    if (repository === undefined || branch === undefined) return refuse(404, "RepoNotFound");
    if (repository.history.length >= this.commitsAllowed) {
      return refuse(429, "", { "retry-after": "3600" });
    }
    const asked = readCommit(body, this.store);
    if (asked === null) return Response.json({ error: "LFS object is missing" }, { status: 400 });
    if (asked.parent !== null && asked.parent !== branch.commit) {
      return Response.json({ error: "A commit has happened since" }, { status: 412 });
    }
    const files = new Map(branch.files);
    for (const [name, file] of asked.changes) {
      if (file === null) files.delete(name);
      else files.set(name, file);
    }
    const commitOid = this.#datasets.commit(id, "main", Object.fromEntries(files));
    repository.history.push({ title: asked.title, names: [...asked.changes.keys()] });
    return Response.json({ success: true, commitOid, commitUrl: "", hookOutput: "" });
  }

  #offerXet(request: SeenRequest): Response {
    const objects: { oid: string; size: number }[] = json(request)["objects"];
    const header = {
      "X-Xet-Cas-Url": this.store.filesAt,
      "X-Xet-Access-Token": "token-of-the-store",
      "X-Xet-Token-Expiration": "99999999999",
    };
    const upload = { href: `${this.store.hubAt}/xet-write-token`, header };
    return Response.json({
      transfer: "xet",
      objects: objects.map((object) => ({ ...object, actions: { upload } })),
    });
  }

  /** A private repository looks as if it were not there. */
  #refuseStrangers(request: SeenRequest): Response | null {
    const [, id = ""] = /^\/(?:api\/)?datasets\/([^/]+\/[^/]+)/.exec(request.path) ?? [];
    const repository = this.repositories.get(id);
    if (repository?.isPrivate && this.accounts.of(request) === null) {
      return refuse(401, "RepoNotFound");
    }
    return repository !== undefined && request.path === `/api/datasets/${id}`
      ? Response.json({ id })
      : null;
  }
}

function json({ body }: SeenRequest) {
  return JSON.parse(new TextDecoder().decode(body));
}

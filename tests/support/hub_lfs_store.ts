/** The store of large files of the Hub of the tests: signed links, content checked as it comes. */
import { createHash } from "node:crypto";
import { refuse, type SeenRequest } from "./hub_server.ts";

/** Another signature would open another file: none may be seen in an error. */
const SIGNATURE = "X-Signature=secret-of-the-link";

/** Objects by the SHA-256 that they were announced with. */
export class HubLfsStore {
  readonly #objects = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #parts = new Map<string, Map<number, Uint8Array<ArrayBuffer>>>();
  /** Addresses of the two servers. */
  hubAt = "";
  filesAt = "";
  /** Larger objects are sent in parts of this many bytes. */
  partBytes = Infinity;
  /** How often the next objects are damaged while they are stored, and nobody notices. */
  damages = 0;

  get(oid: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#objects.get(oid);
  }

  /** How often each object was stored. */
  readonly stored: string[] = [];

  /** `objects/batch` for uploads. */
  batch(objects: readonly { readonly oid: string; readonly size: number }[]): Response {
    return Response.json({
      transfer: "basic",
      objects: objects.map(({ oid, size }) => {
        const stored = this.#objects.get(oid);
        const isWhole = stored !== undefined && sha256(stored) === oid;
        return isWhole ? { oid, size } : { oid, size, actions: this.#actions(oid, size) };
      }),
    });
  }

  #actions(oid: string, size: number): object {
    const verify = { href: `${this.hubAt}/verify/${oid}` };
    if (size <= this.partBytes) {
      return { upload: { href: `${this.filesAt}/lfs/${oid}?${SIGNATURE}` }, verify };
    }
    const header: Record<string, string> = { "chunk_size": String(this.partBytes) };
    for (let part = 1; (part - 1) * this.partBytes < size; part++) {
      const name = String(part).padStart(5, "0");
      header[name] = `${this.filesAt}/parts/${oid}/${part}?${SIGNATURE}`;
    }
    return { upload: { href: `${this.hubAt}/api/complete_multipart/${oid}`, header }, verify };
  }

  /** What the file server answers; null if it is about no upload. */
  answerFiles({ method, path, headers, body }: SeenRequest): Response | null {
    if (method !== "PUT") return null;
    if (!headers.has("content-length")) return refuse(411, "");
    const [, oid = ""] = /^\/lfs\/(\w{64})$/.exec(path) ?? [];
    if (oid !== "") return this.#store(oid, body);
    const [, of = "", part] = /^\/parts\/(\w{64})\/(\d+)$/.exec(path) ?? [];
    if (of === "") return null;
    const parts = this.#parts.get(of) ?? new Map<number, Uint8Array<ArrayBuffer>>();
    this.#parts.set(of, parts.set(Number(part), body));
    return new Response(null, { headers: { etag: `"part-${part}"` } });
  }

  /** Puts the parts together. */
  complete(oid: string, parts: readonly { etag: string; partNumber: number }[]): Response {
    const stored = this.#parts.get(oid);
    const pieces = parts.map(({ partNumber, etag }) =>
      etag === `"part-${partNumber}"` ? stored?.get(partNumber) : undefined
    );
    if (pieces.length !== stored?.size || pieces.includes(undefined)) return refuse(400, "");
    return this.#store(oid, Uint8Array.from(pieces.flatMap((piece) => [...piece ?? []])));
  }

  #store(oid: string, content: Uint8Array<ArrayBuffer>): Response {
    if (sha256(content) !== oid) return refuse(400, "");
    this.stored.push(oid);
    const kept = content.slice();
    if (this.damages > 0) {
      this.damages--;
      kept[0] = (kept[0] ?? 0) ^ 1;
    }
    this.#objects.set(oid, kept);
    return new Response(null);
  }
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A server of one file as a `fetch`: it answers ranges, cuts connections, refuses. */

/** What it does with one request. */
export type Turn =
  | { readonly kind: "answer" }
  /** Ends the connection after so many bytes. */
  | { readonly kind: "cut"; readonly after: number }
  | { readonly kind: "refuse"; readonly status: number; readonly headers?: HeadersInit }
  | { readonly kind: "fail"; readonly message: string };

/** The file, and what tells its versions apart. */
export interface ServedFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Whether its size is told. @default {true} */
  readonly hasLength?: boolean;
}

/** Serves one file; requests take their turns, and are answered when there is none left. */
export class FileServer {
  /** The headers of each request. */
  readonly requests: Headers[] = [];
  file: ServedFile;
  turns: Turn[];

  constructor(file: ServedFile, turns: readonly Turn[] = []) {
    this.file = file;
    this.turns = [...turns];
  }

  /** Instead of the global one. */
  readonly fetch: typeof fetch = (_url, init) => {
    const headers = new Headers(init?.headers);
    this.requests.push(headers);
    const turn = this.turns.shift() ?? { kind: "answer" };
    if (turn.kind === "fail") return Promise.reject(new TypeError(turn.message));
    if (turn.kind === "refuse") {
      return Promise.resolve(
        new Response("no", {
          status: turn.status,
          ...(turn.headers === undefined ? {} : { headers: turn.headers }),
        }),
      );
    }
    return Promise.resolve(this.#answer(headers, turn.kind === "cut" ? turn.after : Infinity));
  };

  #answer(request: Headers, most: number): Response {
    const { content, etag, lastModified, hasLength = true } = this.file;
    const from = Number(/^bytes=(\d+)-$/.exec(request.get("range") ?? "")?.[1] ?? 0);
    const isSame = [etag, lastModified].includes(request.get("if-range") ?? undefined);
    const isPart = from > 0 && isSame;
    const body = isPart ? content.subarray(from) : content;
    const headers = new Headers();
    if (hasLength) headers.set("content-length", String(body.length));
    if (etag !== undefined) headers.set("etag", etag);
    if (lastModified !== undefined) headers.set("last-modified", lastModified);
    if (isPart) {
      headers.set("content-range", `bytes ${from}-${content.length - 1}/${content.length}`);
    }
    return new Response(cutStream(body, most), { status: isPart ? 206 : 200, headers });
  }
}

function cutStream(body: Uint8Array<ArrayBuffer>, most: number): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream({
    pull(controller) {
      if (position >= most) return controller.error(new TypeError("connection reset"));
      if (position >= body.length) return controller.close();
      const end = Math.min(position + 1000, body.length, most);
      controller.enqueue(body.slice(position, end));
      position = end;
    },
  });
}

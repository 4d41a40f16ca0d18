/** Helpers of the tests of sources: files that live as long as a test. */

import { dirname } from "node:path";
import type { Source, SourceItem } from "../../lib/sources/source.ts";

/** A temporary folder with the given files; gone when it is disposed of. */
export class Fixture implements Disposable {
  readonly folder: string = Deno.realPathSync(Deno.makeTempDirSync());

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [path, content] of Object.entries(files)) {
      this.write(path, content);
    }
  }

  path(relative: string): string {
    return `${this.folder}/${relative}`;
  }

  write(relative: string, content: string | Uint8Array): string {
    const path = this.path(relative);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeFileSync(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** All items of a source. */
export async function itemsIn(source: Source): Promise<SourceItem[]> {
  return await Array.fromAsync(source.list());
}

/** Ids of the samples; for a reject, its place and detail. */
export async function summaryOf(source: Source): Promise<string[]> {
  return (await itemsIn(source)).map((item) =>
    item.kind === "sample"
      ? item.sample.id
      : item.kind === "reject"
      ? `reject ${item.place}: ${item.detail}`
      : `excluded ${item.count}`
  );
}

/** The samples alone. */
export async function samplesIn(source: Source) {
  return (await itemsIn(source)).flatMap((item) => item.kind === "sample" ? [item.sample] : []);
}

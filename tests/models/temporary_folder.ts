/**
 * A folder that a test may write into.
 *
 * @module
 */
import { join } from "node:path";

/** A new empty folder, removed when it is disposed of. */
export class TemporaryFolder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "speechmill-test-" });

  /** The path of a file in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/**
 * Notes of what a dataset was when its run was planned: a branch may move while the run goes on.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type FileSystem, publishFile, realFileSystem } from "../../fs.ts";
import { z } from "../../npm/zod.ts";

const COMMIT = z.string().regex(/^[0-9a-f]{40}$/);

const PIN = z.object({
  /** The commit of the revision that was asked for. */
  commit: COMMIT,
  /** The commit of the branch with what the Hub converted; null where the files are not of it. */
  convertCommit: COMMIT.nullable(),
  config: z.string(),
  split: z.string(),
  files: z.array(z.object({
    name: z.string(),
    etag: z.string().regex(/^\w[\w.-]{0,127}$/),
    size: z.number().int().nonnegative(),
  })),
  notices: z.array(z.string()),
});

/** What a request was resolved to. */
export type DatasetPin = Readonly<z.infer<typeof PIN>>;

/** Keeps notes, each under the request that it answers. */
export interface PinStore {
  /** Null where there is none, or none that can be read. */
  read(request: string): Promise<DatasetPin | null>;
  write(request: string, pin: DatasetPin): Promise<void>;
}

/**
 * Notes as files of a folder: that of a run, so that it goes on with the commits that it was planned
 * with.
 *
 * @param folder Absolute path; made when something is noted.
 */
export function filePins(folder: string, fs: FileSystem = realFileSystem): PinStore {
  const pathOf = (request: string) => {
    const digest = createHash("sha256").update(request).digest("hex").slice(0, 16);
    return join(folder, `${digest}.json`);
  };
  return {
    read: (request) => readPin(pathOf(request)),
    write: async (request, pin) => {
      await Deno.mkdir(folder, { recursive: true });
      publishFile(fs, pathOf(request), `${JSON.stringify(pin, null, 1)}\n`);
    },
  };
}

async function readPin(path: string): Promise<DatasetPin | null> {
  try {
    return PIN.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (error) {
    const isUseless = error instanceof Deno.errors.NotFound || error instanceof SyntaxError ||
      error instanceof z.ZodError;
    if (isUseless) return null;
    throw error;
  }
}

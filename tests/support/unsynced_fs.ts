/** The disk need not hold what is removed a moment later; under load each sync waits for others. */
import { type FileSystem, realFileSystem } from "../../lib/fs.ts";

/** The real file system, but nothing is synced. */
export const unsyncedFileSystem: FileSystem = {
  ...realFileSystem,
  create(path) {
    const file = realFileSystem.create(path);
    return {
      write: (bytes) => file.write(bytes),
      sync: () => {},
      [Symbol.dispose]: () => file[Symbol.dispose](),
    };
  },
  syncDirectory: () => {},
};

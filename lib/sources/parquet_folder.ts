/**
 * The Parquet files under a folder.
 *
 * @module
 */

import { resolve } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { joinPath } from "./locate.ts";
import { compareCodePoints } from "./order.ts";

/** Whether a file name ends as those of Parquet files do. */
export function isParquetName(name: string): boolean {
  return name.toLowerCase().endsWith(".parquet");
}

/**
 * Lists the Parquet files in a folder and all below it. Links are followed, as the Hub's cache is
 * made of them, except to a folder that is being walked. What begins with a dot is left out.
 *
 * @param root Absolute path.
 * @param exclude Absolute paths of files and folders to leave out, such as the run's own output.
 * @returns Paths relative to the folder, with `/`, in the order of their code points.
 * @throws {UsageError} If a folder cannot be read.
 */
export async function findParquet(
  root: string,
  exclude: readonly string[] = [],
): Promise<readonly string[]> {
  const excluded = new Set(exclude.map((path) => resolve(path)));
  const found: string[] = [];
  const walk = async (prefix: string, ancestors: readonly string[]): Promise<void> => {
    const folder = joinPath(root, prefix);
    const real = await Deno.realPath(folder);
    if (ancestors.includes(real)) return;
    for await (const { name } of Deno.readDir(folder)) {
      const path = joinPath(folder, name);
      if (name.startsWith(".") || excluded.has(resolve(path))) continue;
      if (isParquetName(name) && await isOf("file", path)) found.push(prefix + name);
      else if (await isOf("folder", path)) await walk(`${prefix}${name}/`, [...ancestors, real]);
    }
  };
  try {
    await walk("", []);
  } catch (error) {
    throw new UsageError(`Cannot list folder '${root}': ${messageOf(error)}`, { cause: error });
  }
  return found.sort(compareCodePoints);
}

/** A link that leads nowhere is neither. */
async function isOf(kind: "file" | "folder", path: string): Promise<boolean> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    return kind === "file" ? isFile : isDirectory;
  } catch {
    return false;
  }
}

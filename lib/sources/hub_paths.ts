/**
 * Audio of a Hub dataset's rows that is named by paths.
 *
 * @module
 */
import { isAbsolute, relative, resolve } from "node:path";
import type { RepositoryFiles } from "../hub/dataset/repository_files.ts";
import type { SourceItem } from "./source.ts";

/** Where audio that is named by a path may lie. */
export interface PathPlaces {
  /** Files of the repository. */
  readonly beside: RepositoryFiles;
  /** Folders of this machine that the user named. */
  readonly audioRoot: readonly string[];
}

/**
 * Defers samples whose audio is a file of the repository.
 *
 * Any other file of this machine is refused, unless it is below a folder that the user named: rows
 * of strangers do not say what is read here.
 */
export async function* deferPaths(
  items: AsyncIterable<SourceItem>,
  { beside, audioRoot }: PathPlaces,
): AsyncGenerator<SourceItem, void, void> {
  for await (const item of items) {
    if (item.kind !== "sample" || item.sample.audio === null || item.sample.part !== undefined) {
      yield item;
      continue;
    }
    const { sample } = item;
    const audio = resolve(item.sample.audio);
    if (beside.owns(audio)) {
      yield { kind: "sample", sample: { ...sample, audio, isDeferred: true } };
    } else if (audioRoot.some((folder) => isBelow(folder, audio))) {
      yield item;
    } else {
      const detail = `its audio is '${sample.audio}', which is no file of the dataset: fetch the ` +
        "files and name their folder as audio_root";
      yield { kind: "reject", id: sample.id, place: sample.place, detail };
    }
  }
}

function isBelow(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner !== "" && !isAbsolute(inner) && inner.split(/[/\\]/)[0] !== "..";
}

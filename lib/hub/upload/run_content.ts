/**
 * What of a run directory is uploaded.
 *
 * @module
 */
import { datasetFiles } from "../../publish/run_files.ts";
import { readManifest } from "../../reading/manifest.ts";
import { LocalFile } from "./local_file.ts";

/** The dataset of a run. What lies in `.speechmill/` is no part of it. */
export interface RunContent {
  readonly directory: string;
  /** `config_digest` of the manifest. */
  readonly digest: string;
  readonly data: readonly LocalFile[];
  /** The manifest, the card and what else describes the data. */
  readonly descriptions: readonly LocalFile[];
}

/**
 * Reads what the manifest names.
 *
 * @throws {UsageError} If there is no manifest.
 */
export async function readRunContent(directory: string): Promise<RunContent> {
  const manifest = await readManifest(directory);
  const stated = new Map(manifest.files.map((file) => [file.path, file]));
  const files = [...datasetFiles(directory, manifest)]
    .map((name) => new LocalFile(directory, name, stated.get(name) ?? null));
  const isData = ({ name }: LocalFile) => name.startsWith("data/");
  return {
    directory,
    digest: manifest.config_digest,
    data: files.filter(isData),
    descriptions: files.filter((file) => !isData(file)),
  };
}

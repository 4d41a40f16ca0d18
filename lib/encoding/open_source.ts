/**
 * The source of a run, with what reading it touches.
 *
 * @module
 */
import { join } from "node:path";
import { cacheFolder } from "../../models/cache_folder.ts";
import type { RunConfig } from "../config/run_config.ts";
import { BlockFolder } from "./block_folder.ts";
import { filePins } from "../hub/dataset/pins.ts";
import type { HubOptions } from "../hub/repository.ts";
import { runPaths } from "../run/run_directory.ts";
import type { DatasetConfig } from "../sources/dataset.ts";
import { openDatasets, type OpenedDatasets } from "../sources/open.ts";

/** How sources reach what is not here. */
export interface OpenSourceOptions {
  /** How the Hub and the web are reached. @default the real ones */
  readonly hub?: HubOptions;
  readonly signal?: AbortSignal;
}

/** An opened source, and what the user should hear of it. */
export interface OpenedSource extends OpenedDatasets {
  readonly notices: readonly string[];
  /** Clears what a finished run needs no more. */
  finish(): void;
}

/**
 * Opens the datasets of a run. What the Hub was found to have is noted in the run directory, so that
 * a run goes on with the commits that it was planned with.
 *
 * @throws As `openDatasets`.
 */
export async function openRunSource(
  config: RunConfig,
  datasets: readonly DatasetConfig[],
  options: OpenSourceOptions,
): Promise<OpenedSource> {
  const { directory } = runPaths(config.output, config.ledger);
  const notes = join(directory, ".speechmill", "datasets");
  const cache = () => cacheFolder(options.hub?.environment);
  const notices: string[] = [];
  const opened = await openDatasets(datasets, {
    ...config,
    exclude: [directory],
    cacheFolder: cache,
    blockFolder: () => new BlockFolder(notes, cache()).path(),
    pins: filePins(notes),
    hub: { ...options.hub, ...(options.signal === undefined ? {} : { signal: options.signal }) },
    onNotice: (message) => notices.push(message),
  });
  const finish = () => {
    if (opened.source.blocks !== undefined) new BlockFolder(notes, cache()).remove();
  };
  return { ...opened, notices, finish };
}

/**
 * The source of a run, with what reading it touches.
 *
 * @module
 */
import { join } from "node:path";
import { cacheFolder } from "../../models/cache_folder.ts";
import type { RunConfig } from "../config/run_config.ts";
import { BlockFolder } from "./block_folder.ts";
import { pathExists } from "../fs.ts";
import { filePins, type PinStore } from "../hub/dataset/pins.ts";
import type { HubOptions } from "../hub/repository.ts";
import { latestProgress } from "../latest_progress.ts";
import { runPaths } from "../run/run_directory.ts";
import type { DatasetConfig } from "../sources/dataset.ts";
import type { FetchProgress } from "../sources/open_one.ts";
import { openDatasets, type OpenedDatasets } from "../sources/open.ts";
import type { EncodeEvent } from "./events.ts";

/** How sources reach what is not here. */
export interface OpenSourceOptions {
  /** How the Hub and the web are reached. @default the real ones */
  readonly hub?: HubOptions;
  readonly signal?: AbortSignal;
  /** Called as bytes come in of what is brought here whole. */
  readonly onFetch?: (progress: FetchProgress) => void;
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
  const { directory, ledger } = runPaths(config.output, config.ledger);
  const notes = join(directory, ".speechmill", "datasets");
  const cache = () => cacheFolder(options.hub?.environment);
  const notices: string[] = [];
  const signals = [options.signal, options.hub?.signal].filter((signal) => signal !== undefined);
  const opened = await openDatasets(datasets, {
    ...config,
    exclude: [directory],
    cacheFolder: cache,
    blockFolder: () => new BlockFolder(notes, cache()).path(),
    pins: pinsOf(notes, ledger),
    hub: { ...options.hub, ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }) },
    onNotice: (message) => notices.push(message),
    ...(options.onFetch === undefined ? {} : { onFetch: options.onFetch }),
  });
  const finish = () => {
    if (opened.source.blocks !== undefined) new BlockFolder(notes, cache()).remove();
  };
  return { ...opened, notices, finish };
}

/** Without a plan nothing depends on what was noted: the branch may have been mended since. */
function pinsOf(notes: string, ledger: string): PinStore {
  const pins = filePins(notes);
  return {
    read: (request) => pathExists(ledger) ? pins.read(request) : Promise.resolve(null),
    write: (request, pin) => pins.write(request, pin),
  };
}

/** Opens the datasets of a run, and yields how far that is where files are brought here first. */
export async function* bringSource(
  config: RunConfig,
  datasets: readonly DatasetConfig[],
  options: OpenSourceOptions,
): AsyncGenerator<EncodeEvent, OpenedSource> {
  const progress = latestProgress((onFetch: (progress: FetchProgress) => void) =>
    openRunSource(config, datasets, { ...options, onFetch })
  );
  while (true) {
    const { done, value } = await progress.next();
    if (done) return value;
    yield { ...value, type: "fetching" };
  }
}

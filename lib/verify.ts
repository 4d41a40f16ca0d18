/**
 * Checking a run, from its directory alone.
 *
 * @module
 */
import { resolve } from "node:path";
import { SampleAudio } from "./audio/sample_audio.ts";
import { messageOf, UsageError } from "./errors.ts";
import { sealedFiles } from "./reading/ledger_index.ts";
import { readManifest, type RunFile, type RunManifest } from "./reading/manifest.ts";
import { openRunCodec, type RunCodecOptions } from "./reading/open_codec.ts";
import { openLedger } from "./reading/open_ledger.ts";
import { rowLayout } from "./reading/row_layout.ts";
import type { Ledger } from "./run/ledger.ts";
import { checkShare, inShare } from "./share.ts";
import { checkContent, checkSize } from "./verify/check_file.ts";
import { checkLedger, isFinished, LEDGER_FILE } from "./verify/check_ledger.ts";
import { checkFailed, checkManifest, checkStrays, dataNames } from "./verify/check_records.ts";
import { rebatch } from "./verify/rebatch.ts";
import { DeferredAudio } from "./verify/deferred_audio.ts";
import {
  adviceFor,
  type Problem,
  type RebatchReport,
  type VerifyEvent,
  type VerifyReport,
} from "./verify/report.ts";
import { rowCheck } from "./verify/row_fault.ts";
import { plannedOrder, uniqueIds } from "./verify/row_order.ts";

export type { Problem, RebatchReport, VerifyEvent, VerifyReport };

/** What to check. */
export interface VerifyOptions extends RunCodecOptions {
  /**
   * Share of the files to read to the end, above 0 and up to 1; the same ones each time, one at
   * least. Presence and size are checked for all. @default {1}
   */
  readonly subset?: number;
  /** Share of the rows to encode once more, one by one, above 0 and up to 1. @default none */
  readonly rebatch?: number;
  /** Reads the clips that are encoded once more. @default {new SampleAudio()} */
  readonly audio?: Pick<SampleAudio, "read">;
}

/**
 * Checks a run: that each file is there with its size, its SHA-256 and its rows; that every row
 * has the columns, the codes and the lengths it must have, stands where the plan puts it, and
 * stands once; that nothing else lies in `data/`; that every planned sample is done, quarantined
 * or filtered; that the ledger is whole. With `rebatch` some clips are encoded once more, alone.
 *
 * Nothing is changed. Memory does not grow with the number of rows.
 *
 * @param directory The run directory. A dataset without `.speechmill/` is checked by its manifest.
 * @throws {UsageError} If it holds no run, or a share is none.
 * @throws {SpeechmillError} If the manifest cannot be read.
 * @throws {RunConflictError} If `rebatch` would use another codec than the run.
 */
export async function* verifyRun(
  directory: string,
  options: VerifyOptions = {},
): AsyncGenerator<VerifyEvent> {
  const subset = checkShare(options.subset ?? 1, "subset");
  const share = options.rebatch === undefined ? null : checkShare(options.rebatch, "rebatch");
  const root = resolve(directory);
  const manifest = await readManifest(root);
  const findings = new Findings();
  const opened = openChecked(root);
  using ledger = opened.ledger;
  yield* findings.add(opened.problems);

  const names = await dataNames(root);
  const files = ledger === null ? manifest.files : sealedFiles(ledger);
  const finished = ledger === null ? manifest.finished : isFinished(ledger);
  yield* findings.add(checkManifest(manifest, ledger));
  yield* findings.add(await checkFailed(root, manifest));
  yield* findings.add(checkStrays(names, files, finished));
  const checks: Checks = { root, manifest, files, ledger, findings };
  const read = yield* checkFiles(checks, subset);
  const rebatched = share === null ? null : yield* reencode(checks, share, options);
  const { problems } = findings;
  yield {
    type: "finished",
    report: {
      ...{ files: files.length, filesRead: read.files, rows: read.rows, finished, problems },
      ...{ ledger: ledger !== null, rebatch: rebatched },
      advice: adviceFor(problems),
      ok: problems.length === 0,
    },
  };
}

/** The problems so far. */
class Findings {
  readonly problems: Problem[] = [];

  *add(problems: readonly Problem[]): Generator<VerifyEvent> {
    for (const problem of problems) {
      this.problems.push(problem);
      yield { type: "problem", problem };
    }
  }
}

/** The ledger, or null where there is none or it is too damaged to rely on. */
function openChecked(root: string): { ledger: Ledger | null; problems: readonly Problem[] } {
  try {
    const ledger = openLedger(root);
    if (ledger === null) return { ledger, problems: [] };
    const { usable, problems } = checkLedger(ledger);
    if (!usable) ledger[Symbol.dispose]();
    return { ledger: usable ? ledger : null, problems };
  } catch (error) {
    const problem: Problem = { kind: "ledger", file: LEDGER_FILE, problem: messageOf(error) };
    return { ledger: null, problems: [problem] };
  }
}

interface Checks {
  readonly root: string;
  readonly manifest: RunManifest;
  readonly files: readonly RunFile[];
  readonly ledger: Ledger | null;
  readonly findings: Findings;
}

async function* checkFiles(
  checks: Checks,
  subset: number,
): AsyncGenerator<VerifyEvent, { files: number; rows: number }> {
  const { root, manifest, files, ledger, findings } = checks;
  const check = rowCheck(rowLayout(manifest), manifest.model);
  using order = ledger === null ? uniqueIds() : plannedOrder(ledger);
  const chosen = files.filter(({ path }) => inShare(path, subset));
  const toRead = new Set(chosen.length === 0 ? files.slice(0, 1) : chosen);
  const totals = { files: 0, rows: 0 };
  for (const [i, file] of files.entries()) {
    const { readable, problems } = checkSize(root, file);
    yield* findings.add(problems);
    const read = readable && toRead.has(file);
    if (read) {
      const content = await checkContent({
        ...{ directory: root, file, rowCheck: check, order },
        columns: manifest.columns,
      });
      yield* findings.add(content.problems);
      totals.files++;
      totals.rows += content.rows;
    }
    yield { type: "file", path: file.path, read, done: i + 1, total: files.length };
  }
  return totals;
}

async function* reencode(
  checks: Checks,
  share: number,
  options: VerifyOptions,
): AsyncGenerator<VerifyEvent, RebatchReport> {
  const { root, manifest, files, ledger, findings } = checks;
  if (ledger === null) {
    throw new UsageError(
      `Cannot encode rows of '${root}' once more: only a ledger knows their audio, and there is ` +
        "none that can be read: verify it without --rebatch",
    );
  }
  await using codec = await openRunCodec(root, manifest.model, options);
  const layout = rowLayout(manifest);
  using ownAudio = new SampleAudio();
  await using deferred = new DeferredAudio(root, options.hub === undefined ? {} : options);
  const totals = { samples: 0, tokens: 0, mismatches: 0 };
  const comparisons = rebatch({
    ...{ directory: root, ledger, layout, files, share, codec, columns: manifest.columns },
    ...{ deferred, audio: options.audio ?? ownAudio },
  });
  let done = 0;
  for await (const { id, total, tokens, mismatches, problem } of comparisons) {
    if (problem !== null) yield* findings.add([problem]);
    if (tokens > 0) totals.samples++;
    totals.tokens += tokens;
    totals.mismatches += mismatches;
    yield { type: "rebatch", id, done: ++done, total };
  }
  return { ...totals, rate: totals.tokens === 0 ? 0 : totals.mismatches / totals.tokens };
}

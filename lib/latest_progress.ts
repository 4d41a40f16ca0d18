/**
 * Progress of a promise as a stream: what came in while nobody looked is left out.
 *
 * @module
 */

/**
 * Runs something that reports progress by calls, and yields the latest report whenever asked.
 *
 * @returns What `run` resolves to.
 */
export async function* latestProgress<Report, Result>(
  run: (report: (progress: Report) => void) => Promise<Result>,
): AsyncGenerator<Report, Result> {
  let latest: Report | null = null;
  let wake = () => {};
  let isDone = false;
  const result = run((progress) => {
    latest = progress;
    wake();
  }).finally(() => {
    isDone = true;
    wake();
  });
  // Awaited below; until then a failure must not count as unhandled.
  result.catch(() => {});
  while (!isDone) {
    const news = new Promise<void>((resolve) => wake = resolve);
    if (latest === null) await news;
    const report: Report | null = latest;
    latest = null;
    if (report !== null) yield report;
  }
  return await result;
}

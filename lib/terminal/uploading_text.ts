/**
 * What an upload tells, in words.
 *
 * @module
 */
import type { UploadEvent } from "../hub/upload/events.ts";
import { formatBytes, formatDuration, formatNumberOf, formatPercent } from "./format.ts";
import { printable } from "./width.ts";

/** What an upload is doing, in one line; null for events that are no progress. */
export function uploadingText(event: UploadEvent): string | null {
  switch (event.type) {
    case "creating":
      return `Looking for ${printable(event.repository)} on the Hub`;
    case "comparing":
      return `Comparing ${formatNumberOf(event.files, "file")} with the repository`;
    case "waiting":
      return `Waiting ${formatDuration(event.milliseconds / 1000)}: ${printable(event.reason)}`;
    case "uploading": {
      const { bytes, total, file } = event;
      return `${formatPercent(bytes, total)}  ${formatBytes(bytes)} of ${formatBytes(total)} ` +
        `uploaded  ${printable(file)}`;
    }
    default:
      return null;
  }
}

/** The lines that an upload ends with. */
export function uploadedLines(event: Extract<UploadEvent, { type: "finished" }>): string[] {
  const { files, bytes, skipped, commits, url } = event;
  const inAll = formatNumberOf(files + skipped, "file");
  const done = files === 0
    ? `Nothing to upload: all of ${inAll} are there`
    : `Uploaded ${formatNumberOf(files, "file")}, ${formatBytes(bytes)}, in ` +
      formatNumberOf(commits, "commit");
  return [
    done,
    `  dataset   ${url}`,
    `  verified  ${inAll} by size and hash` + (skipped === 0 ? "" : `, ${skipped} there before`),
  ];
}

/**
 * How far the bringing of data, and the bringing and converting of a codec, has come.
 *
 * @module
 */
import type { FetchProgress } from "../sources/open_one.ts";
import { formatPercent } from "./format.ts";
import { printable } from "./width.ts";

/** What is told of it. */
export interface Converting {
  readonly codec: string;
  readonly step: "downloading" | "writing";
  readonly bytes: number;
  /** Null where nobody says. */
  readonly total: number | null;
}

/** `Downloading hubertsiuzdak/snac_24khz: 12 of 79 MB, 15 %` */
export function convertingText({ codec, step, bytes, total }: Converting): string {
  if (step === "downloading" && bytes === 0) return `Looking for ${printable(codec)}`;
  const verb = step === "downloading" ? "Downloading" : "Converting";
  return `${verb} ${printable(codec)}: ${doneText(bytes, total)}`;
}

/** `Downloading org/name/data/a.parquet: 12 of 79 MB, 15 %` */
export function fetchingText({ step, name, bytes, total }: FetchProgress): string {
  const verb = step === "downloading" ? "Downloading" : "Unpacking";
  return `${verb} ${printable(name)}: ${doneText(bytes, total)}`;
}

function doneText(bytes: number, total: number | null): string {
  return total === null
    ? megabytes(bytes)
    : `${Math.round(bytes / 1e6)} of ${megabytes(total)}, ${formatPercent(bytes, total)}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

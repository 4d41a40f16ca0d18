/**
 * Inputs that are no paths.
 *
 * @module
 */
import { parseRepository, type RevisionReference } from "../hub/repository_id.ts";

const HUB = "hf://datasets/";

/** Whether an input is an address: of a dataset on the Hub, or of a file on the web. */
export function isAddress(input: string): boolean {
  return input.startsWith("hf://") || isWebAddress(input);
}

/** Whether an input is the address of a file on the web. */
export function isWebAddress(input: string): boolean {
  return /^https?:\/\//.test(input);
}

/** The dataset that `hf://datasets/org/name` or `hf://datasets/org/name@revision` names; null for anything else. */
export function hubDatasetOf(input: string): RevisionReference | null {
  return input.startsWith(HUB) ? parseRepository(input.slice(HUB.length)) : null;
}

/** The address of a dataset on the Hub. */
export function hubAddress(reference: string): string {
  return HUB + reference;
}

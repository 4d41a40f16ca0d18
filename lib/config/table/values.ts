/**
 * Schemas that several settings share.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";

export const text = z.string().min(1);
export const texts = z.array(text).min(1);
export const seconds = z.number().min(0);
export const positive = z.number().gt(0);

/** A value that is the same in every row, or that a filter compares with. A number is exact, or it is refused. */
export const constant = z.union([
  z.string(),
  z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
  z.boolean(),
  z.null(),
]);

/**
 * Reads the config that was published with a checkpoint.
 *
 * @module
 */
import { UsageError } from "../lib/errors.ts";
import { z } from "../lib/npm/zod.ts";
import type { OpenedModel } from "./checkpoint_family.ts";

/** What transformers writes into every `config.json`, and what no graph depends on. */
export const TRANSFORMERS_FIELDS = {
  "_name_or_path": z.unknown().optional(),
  "architectures": z.unknown().optional(),
  "dtype": z.unknown().optional(),
  "torch_dtype": z.unknown().optional(),
  "transformers_version": z.unknown().optional(),
};

/**
 * A config as a family's schema describes it.
 *
 * @throws {UsageError} If there is none, or a field is missing, unknown or does not fit.
 */
export function readModelConfig<Output>(model: OpenedModel, schema: z.ZodType<Output>): Output {
  if (model.config === null) {
    throw new UsageError(
      `Cannot convert '${model.id}': '${model.configPath}' holds no config; ` +
        `name a folder that holds the one, too, that was published with it`,
    );
  }
  const parsed = schema.safeParse(model.config);
  if (parsed.success) return parsed.data;
  throw unfitConfig(model, parsed.error.issues.map(problemOf).join("; "));
}

function problemOf(issue: z.core.$ZodIssue): string {
  const field = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return `${field}: ${issue.message}`;
  const names = issue.keys.map((key) => `'${field === "" ? key : `${field}.${key}`}'`);
  return `unknown field${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}

/** The error of a config that is no known one, or contradicts itself or another model. */
export function unfitConfig({ id, configPath }: OpenedModel, problem: string): UsageError {
  return new UsageError(
    `Cannot convert '${id}': its config '${configPath}' does not fit: ${problem}`,
  );
}

/**
 * A field that may have one value only, since no published model of the family has another.
 *
 * @param meaning What other values would ask for.
 */
export function only<const Value extends string | number | boolean | null>(
  value: Value,
): z.ZodLiteral<Value> {
  return z.literal(value, {
    error: ({ input }) => `${JSON.stringify(input) ?? "nothing"} where only ${value} is known`,
  });
}

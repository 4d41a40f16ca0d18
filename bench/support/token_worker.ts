/** A worker that answers every sample at once with ten seconds' tokens of the bundled codec. */
import { BUNDLED } from "./token_shapes.ts";
import { runTokenWorker } from "./token_stage.ts";

await runTokenWorker(BUNDLED);

/** A worker that answers every sample at once with ten seconds' tokens of NanoCodec. */
import { NANO } from "./token_shapes.ts";
import { runTokenWorker } from "./token_stage.ts";

await runTokenWorker(NANO);

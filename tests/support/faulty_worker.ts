/** A worker process whose stage is faulty; see `faulty_stage.ts`. */
import { runWorker } from "../../workers/worker.ts";
import { FAULTY_STAGES } from "./faulty_stage.ts";

const threadModule = new URL("./faulty_thread.ts", import.meta.url).href;
await runWorker({ stages: FAULTY_STAGES, threadModule });

/** The worker as it is, without a command line around it. */
import { runWorker } from "../../workers/worker.ts";

await runWorker();

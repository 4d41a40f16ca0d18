/** What the threads of the faulty worker load. */
import { isThread, serveThread } from "../../workers/serve_thread.ts";
import { FAULTY_STAGES } from "./faulty_stage.ts";

if (isThread()) serveThread(FAULTY_STAGES);

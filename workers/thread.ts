/**
 * The module that feeder and model threads load. The worker imports it too, so that it is in the
 * program's module graph and works from a URL; there it does nothing.
 *
 * @module
 */
import { isThread, serveThread } from "./serve_thread.ts";
import { STAGES } from "./stages/registry.ts";

if (isThread()) serveThread(STAGES);

/** Where this module lies. */
export const THREAD_MODULE = import.meta.url;

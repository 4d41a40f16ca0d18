/** Ways in which the Hub of the tests misbehaves. */
import type { Fault, LostReply, SeenRequest } from "./hub_server.ts";

/** Which requests a fault is about. */
export interface FaultyRequests {
  readonly method?: string;
  readonly path: RegExp;
}

function isMeant({ method, path }: FaultyRequests, seen: SeenRequest): boolean {
  return (method === undefined || method === seen.method) && path.test(seen.path);
}

/** Answers a request without doing what it asks for. */
export function answering(requests: FaultyRequests, answer: () => Response): Fault {
  return (seen) => isMeant(requests, seen) ? answer() : null;
}

/** Does what a request asks for, and sends another answer than the one that is due. */
export function losing(requests: FaultyRequests, answer: () => Response = cutAnswer): LostReply {
  return (seen) => isMeant(requests, seen) ? answer() : null;
}

/** An answer that breaks off: the connection ends before what was announced has come. */
export function cutAnswer(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"half":'));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-length": "1000" } });
}

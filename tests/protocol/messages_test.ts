import assert from "node:assert/strict";
import { FAILURE_REASONS } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { parseCommand, parseMessage, ProtocolError } from "../../lib/protocol/messages.ts";

const COMMANDS: Record<string, Record<string, unknown>> = {
  init: {
    ...{ type: "init", protocol: 1, ledger: "/a b/ünï.db", stage: "codec" },
    settings: { codec: "bundled", nested: { list: [1, null] } },
    limits: {
      ...{ batch_seconds: 30, window_seconds: 0, queue_seconds: 60, feeders: 2 },
      ...{ min_seconds: null, max_seconds: 12.5 },
    },
  },
  lease: { type: "lease", lease: 1, indices: [0, 7, 10_000_000] },
  stop: { type: "stop" },
};

const milliseconds = { prepare: 1.5, run: 2 };
const MESSAGES: Record<string, Record<string, unknown>> = {
  ready: { type: "ready", device: "cuda:0", provider: "cuda", memory: null, model: "ab12" },
  ok: {
    ...{ type: "result", index: 3, status: "ok", seconds: 0, milliseconds },
    output: { codes: [[1, 2], [3, 4]], num_samples: 640 },
  },
  failed: {
    ...{ type: "result", index: 3, status: "failed", stage: "prepare", reason: "not_audio" },
    ...{ detail: "Cannot decode '🎙️.wav'\n", retry: false },
  },
  filtered: { type: "result", index: 3, status: "filtered", reason: "too_long", seconds: 99 },
  batch: { type: "batch", size: 8, padded_seconds: 80, milliseconds: 12.25, halvings: 1 },
  heartbeat: {
    ...{ type: "heartbeat", queued: 0, queued_seconds: 0, resident: 1e9, waiting: "lease" },
  },
};

type Parse = (line: string) => unknown;
const ALL: readonly (readonly [string, Parse, Record<string, unknown>])[] = [
  ...Object.entries(COMMANDS).map(([name, value]) => [name, parseCommand, value] as const),
  ...Object.entries(MESSAGES).map(([name, value]) => [name, parseMessage, value] as const),
];

/** That a line is refused, in words that hold all of these. */
function refused(parse: Parse, line: string, ...words: readonly string[]): void {
  assert.throws(() => parse(line), (error) => {
    assert.ok(error instanceof ProtocolError, String(error));
    assert.match(error.message, /^Cannot read a protocol line: /);
    for (const word of words) assert.ok(error.message.includes(word), error.message);
    return true;
  });
}

Deno.test("every message comes through a line as it went in", () => {
  for (const [, parse, value] of ALL) assert.deepEqual(parse(JSON.stringify(value)), value);
});

Deno.test("a message without one of its fields is refused by the field's name", () => {
  for (const [, parse, value] of ALL) {
    for (const field of Object.keys(value)) {
      const { [field]: _, ...rest } = value;
      refused(parse, JSON.stringify(rest), field);
    }
  }
});

Deno.test("a message with a field that it does not have is refused by the field's name", () => {
  for (const [, parse, value] of ALL) {
    refused(parse, JSON.stringify({ ...value, surprise: 1 }), "surprise");
  }
});

Deno.test("a message of an unknown type, or for the other side, is refused", () => {
  for (const [, parse, value] of ALL) {
    refused(parse, JSON.stringify({ ...value, type: "greeting" }), "type");
    const other = parse === parseCommand ? parseMessage : parseCommand;
    refused(other, JSON.stringify(value), "type");
  }
});

Deno.test("another version of the protocol is refused", () => {
  refused(parseCommand, JSON.stringify({ ...COMMANDS["init"], protocol: 2 }), "protocol");
});

Deno.test("numbers that make no sense are refused", () => {
  const wrong: readonly (readonly [Parse, Record<string, unknown> | undefined, object])[] = [
    [parseCommand, COMMANDS["lease"], { indices: [] }],
    [parseCommand, COMMANDS["lease"], { indices: [-1] }],
    [parseCommand, COMMANDS["lease"], { indices: [0.5] }],
    [parseMessage, MESSAGES["ok"], { index: -1 }],
    [parseMessage, MESSAGES["ok"], { seconds: -1 }],
    [parseMessage, MESSAGES["ok"], { seconds: null }],
    [parseMessage, MESSAGES["batch"], { size: 0 }],
    [parseMessage, MESSAGES["failed"], { reason: "felt like it" }],
  ];
  for (const [parse, value, change] of wrong) {
    refused(parse, JSON.stringify({ ...value, ...change }), Object.keys(change)[0] ?? "");
  }
});

Deno.test("every reason for a failure can be told", () => {
  for (const reason of FAILURE_REASONS) {
    parseMessage(JSON.stringify({ ...MESSAGES["failed"], reason }));
  }
});

Deno.test("what is not JSON, or no object, is refused with the line, shortened if it is long", () => {
  for (const line of ["", "hello from a library", '{"type":"resu', "null", "3", "[]", '"stop"']) {
    refused(parseMessage, line, line);
  }
  const long = "x".repeat(5000);
  assert.throws(() => parseMessage(long), (error) => {
    assert.ok(error instanceof ProtocolError);
    assert.match(error.message, /x{120}… \(5000 characters\)$/);
    assert.ok(error.message.length < 250);
    return true;
  });
});

Deno.test("no text whatever makes the parsers throw anything but a protocol error", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
    for (const parse of [parseCommand, parseMessage]) {
      try {
        parse(line);
      } catch (error) {
        assert.ok(error instanceof ProtocolError);
      }
    }
  }));
});

import assert from "node:assert/strict";
import { type CompletableCommand, complete, completionScript, SHELLS } from "../lib/completion.ts";

const COMMANDS: readonly CompletableCommand[] = [
  {
    name: "encode",
    description: "encode speech",
    flags: [
      { flag: "--output", description: "where", value: { choices: [], isPath: true } },
      { flag: "--split-by", description: "how", value: { choices: ["id", "text"], isPath: false } },
      { flag: "--verbose", description: "more", value: null },
    ],
    arguments: [{ name: "config", choices: [], isPath: true }],
  },
  { name: "doctor", description: "check", flags: [], arguments: [] },
  {
    name: "upload",
    description: "upload a run",
    flags: [{ flag: "--verbose", description: "more", value: null }],
    arguments: [
      { name: "run", choices: [], isPath: true },
      { name: "repo", choices: [], isPath: false },
    ],
  },
];

/** The candidates and, last, the directive. */
function candidates(...words: string[]): string[] {
  return captured(() => complete(COMMANDS, words)).map((line) => line.split("\t")[0] ?? "");
}

function captured(print: () => void): string[] {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    print();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("complete() offers commands, flags and choices", () => {
  assert.deepEqual(candidates(""), ["encode", "doctor", "upload", ":4"]);
  assert.deepEqual(candidates("enc"), ["encode", ":4"]);
  assert.deepEqual(candidates("encode", "--"), ["--output", "--split-by", "--verbose", ":4"]);
  assert.deepEqual(candidates("encode", "--split-by", ""), ["id", "text", ":4"]);
  assert.deepEqual(candidates("encode", "--verbose", "--sp"), ["--split-by", ":4"]);
});

Deno.test("complete() offers files where a path is wanted", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${folder}/runs`);
    Deno.writeTextFileSync(`${folder}/run.yaml`, "");
    Deno.writeTextFileSync(`${folder}/.hidden`, "");
    const runs = [`${folder}/run.yaml`, `${folder}/runs/`, ":6"];
    assert.deepEqual(candidates("encode", `${folder}/ru`), runs);
    assert.deepEqual(candidates("encode", `${folder}/`), runs);
    assert.deepEqual(candidates("encode", "--output", `${folder}/ru`), runs);
    assert.deepEqual(candidates("encode", `--output=${folder}/ru`), runs);
    assert.deepEqual(candidates("encode", "--verbose", `${folder}/.h`), [
      `${folder}/.hidden`,
      ":6",
    ]);
    assert.deepEqual(candidates("encode", `${folder}/none/x`), [":6"]);
    assert.deepEqual(candidates("upload", "--verbose", `${folder}/ru`), runs);
    assert.deepEqual(candidates("upload", `${folder}/runs`, `${folder}/ru`), [":4"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("completionScript() writes a script that calls the program back", () => {
  for (const shell of SHELLS) {
    const script = captured(() => completionScript(shell, "speechmill")).join("\n");
    assert.ok(script.includes("speechmill complete --"), shell);
  }
});

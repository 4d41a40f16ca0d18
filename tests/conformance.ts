/**
 * Every published model at full size against its reference: weights from seeds, codes and sound
 * from `tests/golden/`. Minutes of work, so `deno task ok` runs the small ones alone.
 *
 * `deno task conformance` runs all; names narrow it down: `deno task conformance snac dac`.
 *
 * @module
 */
import { messageOf } from "../lib/errors.ts";
import { checkDacGolden, DAC_GOLDENS } from "./conformance/dac.ts";
import { checkEncodecGolden, ENCODEC_GOLDENS } from "./conformance/encodec.ts";
import { checkMimiGolden, MIMI_GOLDENS } from "./conformance/mimi.ts";
import { checkNemoGolden, NEMO_GOLDENS } from "./conformance/nemo.ts";
import { checkSnacGolden, SNAC_GOLDENS } from "./conformance/snac.ts";
import { checkVocosGolden, VOCOS_GOLDENS } from "./conformance/vocos.ts";

const CHECKS: readonly (readonly [readonly string[], (name: string) => Promise<void>])[] = [
  [SNAC_GOLDENS, checkSnacGolden],
  [NEMO_GOLDENS, checkNemoGolden],
  [ENCODEC_GOLDENS, checkEncodecGolden],
  [VOCOS_GOLDENS, checkVocosGolden],
  [DAC_GOLDENS, checkDacGolden],
  [MIMI_GOLDENS, checkMimiGolden],
];

if (import.meta.main) {
  let failed = 0;
  for (const [names, check] of CHECKS) {
    for (const name of names.filter(isWanted)) {
      const start = performance.now();
      const problem = await check(name).then(() => null, messageOf);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${problem === null ? "same" : "DIFFERS"}  ${name}  ${seconds} s`);
      if (problem !== null) console.log(problem);
      failed += problem === null ? 0 : 1;
    }
  }
  Deno.exitCode = failed === 0 ? 0 : 1;
}

function isWanted(name: string): boolean {
  return Deno.args.length === 0 || Deno.args.some((wanted) => name.includes(wanted));
}

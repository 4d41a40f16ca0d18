/**
 * The published models, with the seeded weights of their goldens in `tests/golden`.
 *
 * @module
 */
import type {
  CheckpointFamily,
  CodecSettings,
  OpenedModel,
} from "../../models/checkpoint_family.ts";
import { DAC } from "../../models/dac/mod.ts";
import { ENCODEC } from "../../models/encodec/mod.ts";
import { MIMI } from "../../models/mimi/mod.ts";
import { NEMO } from "../../models/nemo/mod.ts";
import { SNAC } from "../../models/snac/mod.ts";
import { VOCOS } from "../../models/vocos/mod.ts";
import { vocosModel } from "../../tests/conformance/vocos.ts";
import { goldenModel, readGolden } from "../../tests/support/golden.ts";
import { readNemoGolden } from "../../tests/support/nemo_golden.ts";

/** A published model. */
export interface PublishedCodec {
  /** Its name and, where there is a choice, its codebooks. */
  readonly name: string;
  readonly golden: string;
  readonly family: CheckpointFamily;
  readonly settings: CodecSettings;
  /** Whether encoding is its own: Vocos only decodes. */
  readonly encodes: boolean;
  /** Its config and its weights. */
  open(): Promise<OpenedModel>;
}

/** All of them, each family's from the lightest to the heaviest. */
export const PUBLISHED_CODECS: readonly PublishedCodec[] = [
  // As its authors decode: with noise.
  ...["snac_24khz", "snac_32khz", "snac_44khz"].map((name) =>
    plain(SNAC, name, `snac/${name}`, { noiseSeed: 1 })
  ),
  ...[
    "nemo-nano-codec-22khz-0.6kbps-12.5fps",
    "nemo-nano-codec-22khz-1.78kbps-12.5fps",
    "nemo-nano-codec-22khz-1.89kbps-21.5fps",
    "audio-codec-44khz",
  ].map((name): PublishedCodec => ({
    ...plain(NEMO, name, `nemo/${name}`, {}),
    open: async () => (await readNemoGolden(name)).model,
  })),
  ...[8, 32].map((codebooks) =>
    plain(ENCODEC, `encodec_24khz, ${codebooks} codebooks`, "encodec/original", { codebooks })
  ),
  {
    ...plain(VOCOS, "vocos-encodec-24khz", "vocos/vocos_encodec_24khz", { codebooks: 8 }),
    encodes: false,
    open: openVocos,
  },
  plain(DAC, "dac_16khz", "dac/weights_16khz", {}),
  plain(DAC, "dac_24khz", "dac/weights_24khz", {}),
  plain(DAC, "dac_44khz", "dac/weights", {}),
  ...[8, 32].map((codebooks) =>
    plain(MIMI, `mimi, ${codebooks} codebooks`, "mimi/original", { codebooks })
  ),
];

function plain(
  family: CheckpointFamily,
  name: string,
  golden: string,
  settings: CodecSettings,
): PublishedCodec {
  const open = async () => goldenModel(name, await readGolden(golden));
  return { name, golden, family, settings, encodes: true, open };
}

async function openVocos(): Promise<OpenedModel> {
  const encodec = goldenModel("encodec", await readGolden("encodec/original"));
  return vocosModel("vocos", await readGolden("vocos/vocos_encodec_24khz"), encodec);
}

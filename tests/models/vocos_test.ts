import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import type { CodecSettings } from "../../models/checkpoint_family.ts";
import { chooseFiles } from "../../models/convert/choose_files.ts";
import { localModel } from "../../models/convert/model_files.ts";
import { openModel } from "../../models/convert/open_model.ts";
import { VOCOS } from "../../models/vocos/mod.ts";
import { checkVocos, vocosModel } from "../conformance/vocos.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, goldenModel, readGolden } from "../support/golden.ts";

const NARROW = await readGolden("vocos/narrow");
const ENCODEC_NARROW = await readGolden("encodec/narrow");
const ENCODEC = goldenModel("encodec", ENCODEC_NARROW);
const MODEL = vocosModel("narrow", NARROW, ENCODEC);

Deno.test("Vocos gives the sound of the reference", async () => {
  await checkVocos(NARROW, MODEL);
});

Deno.test("Vocos gives the sound of the reference where magnitudes are cut and phases go round", async () => {
  const golden = await readGolden("vocos/narrow_loud");
  await checkVocos(golden, vocosModel("loud", golden, ENCODEC), 20);
});

Deno.test("Vocos is read from the file of its authors", async () => {
  const folder = new URL("../data/checkpoints/vocos/", import.meta.url);
  const files = localModel(fileURLToPath(folder));
  const chosen = chooseFiles(files);
  assert.ok(chosen.kind === "weights");
  using opened = await openModel(files, chosen);
  assert.ok(VOCOS.recognises(opened.model));
  await checkVocos(NARROW, { ...opened.model, companions: { encodec: ENCODEC } });
});

Deno.test("Vocos gives the same sound in pieces", async () => {
  // Pieces are 20 s long; at so few samples a second, these are soon over.
  const config = {
    ...ENCODEC_NARROW.config,
    "sampling_rate": 50,
    "target_bandwidths": [0.03, 0.09],
  };
  const extractor = { "class_path": "vocos.feature_extractors.EncodecFeatures" };
  const encodec = goldenModel("encodec", { ...ENCODEC_NARROW, config });
  const golden = {
    ...NARROW,
    config: {
      ...NARROW.config,
      "feature_extractor": {
        ...extractor,
        "init_args": { "encodec_model": "encodec_24khz", "bandwidths": [0.03, 0.09] },
      },
    },
  };
  const model = vocosModel("narrow", golden, encodec);
  const { layout, spec } = await VOCOS.convert(model, {});
  const longest = Math.max(...NARROW.decode.map(({ samples }) => samples));
  assert.ok((layout.decoderContext ?? Infinity) + 60 * spec.sampleRate < longest);
  await checkVocos(golden, model);
});

Deno.test("Vocos encodes as EnCodec does", async () => {
  await using converted = await ConvertedTestCodec.of(VOCOS, MODEL, { codebooks: 3 });
  for (const test of ENCODEC_NARROW.encode.filter(({ codebooks }) => codebooks === 3).slice(-2)) {
    await checkEncoding(converted.codec, test);
  }
});

Deno.test("Vocos says what its codecs are", async () => {
  const encodec = goldenModel("facebook/encodec_24khz", await readGolden("encodec/encodec_24khz"));
  const golden = await readGolden("vocos/vocos_encodec_24khz");
  const model = vocosModel("charactr/vocos-encodec-24khz", golden, encodec);
  const { spec, layout } = await VOCOS.convert(model, {});
  assert.equal(spec.id, "charactr/vocos-encodec-24khz");
  assert.equal(spec.name, "encodec");
  assert.deepEqual(spec.hopLengths, new Array(8).fill(320));
  assert.equal(layout.decoderContext, 9600);
  assert.deepEqual(layout.analysis, { hop: 320, context: 640 });
  for (const [bandwidth, codebooks] of [[1.5, 2], [3, 4], [6, 8], [12, 16]]) {
    const settings = bandwidth === undefined ? {} : { bandwidth };
    assert.equal((await VOCOS.convert(model, settings)).spec.hopLengths.length, codebooks);
  }
  const refused: readonly [CodecSettings, string][] = [
    [{ codebooks: 32 }, "with 32 codebooks: it decodes 2, 4, 8, 16"],
    [{ codebooks: 3 }, "with 3 codebooks: it decodes 2, 4, 8, 16"],
    [{ bandwidth: 24 }, "with 24 kbps: its bandwidths are 1.5, 3, 6, 12"],
    [
      { bandwidth: 12, codebooks: 2 },
      "with 12 kbps and 2 codebooks: 12 kbps are 16 codebooks",
    ],
    [{ chunked: true }, "with chunked: the settings of EnCodec are bandwidth and codebooks"],
  ];
  for (const [settings, problem] of refused) {
    await assert.rejects(
      VOCOS.convert(model, settings),
      new UsageError(`Cannot convert '${spec.id}' ${problem}`),
    );
  }
});

Deno.test("Vocos needs the EnCodec whose codes it decodes", async () => {
  const { companions: _, ...alone } = MODEL;
  await assert.rejects(
    VOCOS.convert(alone, {}),
    new UsageError(
      "Cannot convert 'narrow': Vocos decodes what EnCodec encodes, and no EnCodec lies beside " +
        "it; put a copy of 'facebook/encodec_24khz' into its folder 'encodec'",
    ),
  );
  assert.deepEqual(VOCOS.companions, { encodec: "facebook/encodec_24khz" });
});

Deno.test("Vocos names what does not fit in its config or its weights", async () => {
  const part = (name: string, fields: Record<string, number>) => {
    const { class_path, init_args } = JSON.parse(JSON.stringify(NARROW.config?.[name]));
    return { ...NARROW.config, [name]: { class_path, init_args: { ...init_args, ...fields } } };
  };
  const cases = [
    [part("head", { dim: 9 }), "head.init_args.dim is 9 and backbone.init_args.dim 12"],
    [
      part("head", { hop_length: 12 }),
      "head.init_args.hop_length is 12 where its EnCodec has 24",
    ],
    [
      part("head", { n_fft: 98 }),
      "head.init_args.n_fft, 98, is not a multiple of hop_length, 24, that leaves an even number",
    ],
    [
      part("backbone", { input_channels: 5 }),
      "backbone.init_args.input_channels is 5 where its EnCodec has 4",
    ],
    [
      part("backbone", { adanorm_num_embeddings: 3 }),
      "backbone.init_args.adanorm_num_embeddings is 3 and " +
      "feature_extractor.init_args.bandwidths has 2",
    ],
    [part("backbone", { depth: 3 }), "unknown field 'backbone.init_args.depth'"],
  ] as const;
  for (const [config, problem] of cases) {
    await assert.rejects(
      VOCOS.convert(vocosModel("narrow", { ...NARROW, config }, ENCODEC), {}),
      new UsageError(
        `Cannot convert 'narrow': its config 'seeded/config.json' does not fit: ${problem}`,
      ),
    );
  }
  const tensors = NARROW.tensors.filter(({ name }) => name !== "head.out.bias");
  await assert.rejects(
    VOCOS.convert(vocosModel("narrow", { ...NARROW, tensors }, ENCODEC), {}),
    new SpeechmillError(
      "Cannot convert 'seeded': it has no tensor 'head.out.bias' [98], which the config asks for",
    ),
  );
});

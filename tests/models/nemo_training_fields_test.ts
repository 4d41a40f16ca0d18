import assert from "node:assert/strict";
import { isTrainingField } from "../../models/nemo/training_fields.ts";

Deno.test("fields of training are told from those that codes depend on", () => {
  // The configs of NeMo's examples, and what its model reads beside them.
  const training = [
    ...["max_epochs", "steps_per_epoch", "max_steps", "weighted_sampling_steps_per_epoch"],
    ...["mel_loss_l1_scale", "stft_loss_scale", "loss_resolutions", "mel_loss_log_guard"],
    ...["time_domain_loss_scale", "si_sdr_loss_scale", "commit_loss_scale", "feature_loss_type"],
    ...["generator_loss", "discriminator_loss", "gen_loss_scale", "discriminator"],
    ...["disc_updates_per_period", "disc_update_period", "train_ds", "validation_ds", "log_config"],
    ...[
      "optim",
      "use_scl_loss",
      "acl_loss_scale",
      "use_asr_consitency_loss",
      "speaker_encoder_path",
    ],
    ...["encoder_noise_stdev", "target", "nemo_version", "name"],
  ];
  assert.deepEqual(training.filter((name) => !isTrainingField(name)), []);
  const others = [
    ...["sample_rate", "samples_per_frame", "audio_encoder", "audio_decoder", "vector_quantizer"],
    ...["semantic_codec", "resample", "output_sample_rate", "scale", "blog"],
  ];
  assert.deepEqual(others.filter(isTrainingField), []);
});

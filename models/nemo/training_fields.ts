/**
 * What a `model_config.yaml` holds for training.
 *
 * @module
 */

const NAMES: ReadonlySet<string> = new Set([
  // What the archive is.
  ...["name", "target", "nemo_version"],
  // Data, optimisation and runs.
  ...["trainer", "exp_manager", "init_from_pretrained_model", "init_from_nemo_model"],
  ...["init_from_ptl_ckpt", "batch_size", "train_n_samples", "val_n_samples"],
  // Noise that is added to latents in training alone.
  "encoder_noise_stdev",
  // The settings of the spectrograms that losses compare.
  ...["win_length", "hop_length", "n_fft", "mel_dim"],
]);

/** Losses, discriminators, data sets, optimisers, logs and the models that only losses use. */
const WORDS =
  /(?:^|_)(?:loss|disc|discriminator|ds|optim|sched|epoch|epochs|steps|log|speaker_encoder|slm|asr|scl|acl)(?:_|$)/;

/**
 * Whether a field at the top of the config is for training alone: no code and no sound depends on
 * it. Any other that is not known is an error.
 */
export function isTrainingField(name: string): boolean {
  return NAMES.has(name) || WORDS.test(name);
}

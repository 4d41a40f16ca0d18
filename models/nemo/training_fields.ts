/**
 * What a `model_config.yaml` holds for training.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";

/**
 * Fields that no code and no sound depends on: losses, discriminators, data sets, optimisers, logs,
 * and the noise that is added to latents in training alone. Any other field that is not known is
 * an error.
 */
export const TRAINING_FIELDS: Readonly<Record<string, z.ZodOptional<z.ZodUnknown>>> = Object
  .fromEntries(
    [
      // What the archive is.
      ...["name", "target", "nemo_version"],
      // Data, optimisation and logs.
      ...["train_ds", "validation_ds", "test_ds", "log_ds", "log_config", "log_dir"],
      ...["optim", "trainer", "exp_manager", "init_from_pretrained_model", "init_from_nemo_model"],
      ...["max_epochs", "max_steps", "steps_per_epoch", "weighted_sampling_steps_per_epoch"],
      ...["batch_size", "train_n_samples", "val_n_samples", "init_from_ptl_ckpt"],
      // Discriminators.
      ...["discriminator", "disc_updates_per_period", "disc_update_period"],
      // Losses.
      ...["generator_loss", "discriminator_loss", "gen_loss_scale", "feature_loss_scale"],
      ...["feature_loss_type", "loss_resolutions", "mel_loss_dims", "mel_loss_log_guard"],
      ...["mel_loss_l1_scale", "mel_loss_l2_scale", "stft_loss_scale", "stft_loss_log_guard"],
      ...["time_domain_loss_scale", "si_sdr_loss_scale", "commit_loss_scale"],
      ...["codebook_loss_scale", "use_scl_loss", "scl_loss_scale", "use_asr_consitency_loss"],
      ...["acl_loss_scale", "encoder_noise_stdev"],
      // The settings of the spectrograms that losses compare.
      ...["win_length", "hop_length", "n_fft", "mel_dim"],
    ].map((field) => [field, z.unknown().optional()]),
  );

/**
 * Leaving out frames that repeat the one before, as some trainers do.
 *
 * @module
 */

/**
 * Whether a frame repeats an earlier one.
 *
 * @param before Where the earlier frame begins in the tokens.
 * @param at Where the frame begins.
 * @param size Tokens in a frame.
 */
export type FrameRepeats = (
  tokens: readonly number[],
  before: number,
  at: number,
  size: number,
) => boolean;

/**
 * Its first token is the same: `remove_duplicate_frames` of Orpheus-TTS's data preparation. The
 * other six may differ (Orpheus-TTS issue 122 complains of what is lost).
 */
export const repeatsFirst: FrameRepeats = (tokens, before, at) => tokens[before] === tokens[at];

/** All its tokens are the same: `remove_consecutive_duplicates_np` of KaniTTS-Finetune-pipeline. */
export const repeatsAll: FrameRepeats = (tokens, before, at, size) => {
  for (let i = 0; i < size; i++) if (tokens[before + i] !== tokens[at + i]) return false;
  return true;
};

/** Drops each frame that repeats the last one kept. */
export function withoutRepeats(
  tokens: readonly number[],
  size: number,
  repeats: FrameRepeats,
): number[] {
  const kept = tokens.slice(0, size);
  let last = 0;
  for (let at = size; at < tokens.length; at += size) {
    if (repeats(tokens, last, at, size)) continue;
    for (let i = 0; i < size; i++) kept.push(tokens[at + i] ?? 0);
    last = at;
  }
  return kept;
}

/** Measuring a resampler with tones. */

/** How a tone came out. */
export interface ToneReport {
  /** Power of the tone over the power of all else, in dB. */
  readonly snr: number;
  /** Amplitude over the amplitude that went in, in dB. */
  readonly gain: number;
}

/** Fits a sine of known frequency to the middle of a signal, by least squares. */
export function fitTone(
  pcm: Float32Array,
  hertz: number,
  sampleRate: number,
  amplitude: number,
): ToneReport {
  const margin = Math.floor(pcm.length / 8);
  const middle = pcm.subarray(margin, pcm.length - margin);
  const step = 2 * Math.PI * hertz / sampleRate;
  const [sine, cosine] = project(middle, step);
  let rest = 0;
  middle.forEach((value, index) => {
    const fitted = sine * Math.sin(step * index) + cosine * Math.cos(step * index);
    rest += (value - fitted) ** 2;
  });
  const power = (sine ** 2 + cosine ** 2) / 2;
  return {
    snr: decibels(power / (rest / middle.length)),
    gain: decibels(power / (amplitude ** 2 / 2)),
  };
}

/** The level of a signal's middle against a sine of some amplitude, in dB. */
export function level(pcm: Float32Array, amplitude: number): number {
  const margin = Math.floor(pcm.length / 8);
  const middle = pcm.subarray(margin, pcm.length - margin);
  const power = middle.reduce((sum, value) => sum + value ** 2, 0) / middle.length;
  return decibels(power / (amplitude ** 2 / 2));
}

/** Amplitudes of the sine and the cosine that fit best. */
function project(pcm: Float32Array, step: number): [number, number] {
  let [ss, cc, sc, sx, cx] = [0, 0, 0, 0, 0];
  pcm.forEach((value, index) => {
    const sine = Math.sin(step * index);
    const cosine = Math.cos(step * index);
    ss += sine * sine;
    cc += cosine * cosine;
    sc += sine * cosine;
    sx += sine * value;
    cx += cosine * value;
  });
  const determinant = ss * cc - sc * sc;
  return [(sx * cc - cx * sc) / determinant, (cx * ss - sx * sc) / determinant];
}

function decibels(ratio: number): number {
  return 10 * Math.log10(ratio);
}

/**
 * Figures as people read them.
 *
 * @module
 */

/** `12,345,678` */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 sample`, `12,345 samples` */
export function formatNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** An amount of audio: `9.4 s`, `4.1 min`, `12.3 h`, `123,456 h`. */
export function formatAudio(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 3597) return `${(seconds / 60).toFixed(1)} min`;
  const hours = seconds / 3600;
  return hours < 999.95 ? `${hours.toFixed(1)} h` : `${formatCount(hours)} h`;
}

/** Hours alone: `0.062`, `1.2`, `123,456`. */
export function formatHours(seconds: number): string {
  const hours = seconds / 3600;
  if (hours < 1) return hours.toFixed(3);
  return hours < 999.95 ? hours.toFixed(1) : formatCount(hours);
}

/** A time to wait: `8 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${twoDigits(minutes % 60)} min`;
  return `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** Audio seconds per second: `0.0`, `87.3`, `12,345`. */
export function formatRate(rate: number): string {
  return rate < 999.95 ? rate.toFixed(1) : formatCount(rate);
}

/** Decimal units: `999 B`, `12.3 kB`, `4.5 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `45 %`; 100 % only when nothing is left. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return "100 %";
  return `${Math.min(part < whole ? 99 : 100, Math.floor(100 * part / whole))} %`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

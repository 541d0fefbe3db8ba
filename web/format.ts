const ONE_DECIMAL = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `97.3%`; rounded down, so that only certainty reads 100%. */
export function percent(share: number): string {
  return share === 1 ? '100%' : `${ONE_DECIMAL.format(Math.floor(share * 1000) / 10)}%`;
}

/** `99.12%`: an accuracy, as precise as ten thousand test images make it. */
export function accuracy(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

/** `14.2 MB`, `310 kB`, `62 bytes`. */
export function bytes(count: number): string {
  if (count < 1e3) return `${count} bytes`;
  return count >= 1e6 ? `${ONE_DECIMAL.format(count / 1e6)} MB` : `${WHOLE.format(count / 1e3)} kB`;
}

/** `0.8 ms`, `140 ms`. */
export function milliseconds(duration: number): string {
  return `${duration < 10 ? ONE_DECIMAL.format(duration) : WHOLE.format(duration)} ms`;
}

/** `86,410`. */
export function count(value: number): string {
  return WHOLE.format(value);
}

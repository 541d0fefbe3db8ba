/** How a language writes the figures that are shown. */
export interface Formats {
  /** `97.3%`; rounded down, so that only certainty reads 100%. */
  percent(share: number): string;
  /** `14.2 MB`, `310 kB`, `62 bytes`. */
  bytes(count: number): string;
  /** `0.8 ms`, `140 ms`. */
  milliseconds(duration: number): string;
  /** `86,410`. */
  count(value: number): string;
}

/** @param language a BCP 47 tag; one that is none counts as English */
export function formatsFor(language: string): Formats {
  const locale = isLanguage(language) ? language : 'en';
  const decimals = (digits: number, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      ...options,
    });
  const share = decimals(1, { style: 'percent' });
  const certain = decimals(0, { style: 'percent' });
  const tenths = decimals(1);
  const whole = decimals(0);
  return {
    percent: (value) => (value === 1 ? certain.format(1) : share.format(Math.floor(value * 1000) / 1000)),
    bytes(count) {
      if (count < 1e3) return `${whole.format(count)} bytes`;
      return count >= 1e6 ? `${tenths.format(count / 1e6)} MB` : `${whole.format(count / 1e3)} kB`;
    },
    milliseconds: (duration) => `${(duration < 10 ? tenths : whole).format(duration)} ms`,
    count: (value) => whole.format(value),
  };
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** As English has it: for pages, which are in English. */
export const { percent, bytes, milliseconds, count } = formatsFor('en');

/** `99.12%`: an accuracy, as precise as ten thousand test images make it. */
export function accuracy(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

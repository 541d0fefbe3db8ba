import { useState } from 'react';
import { setAssetFolder } from 'tenfold/web';
import type {} from 'tenfold/web/react';

setAssetFolder('/tenfold/');

/** A draw pad that says what it read; a digit that is not to be relied on counts as none. */
export function DigitField({ onDigit }: { onDigit?: (digit: number | null) => void }) {
  const [digit, setDigit] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <section>
      <digit-classifier
        ondigit-change={({ detail }) => {
          const read = detail.digits === 'one' && detail.accepted ? detail.digit : null;
          setProblem(null);
          setDigit(read);
          onDigit?.(read);
        }}
        ondigit-error={({ detail }) => setProblem(`${detail.error.code}: ${detail.error.message}`)}
      />
      <output>{problem ?? (digit === null ? 'nothing yet' : `read ${digit}`)}</output>
    </section>
  );
}

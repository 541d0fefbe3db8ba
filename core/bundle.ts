import { unmet } from './errors.js';
import { parseJson } from './json.js';
import { checkManifest, MANIFEST_FILE, type Manifest, MODEL_FILE } from './manifest.js';

export interface Bundle {
  manifest: Manifest;
  /** The bytes of `model.onnx`, equal to the manifest's sha256. */
  model: Uint8Array;
}

/** What differs between a folder on disk and a URL. */
export interface BundleSource {
  /** Names the place in messages. */
  location: string;
  read(file: string): Promise<Uint8Array>;
  readText(file: string): Promise<string>;
  /** Lower-case hexadecimal. */
  sha256(bytes: Uint8Array): Promise<string>;
}

/**
 * Reads a bundle and holds it to its manifest.
 * @throws TenfoldError `corrupt` where the manifest is not valid or a hash differs, `incompatible` where it is of another version.
 */
export async function openBundle(source: BundleSource): Promise<Bundle> {
  const text = await source.readText(MANIFEST_FILE);
  const manifest = checkManifest(
    parseJson(text, `${source.location}/${MANIFEST_FILE}`, 'corrupt', 'Export the bundle again.'),
    MANIFEST_FILE,
  );
  const model = await source.read(MODEL_FILE);
  const recorded = manifest.files[MODEL_FILE]!.sha256;
  const measured = await source.sha256(model);
  if (measured !== recorded) {
    throw unmet({
      code: 'corrupt',
      what: `the sha256 of ${MODEL_FILE} in ${source.location}`,
      expected: recorded,
      got: measured,
      advice: 'The file was changed or cut off after the export: copy the bundle again, or export it anew.',
    });
  }
  return { manifest, model };
}

/**
 * Holds a loaded session to the bundle's contract.
 * @throws TenfoldError `corrupt` where the graph's inputs or outputs are not `input` -> `logits`, `probabilities`.
 */
export function checkSessionNames(
  session: { inputNames: readonly string[]; outputNames: readonly string[] },
  { location }: Pick<BundleSource, 'location'>,
): void {
  const got = `${session.inputNames.join(', ')} -> ${session.outputNames.join(', ')}`;
  const expected = 'input -> logits, probabilities';
  if (got !== expected) {
    throw unmet({
      code: 'corrupt',
      what: `the inputs and outputs of ${MODEL_FILE} in ${location}`,
      expected,
      got,
      advice: 'Export the bundle with tenfold export.',
    });
  }
}

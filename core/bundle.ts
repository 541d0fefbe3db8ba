import { unmet } from './errors.js';
import { parseJson } from './json.js';
import {
  checkManifest,
  type FileRecord,
  MANIFEST_FILE,
  type Manifest,
  MODEL_FILE,
  PRECISION_FILES,
  type Precision,
} from './manifest.js';
import { inPrecision } from './precision.js';

export interface Bundle {
  /** As it is true of the graph that was read. */
  manifest: Manifest;
  /** The bytes of that graph, equal to the manifest's sha256. */
  model: Uint8Array;
}

/** What differs between a folder on disk and a URL. */
export interface BundleSource {
  /** Names the place in messages. */
  location: string;
  /** @param recorded what the manifest has of the file */
  read(file: string, recorded: FileRecord): Promise<Uint8Array>;
  readText(file: string): Promise<string>;
  /** Lower-case hexadecimal. */
  sha256(bytes: Uint8Array): Promise<string>;
}

/**
 * Reads a bundle with one of its graphs and holds it to its manifest.
 * @param choose says which graph; `model.onnx` by default
 * @throws TenfoldError `corrupt` where the manifest is not valid or a hash differs, `incompatible` where it is of another version,
 * `not-found` where the bundle has no such graph.
 */
export async function openBundle(
  source: BundleSource,
  choose: (manifest: Manifest) => Precision = () => 'fp32',
): Promise<Bundle> {
  const text = await source.readText(MANIFEST_FILE);
  const manifest = checkManifest(
    parseJson(text, `${source.location}/${MANIFEST_FILE}`, 'corrupt', 'Export the bundle again.'),
    MANIFEST_FILE,
  );
  const precision = choose(manifest);
  const chosen = inPrecision(manifest, precision, source.location);
  const file = PRECISION_FILES[precision];
  const recorded = manifest.files[file]!;
  const model = await source.read(file, recorded);
  const measured = await source.sha256(model);
  if (measured !== recorded.sha256) {
    throw unmet({
      code: 'corrupt',
      what: `the sha256 of ${file} in ${source.location}`,
      expected: recorded.sha256,
      got: measured,
      advice: 'The file was changed or cut off after the export: copy the bundle again, or export it anew.',
    });
  }
  return { manifest: chosen, model };
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

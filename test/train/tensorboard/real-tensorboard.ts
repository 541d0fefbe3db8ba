import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What TensorBoard reads of one run. */
export interface ReadRun {
  /** Step and value, by tag. */
  scalars: Record<string, [number, number][]>;
  /** Step, width, height and the PNG in base64, by tag. */
  images: Record<string, [number, number, number, string][]>;
  graph: { name: string; op: string; input: string[]; shape: number[]; attributes: object }[] | null;
}

const SCRIPT = fileURLToPath(new URL('../../../../test/train/tensorboard/read_events.py', import.meta.url));
const CANDIDATES = [process.env.TENFOLD_PYTHON, 'python3', '/usr/bin/python3'];

/** Why a test with the real TensorBoard is skipped. */
export const NO_TENSORBOARD =
  'no Python that imports tensorboard: pip install tensorboard, or name one by TENFOLD_PYTHON';

/** A Python with TensorBoard: the one that TENFOLD_PYTHON names, or a usual one. */
export const pythonWithTensorboard: string | undefined = CANDIDATES.find(
  (python) => python !== undefined && spawnSync(python, ['-c', 'import tensorboard']).status === 0,
);

/** What the real TensorBoard reads below a folder, by run. */
export function readByTensorboard(python: string, folder: string): Record<string, ReadRun> {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`TensorBoard does not read ${folder}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, ReadRun>;
}

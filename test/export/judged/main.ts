import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { create, toBinary } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import { TenfoldError, unmet } from '../../../core/errors.js';
import { PARITY_TOLERANCE } from '../../../export/verify.js';
import { DATA_TYPE } from '../../../onnx/tensor.js';
import type { Example, Port } from '../example.js';
import { SUBJECTS, type Subject } from './subjects.js';
import { GraphDigest, VERDICTS_FILE, type Verdict, type Verdicts } from './verdicts.js';

/**
 * `npm run judge:export -- --python PATH [--python PATH] [PART...]`: has every graph that the tests make (or those of the subjects whose names
 * have one of the parts) judged by ONNX's own checker and
 * reference evaluator, and by the oldest ONNX Runtime that reads our opset, and stores the verdicts. The two may be in one Python or in
 * two; `python3` is asked as well. Graphs that these judges have judged before are not judged again. Exit status 1: a judge objects (then
 * the subject has no verdict), or one was not found.
 */

const SCRIPT = fileURLToPath(new URL('../../../../test/export/judged/judge.py', import.meta.url));

type Judge = 'onnx' | 'onnxruntime';

/** What each judge has to be, and how it comes into a Python. */
const JUDGES: { readonly [J in Judge]: { fits: (version: string) => boolean; install: string } } = {
  // The evaluator came with 1.13.
  onnx: {
    fits: (version) => !/^(0|1\.\d|1\.1[0-2])\./.test(version),
    install: 'pip install onnx',
  },
  onnxruntime: {
    fits: (version) => version.startsWith('1.12.'),
    install: "pip install onnxruntime==1.12.1 onnx==1.12.0 'numpy<2' 'protobuf<3.21' (Python 3.7 to 3.10)",
  },
};

interface Bench {
  judge: Judge;
  python: string;
  version: string;
}

function findJudges(pythons: readonly string[]): Bench[] {
  const found = pythons.map((python) => {
    const { status, stdout } = spawnSync(python, [SCRIPT, 'versions'], { encoding: 'utf8' });
    return {
      python,
      versions: status === 0 ? (JSON.parse(stdout) as Record<Judge, string | null>) : undefined,
    };
  });
  return (Object.keys(JUDGES) as Judge[]).map((judge) => {
    const { fits, install } = JUDGES[judge];
    for (const { python, versions } of found) {
      const version = versions?.[judge];
      if (version && fits(version)) return { judge, python, version };
    }
    throw unmet({
      code: 'unavailable',
      what: '--python',
      expected: `a Python with ${judge}`,
      got: found.map(({ python, versions }) => `${python} (${versions?.[judge] ?? 'without'})`).join(', '),
      advice: `\`${install}\` installs it.`,
    });
  });
}

/** As ONNX's own backend tests are laid out. */
function writeExample(folder: string, { bytes, inputs, outputs }: Example): void {
  const data = join(folder, 'test_data_set_0');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), bytes);
  const write = (kind: string, ports: readonly Port[]) => {
    for (const [index, { name, type, shape, values }] of ports.entries()) {
      const tensor = create(TensorProtoSchema, {
        name,
        dataType: DATA_TYPE[type],
        dims: shape.map(BigInt),
        rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice(),
      });
      writeFileSync(join(data, `${kind}_${index}.pb`), toBinary(TensorProtoSchema, tensor));
    }
  };
  write('input', inputs);
  write('output', outputs);
}

type Line = { example: string } & ({ difference: number } | { objection: string });

function verdictsOf({ judge, python }: Bench, folder: string): Line[] {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, judge, folder], { encoding: 'utf8' });
  if (status !== 0) {
    throw unmet({
      code: 'failed',
      what: `${judge} of ${python}`,
      expected: 'a verdict of each graph',
      got: stderr.trim().split('\n').at(-1)!,
      advice: 'Run the script by hand; its first lines say how.',
    });
  }
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** Graphs that a judge refuses for a fault of its own. */
const EXCUSED: readonly { judge: Judge; subject: string; title: RegExp; reason: string }[] = [
  {
    judge: 'onnxruntime',
    subject: 'layer Resizing',
    title: /"interpolation":"bilinear".* behind a Permute$/,
    reason: '1.12 moves a Transpose behind such a Resize, and then refuses what it made',
  },
];

const stored: Verdicts | undefined = existsSync(VERDICTS_FILE)
  ? (JSON.parse(readFileSync(VERDICTS_FILE, 'utf8')) as Verdicts)
  : undefined;

/** Undefined where a judge objects; the known verdict where it is of the same graphs. */
async function judged(
  subject: Subject,
  benches: readonly Bench[],
  known: Verdict | undefined,
): Promise<Verdict | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-judged-'));
  try {
    const titles: string[] = [];
    const digest = new GraphDigest();
    for await (const { title, example } of subject.examples()) {
      writeExample(join(folder, String(titles.length).padStart(5, '0')), example);
      digest.add(example.bytes);
      titles.push(title);
    }
    if (known?.sha256 === digest.sum().sha256) return known;
    const verdict: Verdict = { ...digest.sum(), onnx: 0, onnxruntime: 0 };
    let isPassed = true;
    for (const bench of benches) {
      for (const line of verdictsOf(bench, folder)) {
        const title = titles[Number(line.example)]!;
        if (isPassedBy(bench, subject, title, line)) {
          if ('difference' in line)
            verdict[bench.judge] = Math.max(verdict[bench.judge], Number(line.difference.toPrecision(2)));
          else verdict.excused = (verdict.excused ?? 0) + 1;
        } else isPassed = false;
      }
    }
    return isPassed ? verdict : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isPassedBy({ judge, version }: Bench, { name }: Subject, title: string, line: Line): boolean {
  // Written so that NaN fails as well.
  if ('difference' in line && line.difference <= PARITY_TOLERANCE) return true;
  const isExcused = EXCUSED.some(
    (excuse) => excuse.judge === judge && excuse.subject === name && excuse.title.test(title),
  );
  if (isExcused) return true;
  const objection = 'objection' in line ? `objects: ${line.objection}` : `differs by ${line.difference}`;
  console.error(`${name}, ${title}: ${judge} ${version} ${objection}`);
  return false;
}

try {
  const { values, positionals } = parseArgs({
    options: { python: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const benches = findJudges([...(values.python ?? []), 'python3']);
  const nameOf = (judge: Judge) => `${judge} ${benches.find((bench) => bench.judge === judge)!.version}`;
  const judges = { onnx: nameOf('onnx'), onnxruntime: nameOf('onnxruntime') };
  const known =
    stored?.onnx === judges.onnx && stored.onnxruntime === judges.onnxruntime ? stored.verdicts : {};
  const verdicts = new Map(Object.entries(known));
  for (const subject of SUBJECTS) {
    if (positionals.length > 0 && !positionals.some((part) => subject.name.includes(part))) continue;
    const verdict = await judged(subject, benches, verdicts.get(subject.name));
    if (verdict) {
      verdicts.set(subject.name, verdict);
      const { graphs, onnx, onnxruntime } = verdict;
      console.error(`${subject.name}: ${graphs} graphs, ${onnx}, ${onnxruntime}`);
    } else {
      verdicts.delete(subject.name);
      process.exitCode = 1;
    }
    const inOrder = SUBJECTS.flatMap(({ name }) => (verdicts.has(name) ? [[name, verdicts.get(name)!]] : []));
    const text = JSON.stringify(
      { ...judges, verdicts: Object.fromEntries(inOrder) } satisfies Verdicts,
      null,
      2,
    );
    writeFileSync(VERDICTS_FILE, `${text}\n`);
  }
} catch (error) {
  if (!(error instanceof TenfoldError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

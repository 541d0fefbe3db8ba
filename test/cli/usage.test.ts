import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DEFAULT_BUNDLE } from '../../serve/models/bundle.js';
import { assertRefused, contentsOf, resultOf, temporaryFolder, tenfold } from './command-line.js';

/** Commands that nobody can have meant, and what must be said of them; each ends with status 2. */
const REFUSALS: Record<string, { args: string[]; message: RegExp }> = {
  'a command that does not exist': {
    args: ['trian'],
    message:
      /^tenfold: Expected one of pipeline, train, .*, got "trian" \(string\)\. Did you mean train\? See tenfold --help\.$/,
  },
  'an option that does not exist': {
    args: ['train', '--learning-rate', '0.1'],
    message:
      /Expected some of --seed, .*--batch-size.* for the options of train, got --learning-rate\. See tenfold train --help\.$/,
  },
  'an option misspelt': {
    args: ['serve', '--prot', '8080'],
    message: /for the options of serve, got --prot\. Did you mean --port\? See tenfold serve --help\.$/,
  },
  'a letter that is no option': {
    args: ['train', '-r', 'fast'],
    message: /for the options of train, got -r\. See tenfold train --help\.$/,
  },
  'an option without its value': {
    args: ['export', 'run', '--out'],
    message:
      /^tenfold: Expected a value for --out, got none\. Write --out VALUE; see tenfold export --help\.$/,
  },
  'an option with the next one in the place of its value': {
    args: ['train', '--recipe', '--seed', '1'],
    message:
      /Expected a value for --recipe, got the option --seed\. Write --recipe VALUE, or --recipe=--seed/,
  },
  'a number below 0, which looks like an option': {
    args: ['train', '--max-steps', '-5'],
    message:
      /Expected a value for --max-steps, got the option -5\. .* or --max-steps=-5 if that is the value/,
  },
  'a switch with a value': {
    args: ['verify', 'b', '--json=yes'],
    message: /Expected no value for --json, got "yes" \(string\)\. Write --json alone\.$/,
  },
  'a recipe that does not exist': {
    args: ['train', '--recipe', 'quick'],
    message:
      /Expected one of fast, speedrun, flagship, .* for the recipe, got "quick" \(string\)\. `tenfold recipes`/,
  },
  'a recipe misspelt': {
    args: ['train', '--recipe', 'Flagshp'],
    message:
      /for the recipe, got "Flagshp" \(string\)\. Did you mean flagship\? `tenfold recipes` describes them\.$/,
  },
  'a recipe to describe that does not exist': {
    args: ['recipes', 'quick'],
    message: /Expected one of fast, speedrun.*got "quick"/,
  },
  'a recipe without --recipe, which would train another': {
    args: ['train', 'speedrun'],
    message: /Expected options alone for the arguments, got speedrun/,
  },
  'a setting that the recipe has not': {
    args: ['train', '--recipe', 'speedrun', '--set', 'lr=0.1'],
    message:
      /one of the keys epochs, batchSize, .*learningRate, .*denseUnits, activation for a setting, got "lr=0.1"/,
  },
  'a setting misspelt': {
    args: ['train', '--set', 'learningrate=0.1'],
    message:
      /got "learningrate=0\.1" \(string\)\. Did you mean learningRate\? These are the settings of this recipe/,
  },
  'a sweep misspelt': {
    args: ['sweep', 'group-a'],
    message: /got "group-a"\. Did you mean groups-a\? Or give --grid/,
  },
  "a key of every object's": {
    args: ['train', '--set', '__proto__=1'],
    message: /for a setting, got "__proto__=1"/,
  },
  'a setting without a value': {
    args: ['train', '--set', 'epochs'],
    message: /Expected key=value.*got "epochs"/,
  },
  'a setting out of range': {
    args: ['train', '--set', 'epochs=0'],
    message:
      /Expected an integer from 1 to 1000 for the setting epochs, got "0" \(string\)\. The recipe has \d+\./,
  },
  'a setting that is no number': {
    args: ['train', '--set', 'learningRate=fast'],
    message: /Expected a number above 0 for the setting learningRate, got "fast"/,
  },
  'a setting that is none of its choices': {
    args: ['train', '--set', 'optimizer=lion'],
    message: /Expected one of .*adam.* for the setting optimizer, got "lion"/,
  },
  'a kernel larger than the map that it is to see': {
    args: ['train', '--recipe', 'conv-pairs-16x4', '--set', 'kernelSize=11'],
    message: /Expected at most 4 for the window of the layer "conv2d_3" on \[batch, 4, 4, 32\], got 11/,
  },
  'an activation that there is not': {
    args: ['train', '--set', 'activation=softmax'],
    message: /Expected one of relu, leaky-relu, .*silu for the setting activation, got "softmax"/,
  },
  'epochs that are not whole': {
    args: ['train', '--epochs', '1.5'],
    message: /the setting epochs, got "1.5"/,
  },
  'an option twice': {
    args: ['train', '--recipe', 'fast', '--seed', '1', '--recipe', 'speedrun'],
    message: /Expected one value for --recipe, got 2\. Leave all but one out\./,
  },
  'a setting twice': {
    args: ['train', '--set', 'epochs=3', '--epochs', '2'],
    message: /Expected each once for the settings, got epochs=2 and epochs=3\. Leave/,
  },
  'a setting of a sweep twice': {
    args: ['sweep', 'groups-a', '--set', 'dropout=0.1', '--set', 'dropout=0.2'],
    message: /Expected each once for the settings, got dropout=0\.1 and dropout=0\.2/,
  },
  'a grid of a setting that there is not': {
    args: ['sweep', '--grid', 'foo=1,2'],
    message: /Expected key=value .* for a setting, got "foo=1"/,
  },
  'a seed that is no number': {
    args: ['train', '--seed', 'lucky'],
    message: /Expected an integer from 0 to 2147483647 for --seed, got "lucky"/,
  },
  'a seed below 0': { args: ['train', '--seed=-1'], message: /from 0 to 2147483647 for --seed, got "-1"/ },
  'a seed and seeds': {
    args: ['train', '--seed', '1', '--seeds', '1..2'],
    message: /Expected --seed or --seeds for the seeds, got both/,
  },
  'a precision that the pipeline does not make': {
    args: ['pipeline', '--precision', 'int8'],
    message: /for the options of pipeline, got --precision\./,
  },
  'views to fit to and views to keep': {
    args: ['fit-pieces', 'models/default', '--keep-views', '--views', '100'],
    message: /Expected none of --views, --view-epochs for --keep-views, got --views/,
  },
  'a range of seeds that goes down': {
    args: ['train', '--seeds', '5..1'],
    message: /Expected a range such as 1\.\.5 or a list such as 1,2,3 .* for --seeds, got "5\.\.1"/,
  },
  'patience with nothing to watch': {
    args: ['train', '--set', 'patience=3'],
    message:
      /Expected a number above 0 for validationImages with a patience of 3, .*, got 0\. Set some aside/,
  },
  'no steps': { args: ['train', '--max-steps', '0'], message: /from 1 .* for --max-steps, got "0"/ },
  'another backend': {
    args: ['train', '--backend', 'gpu'],
    message: /Expected one of auto, onnxruntime, tensorflow, cpu for --backend, got "gpu"/,
  },
  'another device': {
    args: ['evaluate', 'run', '--device', 'tpu'],
    message: /Expected one of auto, cpu, cuda, webgpu for --device, got "tpu"/,
  },
  'a precision of a run': {
    args: ['evaluate', 'run', '--precision', 'int8'],
    message: /Expected a bundle for --precision, got run\. Leave the option out/,
  },
  'a device for a bundle': {
    args: ['evaluate', DEFAULT_BUNDLE, '--device', 'cuda'],
    message: /Expected a run folder for --device, got .*default\. Leave the option out/,
  },
  'a backend for a suite': {
    args: ['evaluate', DEFAULT_BUNDLE, '--suite', 'numbers', '--backend', 'cpu'],
    message: /Expected a run folder for --backend, got .*default/,
  },
  'another cadence': {
    args: ['train', '--evaluate-every', 'day'],
    message: /Expected one of end, epoch, step for --evaluate-every, got "day"/,
  },
  'another precision': {
    args: ['export', 'run', '--precision', 'fp4'],
    message: /for --precision, got "fp4"/,
  },
  'nothing to evaluate': { args: ['evaluate'], message: /Expected one run folder or bundle .*, got none/ },
  'a bundle to evaluate that is not there': {
    args: ['evaluate', 'modles', '--suite', 'numbers'],
    message:
      /Expected the folder of a run or of a bundle for modles, got nothing of that name\. Check the path/,
  },
  'two things to export': { args: ['export', 'a', 'b'], message: /Expected one run folder, .*, got a b/ },
  'nothing to classify': { args: ['predict'], message: /Expected one picture or more .*, got none/ },
  'a port that there is not': {
    args: ['serve', '--port', '65536'],
    message: /Expected an integer from 0 to 65535 for --port, got "65536"/,
  },
  'a port that there is not, before the training': {
    args: ['pipeline', '--port', 'http'],
    message: /Expected an integer from 0 to 65535 for --port, got "http"/,
  },
  'settings to print that a pipeline would train first for': {
    args: ['pipeline', '--print-config'],
    message: /for the options of pipeline, got --print-config\./,
  },
  'no workers': { args: ['serve', '--workers', '0'], message: /from 1 to 64 for --workers, got "0"/ },
};

describe('what nobody can have meant is refused with status 2, and nothing is written', {
  concurrency: 2,
}, () => {
  for (const [name, { args, message }] of Object.entries(REFUSALS)) {
    test(name, async (context) => {
      const folder = temporaryFolder(context);
      assertRefused(await tenfold(args, folder), 2, message);
      assert.deepEqual(contentsOf(folder), {});
    });
  }
});

test('under --json a failure is the last line of standard output too', async (context) => {
  const { status, stdout, stderr } = await tenfold(['trian', '--json'], temporaryFolder(context));
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  assert.deepEqual([status, error.code], [2, 'bad-usage']);
  assert.equal(stderr, `tenfold: ${error.message}\n`);
});

describe('help and lists', { concurrency: 2 }, () => {
  test('--verbose shows the stack below the message', async (context) => {
    const folder = temporaryFolder(context);
    const { status, stderr } = await tenfold(['train', '--recipe', 'quick', '--verbose'], folder);
    assert.equal(status, 2);
    assert.match(stderr, /^tenfold: TenfoldError: Expected one of fast, .*\n\s+at [\s\S]*resolveRecipe/);
  });

  test("--version is the package's", async (context) => {
    const { version } = JSON.parse(
      await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    const { status, stdout } = await tenfold(['--version'], temporaryFolder(context));
    assert.deepEqual([status, stdout], [0, `${version}\n`]);
  });

  test('--help names every command; a bare call does so as an error', async (context) => {
    const folder = temporaryFolder(context);
    const [asked, bare] = await Promise.all([tenfold(['--help'], folder), tenfold([], folder)]);
    assert.deepEqual([asked.status, asked.stderr], [0, '']);
    for (const command of [
      'pipeline',
      'train',
      'evaluate',
      'export',
      'verify',
      'serve',
      'predict',
      'recipes',
    ])
      assert.match(asked.stdout, new RegExp(`^  ${command} `, 'm'));
    assert.deepEqual([bare.status, bare.stdout, bare.stderr], [2, '', asked.stdout]);
  });

  test('a command explains its options', async (context) => {
    const { status, stdout } = await tenfold(['train', '--help'], temporaryFolder(context));
    assert.equal(status, 0);
    assert.match(stdout, /\[--recipe fast\] .*--resume/);
  });

  test('recipes lists them all, or one with the reason of each setting', async (context) => {
    const folder = temporaryFolder(context);
    const { recipes } = await resultOf<{ recipes: { name: string }[] }>(['recipes'], folder);
    const names = recipes.map(({ name }) => name);
    for (const name of [
      ...['fast', 'speedrun', 'bottleneck-32x2', 'bottleneck-64x2', 'bottleneck-32x3'],
      ...['basic-block-64x3', 'conv-pairs-16x4'],
    ])
      assert.ok(names.includes(name), `${name} is not listed`);
    const listed = await tenfold(['recipes'], folder);
    for (const name of names) assert.match(listed.stdout, new RegExp(`^  ${name} +\\S`, 'm'));
    assert.match(listed.stdout, /^Experiment E: .*\n {2}resnet-34/m);
    const { stdout } = await tenfold(['recipes', 'speedrun'], folder);
    assert.match(stdout, /^ {2}beta2 +0\.9 +as published: a short memory/m);
    assert.match(stdout, /^ {2}distillationTemperature {2,}4 /m);
  });

  test('a reader that leaves early is no failure', async (context) => {
    const program = fileURLToPath(new URL('../../../bin/tenfold.js', import.meta.url));
    const child = spawn(process.execPath, [program, 'recipes'], {
      cwd: temporaryFolder(context),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.once('close', resolve));
    assert.deepEqual([status, stderr], [0, '']);
  });
});

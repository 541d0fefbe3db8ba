import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';

/** A package of npm with Layers models in it. */
export interface ModelPackage {
  name: string;
  version: string;
  /** As the registry states it: of the archive's bytes. */
  integrity: string;
}

const NSFWJS: ModelPackage = {
  name: 'nsfwjs',
  version: '4.4.0',
  integrity:
    'sha512-krC1fgeTLXtZwgdpKJ0jm7hqv0gTSRQQRL+FhOaxaJ9Wj92t42BO3csO2odwgTAgZgf2RvkwPtp0R8Aa7dc+MA==',
};

const UPSCALERJS: ModelPackage = {
  name: '@upscalerjs/models',
  version: '0.9.0',
  integrity:
    'sha512-R71fAmtSGWJ/BboVj1XADfT946SV+H0Ex5QMttK0cX2wfFGSRDqYR5uOkMZRtcnl3z4xvigNOwSX1a8BnCR8DA==',
};

export interface PublicModel {
  title: string;
  from: ModelPackage;
  /** As many as its `model.json` lists. */
  layers: number;
  /** Writes a `model.json` with its weight files; `unpacked` is the package's folder. */
  write: (unpacked: string, folder: string) => void;
}

/** Models of others: of different authors, trained by Keras of different years. */
export const PUBLIC_MODELS: readonly PublicModel[] = [
  { title: 'MobileNetV2 of NSFWJS', from: NSFWJS, layers: 162, write: fromModules('mobilenet_v2') },
  { title: 'InceptionV3 of NSFWJS', from: NSFWJS, layers: 318, write: fromModules('inception_v3') },
  {
    title: 'residual dense network of idealo',
    from: UPSCALERJS,
    layers: 124,
    write: withFixedSize('idealo/psnr-small-quant-uint8'),
  },
  {
    title: 'residual dense network of UpscalerJS',
    from: UPSCALERJS,
    layers: 124,
    write: withFixedSize('div2k/005-2x'),
  },
];

/** NSFWJS has `model.json` and the weight files each as a module, the latter in base64. */
function fromModules(name: string): PublicModel['write'] {
  return (unpacked, folder) => {
    const from = join(unpacked, 'dist', 'models', name);
    for (const file of readdirSync(from)) {
      const module = { exports: {} as unknown };
      vm.runInNewContext(readFileSync(join(from, file), 'utf8'), { module, exports: module.exports });
      const [stem] = file.split('.min.js');
      if (typeof module.exports === 'string') {
        writeFileSync(join(folder, stem!), Buffer.from(module.exports, 'base64'));
      } else writeFileSync(join(folder, `${stem}.json`), JSON.stringify(module.exports));
    }
  };
}

/** These take pictures of any size, and a graph of ours those of one. */
function withFixedSize(name: string): PublicModel['write'] {
  return (unpacked, folder) => {
    const from = join(unpacked, 'models', name);
    for (const file of readdirSync(from).filter((entry) => /\.(json|bin)$/.test(entry))) {
      const bytes = readFileSync(join(from, file));
      const open = '"batch_input_shape": [null, null, null, 3]';
      const isTopology = file === 'model.json';
      const text = () => bytes.toString('utf8').replace(open, '"batch_input_shape": [null, 20, 24, 3]');
      writeFileSync(join(folder, file), isTopology ? text() : bytes);
    }
  };
}

/**
 * Fetches the package and unpacks it without running anything of it.
 * @returns its folder, or why it was not to be had.
 * @throws where the archive is another one than that of the integrity.
 */
export function unpack(
  { name, version, integrity }: ModelPackage,
  folder: string,
): { unpacked: string } | { missing: string } {
  mkdirSync(folder, { recursive: true });
  const options = ['--pack-destination', folder, '--json', '--ignore-scripts'];
  const packed = spawnSync('npm', ['pack', `${name}@${version}`, ...options], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (packed.status !== 0) {
    const [code = 'no answer'] = /E[A-Z0-9]+/.exec(packed.stderr.replaceAll('ERR', '')) ?? [];
    return { missing: `npm pack ${name}@${version}: ${code}` };
  }
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const archive = join(folder, filename);
  const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${digest}` !== integrity)
    throw new Error(`${archive}: expected ${integrity}, got sha512-${digest}`);
  const { status, stderr } = spawnSync('tar', ['-xzf', archive, '-C', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${archive}: ${stderr}`);
  return { unpacked: join(folder, 'package') };
}

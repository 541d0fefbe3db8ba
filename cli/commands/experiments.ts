import { writeExperiments } from '../../train/experiments/index.js';
import { type Command, text } from '../command.js';
import { EXPERIMENTS_FILE, EXPERIMENTS_FOLDER } from '../places.js';

export const experimentsCommand: Command = {
  usage: '[RUN...] [--records DIR] [--out FILE]',
  summary:
    'Keeps the records of runs of the experiments and writes what they reached beside what was published.',
  options: { records: { type: 'string' }, out: { type: 'string' } },
  async run({ values, positionals, output }) {
    const written = await writeExperiments({
      runs: positionals,
      records: text(values, 'records') ?? EXPERIMENTS_FOLDER,
      out: text(values, 'out') ?? EXPERIMENTS_FILE,
    });
    for (const record of written.added) output.say(`kept ${record}`);
    output.say(`${written.document}, of ${written.records} runs, with ${written.plots.length} plots`);
    output.result(written);
  },
};

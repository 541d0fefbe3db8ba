import { unmet } from '../../core/errors.js';
import { writeReport } from '../../train/reports/index.js';
import { type Command, text } from '../command.js';
import { REPORT_FOLDER } from '../places.js';

export const reportCommand: Command = {
  usage: 'RUN... [--out DIR] [--title TEXT] [--data DIR]',
  summary: 'Writes what a run did, or how several compare, as one HTML page and its plots.',
  options: { out: { type: 'string' }, title: { type: 'string' }, data: { type: 'string' } },
  async run({ values, positionals, output }) {
    const [first, ...others] = positionals;
    if (first === undefined) {
      throw unmet({
        code: 'bad-usage',
        what: 'the arguments',
        expected: 'one run folder or more',
        got: 'none',
        advice: 'See tenfold report --help.',
      });
    }
    const title = text(values, 'title');
    const data = text(values, 'data');
    const written = await writeReport({
      runs: positionals,
      out: text(values, 'out') ?? (others.length === 0 ? first : REPORT_FOLDER),
      ...(title !== undefined && { title }),
      ...(data !== undefined && { data }),
    });
    output.say(`${written.html}, with ${written.plots.length} plots beside it`);
    output.result(written);
  },
};

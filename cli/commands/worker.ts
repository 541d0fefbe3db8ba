import { unmet } from '../../core/errors.js';
import { BACKEND_CHOICES, DEVICE_CHOICES } from '../../train/backend.js';
import { hashOfDataIn } from '../../train/sweeps/data.js';
import { connectRedis } from '../../train/sweeps/queue/connection.js';
import { runWorker } from '../../train/sweeps/queue/worker.js';
import { atMostPositionals, type Command, choice, integer, text } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { divideMachine, divisionText, JOB_OPTIONS } from '../jobs.js';
import { PROGRAM } from '../program.js';

/** Longer than a Redis server takes to start again, shorter than anybody waits. */
const LEASE_SECONDS = 30;
const LONGEST_LEASE_SECONDS = 3600;

/** `tenfold worker`: does what sweeps put into a queue. */
export const workerCommand: Command = {
  usage:
    '--queue redis://HOST [--jobs N] [--threads N] [--data DIR] [--backend NAME] [--device NAME] [--lease SECONDS]',
  summary:
    'Trains the runs of sweeps that a Redis server has, beside any number of other workers, until Ctrl+C.',
  options: {
    ...JOB_OPTIONS,
    queue: { type: 'string' },
    data: { type: 'string' },
    backend: { type: 'string' },
    device: { type: 'string' },
    lease: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const url = text(values, 'queue');
    if (url === undefined) {
      throw unmet({
        code: 'bad-usage',
        what: '--queue',
        expected: 'redis://HOST[:PORT]',
        got: 'nothing',
        advice: 'Name the Redis server of the sweep.',
      });
    }
    const backend = choice(values, 'backend', BACKEND_CHOICES, 'auto');
    const device = choice(values, 'device', DEVICE_CHOICES, 'auto');
    const { jobs, threads } = divideMachine(values, device)(Number.POSITIVE_INFINITY);
    const lease = integer(values, 'lease', [1, LONGEST_LEASE_SECONDS]) ?? LEASE_SECONDS;
    const data = text(values, 'data');
    const setup = { program: PROGRAM, backend, device, threads, data };
    const dataSha256 = await hashOfDataIn(data);
    const connection = await connectRedis(url, output.say);
    output.say(`Waiting for runs at ${connection.place}, ${divisionText({ jobs, threads })}`);
    try {
      const tally = await untilInterrupted((signal) =>
        runWorker({ connection, setup, dataSha256, jobs, lease, say: output.say, signal }),
      );
      output.say(`${tally.finished} finished, ${tally.failed} failed, ${tally.returned} given back`);
      output.result(tally);
    } finally {
      connection.close();
    }
  },
};

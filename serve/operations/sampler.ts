import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { describe, unmet } from '../../core/errors.js';

/** The samplers that OpenTelemetry's specification names, by those names; `ratio` is 0 to 1. */
const SAMPLERS: Record<string, (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

/**
 * The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` name; without them every request is sampled,
 * unless its caller decided otherwise.
 * @throws TenfoldError `bad-usage` where the name or the share is none.
 */
export function samplerOf(environment: NodeJS.ProcessEnv): Sampler {
  const name = environment.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  const create = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (!create) throw wrong('OTEL_TRACES_SAMPLER', `one of ${Object.keys(SAMPLERS).join(', ')}`, name);
  const given = environment.OTEL_TRACES_SAMPLER_ARG || '1';
  const ratio = Number(given);
  if (!(ratio >= 0 && ratio <= 1)) throw wrong('OTEL_TRACES_SAMPLER_ARG', 'a share from 0 to 1', given);
  return create(ratio);
}

const wrong = (what: string, expected: string, got: string) =>
  unmet({ code: 'bad-usage', what, expected, got: describe(got), advice: 'Set it so, or unset it.' });

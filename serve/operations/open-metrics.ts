const NAME = /^# (?:HELP|TYPE) (\w+) /;
const TOTAL = '_total';

/**
 * Prometheus text, version 0.0.4, as OpenMetrics 1.0.0. prom-client's own OpenMetrics renames its counters for good, and
 * adds `_total` to names that have none; Triton's have none, and one metric must not have a name for each format. So a
 * counter keeps its sample's name: its family is called without `_total`, or, lacking that, is of unknown type, as the
 * standard has it.
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set(
    lines.filter((line) => /^# TYPE .* counter$/.test(line)).flatMap((line) => NAME.exec(line)?.[1] ?? []),
  );
  const renamed = lines.map((line) => {
    const name = NAME.exec(line)?.[1];
    if (name === undefined || !counters.has(name)) return line;
    if (name.endsWith(TOTAL)) return line.replace(name, name.slice(0, -TOTAL.length));
    return line.startsWith('# TYPE') ? `# TYPE ${name} unknown` : line;
  });
  return `${renamed.join('\n')}\n# EOF\n`;
}

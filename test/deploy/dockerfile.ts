/** One instruction; what is said of it in flags (`--from=build`) apart. */
export interface Step {
  instruction: string;
  flags: Record<string, string>;
  /** What follows instruction and flags, lines that go on joined as Docker joins them. */
  text: string;
}

export interface Stage {
  /** After `AS`. */
  name: string;
  /** An image, or an earlier stage. */
  base: string;
  steps: Step[];
}

const FLAG = /^--([\w-]+)=(\S+)\s+/;

/** The stages of a Dockerfile without here-documents, parser directives and build arguments. */
export function readDockerfile(text: string): Stage[] {
  const joined = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n/g, '');
  const stages: Stage[] = [];
  for (const line of joined.split('\n')) {
    const [, instruction, rest] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (instruction === undefined) continue;
    if (instruction === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(rest!) ?? [];
      if (base === undefined) throw new Error(`a stage without a name: ${line}`);
      stages.push({ name: name!, base, steps: [] });
    } else {
      stages.at(-1)!.steps.push(readStep(instruction, rest!));
    }
  }
  return stages;
}

function readStep(instruction: string, rest: string): Step {
  const flags: Record<string, string> = {};
  let text = rest;
  for (let flag = FLAG.exec(text); flag; flag = FLAG.exec(text)) {
    flags[flag[1]!] = flag[2]!;
    text = text.slice(flag[0].length);
  }
  return { instruction, flags, text: text.trim() };
}

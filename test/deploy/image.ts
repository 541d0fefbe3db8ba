import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Stage, Step } from './dockerfile.js';

/** What a container of a stage would have: a root of its own, and what the instructions say of its process. */
export interface Image {
  root: string;
  workdir: string;
  environment: Record<string, string>;
  /** What is run, and what asks after its health: programs with their arguments. */
  command: string[];
  health: string[];
}

export interface Build {
  stages: readonly Stage[];
  /** What `COPY` without `--from` takes from, a folder with a `.dockerignore`. */
  context: string;
  /** Each stage's root becomes a folder of this one. */
  folder: string;
  built: Map<string, Image>;
}

/**
 * Builds a stage as Docker would, on this machine and with its Node in place of the base images: `COPY` copies, `RUN` runs
 * `/bin/sh` in the stage's working directory. Commands must name nothing outside of it, for nothing holds them there.
 */
export function build(plan: Build, name: string): Image {
  const before = plan.built.get(name);
  if (before) return before;
  const { base, steps } = plan.stages.find((stage) => stage.name === name)!;
  const root = mkdtempSync(join(plan.folder, `${name}-`));
  let image: Image = { root, workdir: '/', environment: {}, command: [], health: [] };
  if (plan.stages.some((stage) => stage.name === base)) {
    const parent = build(plan, base);
    copy(parent.root, root);
    image = { ...parent, root };
  }
  for (const step of steps) {
    const act = INSTRUCTIONS[step.instruction];
    if (!act) throw new Error(`no way to try ${step.instruction}`);
    act(step, image, plan);
  }
  plan.built.set(name, image);
  return image;
}

/** The folder that is the image's working directory. */
export const placeOf = ({ root, workdir }: Image): string => join(root, workdir);

/** This process's environment and the image's own, without the mark that makes Node's tests children of this one. */
export function environmentOf({ environment }: Image): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...own } = process.env;
  return { ...own, ...environment };
}

const INSTRUCTIONS: Record<string, (step: Step, image: Image, plan: Build) => void> = {
  WORKDIR({ text }, image) {
    image.workdir = text;
    mkdirSync(placeOf(image), { recursive: true });
  },
  ENV({ text }, image) {
    const [name, value] = text.split('=') as [string, string];
    image.environment = { ...image.environment, [name]: value };
  },
  COPY({ text, flags: { from } }, image, plan) {
    const [target, ...sources] = text.split(/\s+/).reverse() as [string, ...string[]];
    const root = from === undefined ? plan.context : build(plan, from).root;
    for (const source of sources) {
      if (source !== '.') copy(join(root, source), join(placeOf(image), target));
      else for (const name of included(root)) copy(join(root, name), join(placeOf(image), target, name));
    }
  },
  RUN({ text }, image) {
    const options = { cwd: placeOf(image), env: environmentOf(image) };
    execFileSync('/bin/sh', ['-c', text], { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  },
  CMD({ text }, image) {
    image.command = JSON.parse(text);
  },
  HEALTHCHECK({ text }, image) {
    image.health = JSON.parse(text.replace(/^CMD /, ''));
  },
  USER() {},
  EXPOSE() {},
};

/** What a folder is given is its source's contents; a file that goes where a folder is goes into it. */
function copy(source: string, target: string): void {
  const intoFolder =
    !statSync(source).isDirectory() && statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  cpSync(source, intoFolder ? join(target, basename(source)) : target, {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** What a `.dockerignore` lets in that shuts everything out but the names that it lists. */
export function included(context: string): string[] {
  const [first, ...names] = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (first !== '*' || names.some((name) => !/^![\w.-]+$/.test(name))) {
    throw new Error('a .dockerignore of * and of names in the top folder after it');
  }
  return names.map((name) => name.slice(1));
}

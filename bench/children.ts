import type { ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const children = new Set<ChildProcess>();

/** Has a signal that ends this process (Ctrl-C) end the child first. */
export function endWithUs(child: ChildProcess): void {
  if (children.size === 0) for (const signal of SIGNALS) process.on(signal, endAll);
  children.add(child);
  child.once('close', () => {
    children.delete(child);
    if (children.size === 0) stopListening();
  });
}

function endAll(signal: NodeJS.Signals): void {
  for (const child of children) child.kill('SIGKILL');
  stopListening();
  process.kill(process.pid, signal);
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, endAll);
}

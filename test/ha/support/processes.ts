import { execFileSync } from 'node:child_process';

/** The programs that run in a network namespace, including those that its programs have started. */
export function pidsIn(namespace: string): number[] {
  const pids = execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  return pids.split('\n').filter(Boolean).map(Number);
}

/** A program may have ended meanwhile. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Synchronous, because a run that is aborted does this in its last tick. */
export function killAllIn(namespace: string): void {
  for (let pids = pidsIn(namespace); pids.length > 0; pids = pidsIn(namespace)) signal(pids, 'SIGKILL');
}

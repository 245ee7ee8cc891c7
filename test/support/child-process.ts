import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { findProgram } from './system-programs.ts';

export interface Ending {
  /** Null if ended by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();
// A run that ends early must not leave servers running.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
/** Runs a program that the kernel kills with this process, also after a signal that runs no handler. Empty: Linux only. */
const DYING_WITH_PARENT = dyingWithParent();

/** A program that a test starts, signals, and waits for. */
export class Child {
  /** Its output so far, of both streams. */
  output = '';
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;

  constructor(file: string, args: readonly string[], options: SpawnOptions) {
    const [command, ...all] = [...DYING_WITH_PARENT, file, ...args];
    const child = spawn(command!, all, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    running.add(child);
    this.child = child;
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    void this.ended.catch(() => undefined).then(() => running.delete(child));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return running.has(this.child);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and waits for the end. A paused process handles no signal but SIGKILL. */
  async end(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    this.child.kill('SIGCONT');
    return this.ended;
  }
}

function dyingWithParent(): readonly string[] {
  const setpriv = findProgram('setpriv');
  if (setpriv === undefined) return [];
  const prefix = [setpriv, '--pdeathsig', 'KILL'];
  // The one of BusyBox lacks the option.
  return spawnSync(setpriv, [...prefix.slice(1), 'true']).status === 0 ? prefix : [];
}

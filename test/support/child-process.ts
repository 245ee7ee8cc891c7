import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export interface Ending {
  /** Null if ended by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();
// An aborted run must not leave servers running.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A program that a test starts, signals, and waits for. */
export class Child {
  /** Its output so far, of both streams. */
  output = '';
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;

  constructor(file: string, args: readonly string[], options: SpawnOptions) {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
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

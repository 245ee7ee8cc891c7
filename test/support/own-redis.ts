import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** A Redis that a test can kill, restart and pause. */
export class OwnRedis {
  private constructor(
    private readonly port: number,
    private child: Child,
  ) {}

  static async start(): Promise<OwnRedis> {
    const port = await freePort();
    return new OwnRedis(port, await launch(port));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async kill(): Promise<void> {
    await this.child.end('SIGKILL');
  }

  /** Starts on the same port, without data. */
  async startAgain(): Promise<void> {
    this.child = await launch(this.port);
  }

  /** Keeps its connections without answers. */
  pause(): void {
    this.child.signal('SIGSTOP');
  }

  resume(): void {
    this.child.signal('SIGCONT');
  }
}

async function launch(port: number): Promise<Child> {
  const child = new Child('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { cwd: '/' });
  await until('Redis is ready', () => {
    if (!child.isRunning) throw new Error(`Redis ended: ${child.output}`);
    return child.output.includes('Ready to accept connections');
  });
  return child;
}

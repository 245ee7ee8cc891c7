import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** A Redis that a test can kill, start again and hang. */
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

  /** On the same port, with nothing of what it knew. */
  async startAgain(): Promise<void> {
    this.child = await launch(this.port);
  }

  /** It keeps its connections, and answers nothing. */
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

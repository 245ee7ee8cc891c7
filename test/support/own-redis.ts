import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { Child } from './child-process.js';
import { freePort } from './free-port.js';
import { REDIS_PROGRAM } from './system-programs.js';
import { until } from './until.js';

/** A Redis that a test can kill, restart and pause. */
export class OwnRedis {
  private constructor(
    readonly port: number,
    private readonly settings: readonly string[],
    private readonly folder: string,
    private child: Child,
  ) {}

  /** @param settings as arguments, such as `--requirepass`, `secret` */
  static async start(settings: readonly string[] = []): Promise<OwnRedis> {
    const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'gatehouse-redis-'))];
    return new OwnRedis(port, settings, folder, await launch(port, settings, folder));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.child.isRunning;
  }

  async kill(): Promise<void> {
    await this.child.end('SIGKILL');
  }

  /** Kills it for good. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true });
  }

  /** Starts on the same port, without counters. */
  async startAgain(): Promise<void> {
    this.child = await launch(this.port, this.settings, this.folder);
  }

  /** Keeps its connections without answers. */
  pause(): void {
    this.child.signal('SIGSTOP');
  }

  resume(): void {
    this.child.signal('SIGCONT');
  }

  /** A connection to it, which the caller disconnects. */
  connect(options: RedisOptions = {}): Redis {
    return new Redis({ port: this.port, ...options });
  }
}

async function launch(port: number, settings: readonly string[], folder: string): Promise<Child> {
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const child = new Child(REDIS_PROGRAM, [...own, ...settings], { cwd: folder });
  await until('Redis is ready', () => {
    if (!child.isRunning) throw new Error(`Redis ended: ${child.output}`);
    return child.output.includes('Ready to accept connections');
  });
  return child;
}

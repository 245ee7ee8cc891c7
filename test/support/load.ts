import { STEP_HANG_MS } from './hang.js';

/** Repeats a step with several workers until it is stopped. */
export class Load {
  private isStopping = false;
  private readonly workers: Promise<void>[];

  /** @param step must not throw; it records its own errors */
  constructor(concurrency: number, step: () => Promise<void>) {
    this.workers = Array.from({ length: concurrency }, async () => {
      while (!this.isStopping) await step();
    });
  }

  /** Resolves after the last steps. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.workers);
  }
}

/** The size of manual runs relative to CI, such as `FAULTS_SCALE=10`. */
const SCALE = Number(process.env['FAULTS_SCALE'] ?? 1);

export function scaled(count: number): number {
  return Math.max(1, Math.round(count * SCALE));
}

export function isByHand(): boolean {
  return SCALE > 1;
}

/** A bound that manual runs check. In CI, where other work takes the CPU, it only bounds a hang. */
export function promisedWithin(ms: number): number {
  return isByHand() ? ms : STEP_HANG_MS;
}

/** Runs the steps with limited concurrency. */
export async function eachOf<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** The percentile by nearest rank; NaN for an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

export function random<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}

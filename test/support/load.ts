/** Does something over and over, several at a time, until it is stopped. */
export class Load {
  private isStopping = false;
  private readonly workers: Promise<void>[];

  /** @param step must not throw: what may go wrong is for it to note */
  constructor(concurrency: number, step: () => Promise<void>) {
    this.workers = Array.from({ length: concurrency }, async () => {
      while (!this.isStopping) await step();
    });
  }

  /** Resolves when the last steps have ended. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.workers);
  }
}

/** Sizes of by-hand runs over those of CI, such as `FAULTS_SCALE=10`. */
const SCALE = Number(process.env['FAULTS_SCALE'] ?? 1);

export function scaled(count: number): number {
  return Math.max(1, Math.round(count * SCALE));
}

export function isByHand(): boolean {
  return SCALE > 1;
}

/** Runs them with at most so many at once. */
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

/** The nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

export function random<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}

import { until } from '../../support/until.js';

const SAMPLED_EVERY_MS = 10;

/** Notes when a counter rises, to find the times in which nothing succeeded. */
export class Progress {
  private readonly rises: number[] = [];
  private readonly sampling: NodeJS.Timeout;

  constructor(count: () => number) {
    let last = count();
    this.sampling = setInterval(() => {
      const now = count();
      if (now > last) this.rises.push(performance.now());
      last = now;
    }, SAMPLED_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.sampling);
  }

  async risesAfter(time: number): Promise<number> {
    const first = () => this.rises.find((rise) => rise > time);
    await until('it succeeds again', () => first() !== undefined);
    return first()!;
  }

  /** The longest time without a success that ended after the given one, in milliseconds. */
  longestGap(since: number): number {
    const gaps = this.rises.map((rise, at) => ({ rise, ms: rise - (this.rises[at - 1] ?? rise) }));
    return Math.max(0, ...gaps.filter(({ rise }) => rise > since).map(({ ms }) => ms));
  }
}

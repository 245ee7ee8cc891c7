/** The goal of a ratio. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A row of the table. */
export interface Figure {
  readonly id: string;
  readonly what: string;
  /** Undefined for a figure that is shown for comparison. */
  readonly goal?: Goal;
  /** Undefined if not measured; `note` has the reason. */
  readonly ratio?: Spread;
  readonly note?: string;
}

/** How far a figure may miss its goal without failing. */
const TOLERANCE = 0.1;

export type Verdict = 'reached' | 'near' | 'missed' | 'not measured' | 'shown';

export function verdictOf({ goal, ratio }: Figure): Verdict {
  if (ratio === undefined) return 'not measured';
  if (goal === undefined) return 'shown';
  const short = 'atLeast' in goal ? goal.atLeast - ratio.median : ratio.median - goal.atMost;
  if (short <= 0) return 'reached';
  return short <= TOLERANCE ? 'near' : 'missed';
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Ratios of paired rounds, so that other load on the machine affects both sides. */
export function ratioOf<T>(ours: readonly T[], theirs: readonly T[], value: (round: T) => number): Spread {
  return spreadOf(ours.map((round, index) => value(round) / value(theirs[index]!)));
}

import { availableParallelism, cpus, loadavg } from 'node:os';
import { type Figure, type Goal, type Spread, verdictOf } from './figure.ts';

/** The machine and the settings of a run. */
export interface Setting {
  readonly date: string;
  readonly cores: number;
  readonly cpu: string;
  readonly node: string;
  readonly postgres: string;
  readonly rounds: number;
  readonly secondsPerRound: number;
  /** Load average of the minute before. The bench adds about one per core. */
  readonly loadAtStart: number;
}

export function settingOf(postgres: string, rounds: number, secondsPerRound: number): Setting {
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    postgres,
    rounds,
    secondsPerRound,
    loadAtStart: Math.round(loadavg()[0]! * 10) / 10,
  };
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ['', 'what', 'goal', 'median', 'spread', ''],
    ...figures.map((figure) => [
      figure.id,
      figure.what,
      goalText(figure.goal),
      figure.ratio ? number(figure.ratio.median) : '-',
      figure.ratio ? spreadText(figure.ratio) : '',
      verdictOf(figure),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(Math.max(3, width))).join(' | ')} |`);
  const notes = figures.filter(({ note }) => note !== undefined).map(({ id, note }) => `${id}: ${note}`);
  return [...lines, '', ...notes].join('\n');
}

export function settingText(setting: Setting): string {
  const { date, cores, cpu, node, postgres, rounds, secondsPerRound, loadAtStart } = setting;
  return `${date}, ${cores} cores (${cpu}), Node ${node}, Postgres ${postgres}; ${rounds} rounds of ${secondsPerRound} s; load before ${loadAtStart}`;
}

function goalText(goal: Goal | undefined): string {
  if (goal === undefined) return '';
  return 'atLeast' in goal ? `≥ ${goal.atLeast.toFixed(2)}` : `≤ ${goal.atMost.toFixed(2)}`;
}

function spreadText({ min, max }: Spread): string {
  return `${number(min)}–${number(max)}`;
}

function number(value: number): string {
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

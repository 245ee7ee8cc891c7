import type { Figure } from './figure.ts';
import type { Pace, Round } from './load.ts';
import { median } from './figure.ts';
import type { Scratch, ScratchDatabase } from './scratch.ts';
import { idOf, seedContacts, seedKeys, type SeededKey, seedOrgs, settle } from './seed.ts';

/** A performance goal and its measurement. */
export interface Measured {
  readonly id: string;
  readonly title: string;
  measure(bench: Bench): Promise<Figure[]>;
}

const KEYS = 200;
const CONTACTS = 1_000;
const READ_CONTACTS = 200;

/** The data for most measurements: one org with 1,000 contacts and 200 scoped keys. */
export interface SmallWorld extends AsyncDisposable {
  readonly database: ScratchDatabase;
  readonly orgId: string;
  readonly keys: readonly SeededKey[];
  /** Ids of the contacts that are read. */
  readonly contacts: readonly string[];
  /** The first unused number of a key. */
  readonly nextKey: number;
}

/** One run: its databases, the length of its rounds and its log. */
export class Bench {
  readonly scratch: Scratch;
  readonly pace: Pace;
  readonly say: (line: string) => void;
  #seeded: Promise<{ template: ScratchDatabase; keys: SeededKey[] }> | undefined;

  constructor(scratch: Scratch, pace: Pace, say: (line: string) => void) {
    this.scratch = scratch;
    this.pace = pace;
    this.say = say;
  }

  /** A separate copy for each measurement. */
  async smallWorld(): Promise<SmallWorld> {
    const { template, keys } = await (this.#seeded ??= this.#seed());
    const database = await this.scratch.create(template);
    return {
      database,
      orgId: idOf('org', 1),
      keys,
      contacts: Array.from({ length: READ_CONTACTS }, (_, index) =>
        idOf('contact', 1 + index * (CONTACTS / READ_CONTACTS)),
      ),
      nextKey: KEYS + 1,
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  }

  async #seed() {
    const template = await this.scratch.create();
    await seedOrgs(template, 1);
    await seedContacts(template, 1, CONTACTS);
    const keys = await seedKeys(template, () => 1, KEYS);
    await settle(template);
    return { template, keys };
  }
}

/** CPU time per request for the note of a figure, which is mostly independent of other processes. */
export function cpuNote(sides: Readonly<Record<string, readonly Round[]>>): string {
  return Object.entries(sides)
    .map(([name, rounds]) => {
      const cpu = rounds.map(({ cpuMicroseconds }) => cpuMicroseconds).filter((value) => value !== undefined);
      const perSecond = Math.round(median(rounds.map((round) => round.perSecond)));
      return `${name} ${perSecond}/s${cpu.length > 0 ? `, ${Math.round(median(cpu))} µs` : ''}`;
    })
    .join('; ');
}

import type { Abstract, Type } from '@nestjs/common';
import type { Config } from '../../core/config/config.js';
import type { EntityClass } from '../../core/database/data-source.js';
import type { Log } from '../../core/logging/log.js';

/** One option of a command, as `--help` shows it. */
export type Option =
  | {
      readonly kind: 'text';
      readonly placeholder: string;
      readonly help: string;
      readonly isRequired?: boolean;
      readonly choices?: readonly string[];
    }
  /** May be given several times. */
  | { readonly kind: 'list'; readonly placeholder: string; readonly help: string }
  | { readonly kind: 'flag'; readonly help: string };

export type Options = Readonly<Record<string, Option>>;

/** What a command's `run` finds in `options`; undefined: not given. */
export type OptionValues<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends { kind: 'flag' }
    ? boolean
    : O[Name] extends { kind: 'list' }
      ? readonly string[] | undefined
      : O[Name] extends { isRequired: true }
        ? string
        : string | undefined;
};

/** One use of a command. */
export interface Call<O extends Options = Options> {
  readonly options: OptionValues<O>;
  /** The positional argument; empty for commands without one. */
  readonly argument: string;
  readonly config: Config;
  readonly log: Log;
  /** One of the command's services; the database is opened at the first use. */
  service<T>(type: Abstract<T>): Promise<T>;
}

/** What a command has to say. */
export interface Answer {
  /** The whole of stdout with `--json`. */
  readonly json: object;
  /** The whole of stdout for people; a new secret is alone on its last line. */
  readonly text: string;
  /** One line for stderr, and exit code 1: the command did its work and found something wrong. */
  readonly problem?: string;
}

/** What a command has of the server, beside the database and the audit: so much and no more is loaded and opened. */
export interface Parts {
  /** Those it asks for, and those they work with. */
  readonly services: readonly Type[];
  /** The tables that they know. */
  readonly entities: readonly EntityClass[];
}

export interface Command<O extends Options = Options> {
  /** The words that call it, such as `partner create`. */
  readonly name: string;
  readonly summary: string;
  /** What the positional argument is; left out: there is none. */
  readonly argument?: string;
  readonly options: O;
  /** Left out: it opens the database itself. */
  readonly parts?: Parts;
  run(call: Call<O>): Promise<Answer>;
}

/** Commands that aren't loaded yet, by their names. */
export type CommandLoaders = Readonly<Record<string, () => Promise<Command>>>;

/** A command whose `run` knows the types of its own options. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  // Only the parser makes the values, and it makes them from these very options.
  return command as unknown as Command;
}

/** A program that runs until it is stopped, and writes a log instead of an answer. */
interface Launchable {
  readonly name: string;
  readonly summary: string;
  /** Flags with their help. */
  readonly flags: Readonly<Record<string, string>>;
  run(): Promise<unknown>;
}

export const LAUNCHABLE: readonly Launchable[] = [
  { name: 'start', summary: 'Start the server.', flags: {}, run: () => import('../../main.js') },
  {
    name: 'demo',
    summary: 'Start a server with made-up data, and print what each call does.',
    flags: { '--once': 'exit after the transcript' },
    run: () => import('../demo/main.js'),
  },
];

/** The program that a command line names; undefined for a command, for help and for wrong flags. */
export function launchable(name: string | undefined, args: readonly string[]): Launchable | undefined {
  const program = LAUNCHABLE.find((each) => each.name === name);
  return program !== undefined && args.every((arg) => Object.hasOwn(program.flags, arg)) ? program : undefined;
}

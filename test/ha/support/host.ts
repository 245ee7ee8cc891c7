import { Child } from '../../support/child-process.js';
import { killAllIn, pidsIn, signal } from './processes.js';

/** The command and its first arguments that run a program in a namespace. */
export type Prefix = readonly string[];

/** A machine: a network namespace, and the programs in it. */
export class Host {
  constructor(
    readonly name: string,
    private readonly namespace: string,
    /** The address for the test. */
    readonly front: string,
    /** The address for the other hosts. */
    readonly back: string,
  ) {}

  get prefix(): Prefix {
    return ['ip', 'netns', 'exec', this.namespace];
  }

  /** Starts a program as the user of Postgres, with only the given environment. */
  start(command: readonly string[], env: Readonly<Record<string, string>>): Child {
    // Shared memory of a killed Postgres must not be left on this machine.
    const withoutTraces = ['unshare', '--ipc'];
    const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];
    const [file, ...args] = [...this.prefix, ...withoutTraces, ...asPostgres, ...command];
    return new Child(file!, args, { cwd: '/', env });
  }

  /** Every program stops where it is. Sessions stay open, and the kernel accepts new ones. */
  freeze(): void {
    // Twice, because a program may start another one meanwhile.
    for (let time = 0; time < 2; time++) signal(pidsIn(this.namespace), 'SIGSTOP');
  }

  thaw(): void {
    signal(pidsIn(this.namespace), 'SIGCONT');
  }

  /** The machine loses its power. */
  kill(): void {
    killAllIn(this.namespace);
  }
}

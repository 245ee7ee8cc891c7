import type { EntityManager } from 'typeorm';
import type { OrgScope } from '../../../../access/scopes/scope-catalogue.js';
import type { NamedTable } from '../../../../kit/crud/unknown-ids.js';

/** Tables whose rows blocks name. */
export type BlockTable = Extract<NamedTable, 'actions' | 'chat_sessions' | 'teams'>;

/** A block's turn in a run. */
export interface Step<Input extends object> {
  readonly orgId: string;
  /** Of the transaction, where the effect is in one. */
  readonly manager: EntityManager;
  /** The same at every try of this step, and of no other: what it sets off elsewhere carries it. */
  readonly key: string;
  /** References resolved, and judged. */
  readonly input: Input;
  /** Aborted when the try has taken too long, or the server is ending. */
  readonly signal: AbortSignal;
}

/** Does what one type of block does. */
export interface BlockExecutor<Input extends object = object> {
  /** What a key needs to do the same by the API's own routes. A workflow with this block is saved and activated with them. */
  readonly scopes: readonly [OrgScope, ...OrgScope[]];
  /** The rules of its input. */
  readonly input: new () => Input;
  /** Fields of its input that hold the id of a row of the org. */
  readonly namedRows?: Readonly<Record<string, BlockTable>>;
  /** Whether it works on a session: the one that `input.session_id` names, or the trigger's. */
  readonly needsSession: boolean;
  /**
   * `transaction`: all that it does commits with the record that it is done. `outside`: it is done before that is
   * recorded, so after a crash in between it is done again, with the same key.
   */
  readonly effect: 'transaction' | 'outside';
  /** Fields of its input that are HTML: what a reference puts there is text, whatever it looks like. */
  readonly htmlFields?: readonly string[];
  /**
   * @returns what later blocks may refer to
   * @throws AppError below 500 when trying again would not help: the run has failed. Any other error is tried again
   */
  run(step: Step<Input>): Promise<object>;
}

/** What another try may mend; the message is shown with the run until then. */
export class StepTrouble extends Error {}

import type { EntityManager } from 'typeorm';
import type { OrgScope } from '../../../../access/scopes/scope-catalogue.js';
import type { NamedTable } from '../../../../kit/crud/unknown-ids.js';

/** Tables that inputs of blocks refer to. */
export type BlockTable = Extract<NamedTable, 'actions' | 'chat_sessions' | 'teams'>;

/** The execution of a block in a run. */
export interface Step<Input extends object> {
  readonly orgId: string;
  /** The transaction's manager if the effect is `transaction`. */
  readonly manager: EntityManager;
  /** Idempotency key of the step, the same for all its attempts. External calls send it. */
  readonly key: string;
  /** With references resolved. Valid. */
  readonly input: Input;
  /** Aborted on timeout and on shutdown. */
  readonly signal: AbortSignal;
}

/** Executes blocks of one type. */
export interface BlockExecutor<Input extends object = object> {
  /** Scopes that the API requires for the same action. Callers need them to save or activate the workflow. */
  readonly scopes: readonly [OrgScope, ...OrgScope[]];
  /** DTO that validates the input. */
  readonly input: new () => Input;
  /** Input fields that hold ids of the org's rows. */
  readonly namedRows?: Readonly<Record<string, BlockTable>>;
  /** Whether it acts on a session: `input.session_id`, or by default the trigger's. */
  readonly needsSession: boolean;
  /**
   * `transaction`: its effects commit together with the step's record. `outside`: its effects precede the record, so a
   * crash in between repeats them with the same key.
   */
  readonly effect: 'transaction' | 'outside';
  /** Input fields that contain HTML. Values of references are escaped there. */
  readonly htmlFields?: readonly string[];
  /**
   * @returns the result, which later blocks can refer to
   * @throws AppError with a status below 500 to fail the run. Other errors are retried
   */
  run(step: Step<Input>): Promise<object>;
}

/** A temporary failure. The step is retried, and the run shows the message meanwhile. */
export class RetryableStepError extends Error {}

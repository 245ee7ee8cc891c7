import type { BulkAction } from '../api/bulk';

interface ActionWords {
  /** The label of a button. */
  readonly verb: string;
  readonly running: string;
  readonly done: string;
  /** What the action means for several keys, before it is confirmed. */
  readonly effect: string;
  /** What is true of several keys afterwards. */
  readonly after: string;
  /** Whether it denies requests. */
  readonly isDanger: boolean;
}

export const ACTION_WORDS: Readonly<Record<BulkAction, ActionWords>> = {
  suspend: {
    verb: 'Suspend',
    running: 'Suspending',
    done: 'suspended',
    effect: 'Every request with these keys is denied at once, until you resume them.',
    after: 'Requests with them are denied until they are resumed.',
    isDanger: true,
  },
  resume: {
    verb: 'Resume',
    running: 'Resuming',
    done: 'resumed',
    effect: 'These keys work again at once, with the settings that they have.',
    after: 'They work again.',
    isDanger: false,
  },
  set_expiry: {
    verb: 'Set expiry',
    running: 'Changing',
    done: 'changed',
    effect: 'These keys stop working at the end of the day that you choose.',
    after: 'The new expiry is in effect.',
    isDanger: false,
  },
  revoke: {
    verb: 'Revoke',
    running: 'Revoking',
    done: 'revoked',
    effect: "Every request with these keys is denied at once. You can't undo this.",
    after: 'Requests with them are denied.',
    isDanger: true,
  },
};

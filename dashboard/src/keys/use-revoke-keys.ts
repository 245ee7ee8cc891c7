import { useRef, useState } from 'react';
import { GatehouseError } from '../../../sdk/src/index.js';
import { revokeKey, useKeysChanged } from '../api/keys';
import { sentenceOf } from '../shell/problem';

interface Target {
  readonly id: string;
  readonly name: string;
}

export interface RevokeProgress {
  readonly isRunning: boolean;
  /** Keys that are revoked. */
  readonly done: number;
  readonly failures: readonly { readonly id: string; readonly name: string; readonly message: string }[];
}

const NOTHING: RevokeProgress = { isRunning: true, done: 0, failures: [] };

/** Revokes keys one after the other, so that one failure doesn't hide the others and the rate limit is kept. */
export function useRevokeKeys(keys: readonly Target[]) {
  const [progress, setProgress] = useState<RevokeProgress>();
  const isStopped = useRef(false);
  const keysChanged = useKeysChanged();

  const start = async (): Promise<RevokeProgress> => {
    let state = NOTHING;
    isStopped.current = false;
    setProgress(state);
    for (const { id, name } of keys) {
      if (isStopped.current) break;
      try {
        await patiently(() => revokeKey(id), isStopped);
        state = { ...state, done: state.done + 1 };
      } catch (error) {
        state = { ...state, failures: [...state.failures, { id, name, message: sentenceOf(error as Error) }] };
      }
      setProgress(state);
    }
    state = { ...state, isRunning: false };
    setProgress(state);
    await keysChanged();
    return state;
  };
  return { progress, start, stop: () => (isStopped.current = true) };
}

/** Waits as long as a 429 asks for, and tries again. */
async function patiently(call: () => Promise<unknown>, isStopped: { readonly current: boolean }): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      const wait = error instanceof GatehouseError && error.status === 429 ? error.retryAfterSeconds : undefined;
      if (wait === undefined || isStopped.current) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
    }
  }
}

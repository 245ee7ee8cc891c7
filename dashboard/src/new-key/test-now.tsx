import { Button } from '@mantine/core';
import { useState } from 'react';
import type { MintedKey } from '../api/keys';
import type { FirstCall } from '../services/first-call';
import { CheckIcon, TestIcon, WarningIcon } from '../shell/icons';
import { sentenceOf } from '../shell/problem';
import { choiceOf } from '../text/list-of';
import { canTry, type Trial, trialWords, tryKey } from './key-trial';
import classes from './test-now.module.css';

interface Props {
  readonly minted: MintedKey;
  /** The request to a service that the dialog shows; undefined: to this server. */
  readonly call: FirstCall | undefined;
}

/** Sends a request with the new key from this page. */
export function TestNow({ minted, call }: Props) {
  const [trial, setTrial] = useState<Trial>();
  const [isRunning, setRunning] = useState(false);
  if (!canTry(minted)) {
    return (
      <p className={`${classes['row']} ${classes['hint']}`}>
        It works only on pages of {choiceOf(minted.key.allowed_origins)}, so it can't be tested here.
      </p>
    );
  }
  const test = async () => {
    setRunning(true);
    try {
      setTrial(await tryKey(minted, call));
    } catch (error) {
      setTrial({ isAllowed: false, message: sentenceOf(error as Error) });
    } finally {
      setRunning(false);
    }
  };
  return (
    <>
      <div className={classes['row']}>
        <Button
          size="xs"
          variant="default"
          leftSection={<TestIcon size={14} />}
          loading={isRunning}
          onClick={() => void test()}
        >
          Test now
        </Button>
        <p className={classes['hint']}>This {trialWords(call)} with the key, from this page.</p>
      </div>
      <div aria-live="polite">{trial && <Outcome {...trial} />}</div>
    </>
  );
}

function Outcome({ isAllowed, message }: Trial) {
  return (
    <p className={classes['outcome']} data-allowed={isAllowed} data-testid="trial">
      {isAllowed ? <CheckIcon size={16} /> : <WarningIcon size={16} />}
      <span>
        <strong>{isAllowed ? 'The key works.' : 'Denied.'}</strong> {message}
      </span>
    </p>
  );
}

import { Text } from '@mantine/core';
import type { KeySummary } from '../api/wire';
import { count, counted } from '../text/numbers';
import classes from './keys-to-revoke.module.css';
import type { RevokeProgress } from './use-revoke-keys';

interface Props {
  readonly keys: readonly KeySummary[];
  readonly progress: RevokeProgress | undefined;
}

/** The names of the keys before they are revoked, and the progress afterwards. */
export function KeysToRevoke({ keys, progress }: Props) {
  if (!progress) {
    return (
      // Long lists scroll, also by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls takes the focus
      <ul className={classes['keys']} tabIndex={0} aria-label="Keys to revoke">
        {keys.map(({ id, name, masked_key }) => (
          <li key={id}>
            <span className="name">{name}</span> <span className="mono">{masked_key}</span>
          </li>
        ))}
      </ul>
    );
  }
  const { isRunning, done, failures } = progress;
  const tried = done + failures.length;
  return (
    <div>
      <Text size="sm" aria-live="polite">
        {isRunning
          ? `Revoking key ${count(Math.min(tried + 1, keys.length))} of ${count(keys.length)}…`
          : `${counted(done, 'key')} of ${count(keys.length)} revoked.`}
      </Text>
      <progress className={classes['bar']} max={keys.length} value={tried} aria-label="Progress" />
      {failures.length > 0 && (
        <ul className={classes['failures']}>
          {failures.map(({ id, name, message }) => (
            <li key={id}>
              <strong>{name}</strong>: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

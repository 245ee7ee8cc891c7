import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import type { KeySummary } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { WordField } from '../shell/typed-confirmation';
import { counted } from '../text/numbers';
import { KeysToRevoke } from './keys-to-revoke';
import { useRevokeKeys } from './use-revoke-keys';

interface Props {
  readonly keys: readonly KeySummary[];
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

/** Revokes keys one after the other. The default export is for lazy(). */
export default function RevokeKeysDialog({ keys, onClose, onRevoked }: Props) {
  const [typed, setTyped] = useState('');
  const { progress, start, stop } = useRevokeKeys(keys);
  const word = `revoke ${counted(keys.length, 'key')}`;
  const isRunning = progress?.isRunning ?? false;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed !== word || isRunning) return;
    const { done, failures } = await start();
    if (failures.length > 0 || done < keys.length) return;
    notifications.show({ message: `${counted(done, 'key')} revoked. Requests with them are denied.` });
    onRevoked();
  };
  return (
    <Dialog
      onClose={isRunning ? stop : onClose}
      title={`Revoke ${counted(keys.length, 'key')}`}
      withCloseButton={!isRunning}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {!progress && (
            <Text size="sm">
              Every request with these keys is denied at once. You can't undo this. The keys made{' '}
              <strong>{counted(sumOfRequests(keys), 'request')}</strong> in the last 30 days.
            </Text>
          )}
          <KeysToRevoke keys={keys} progress={progress} />
          {!progress && <WordField word={word} value={typed} onChange={setTyped} />}
          <Group justify="flex-end">
            {isRunning ? (
              <Button variant="default" onClick={stop}>
                Stop
              </Button>
            ) : (
              <Button variant="default" onClick={progress ? onRevoked : onClose}>
                {progress ? 'Close' : 'Cancel'}
              </Button>
            )}
            {!progress && (
              <Button type="submit" color="red" className="danger" disabled={typed !== word}>
                Revoke {counted(keys.length, 'key')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function sumOfRequests(keys: readonly KeySummary[]): number {
  return keys.reduce((sum, { requests_30_days }) => sum + requests_30_days, 0);
}

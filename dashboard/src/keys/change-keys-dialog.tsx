import '../form-styles';
import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { skipToken, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type BulkAction, type BulkChange, bulkPreviewQuery, useBulkChange } from '../api/bulk';
import type { KeySummary } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';
import { ProgressBar } from '../shell/progress-bar';
import { WordField } from '../shell/typed-confirmation';
import { endOfDay, isPast } from '../text/dates';
import { count, counted } from '../text/numbers';
import { ACTION_WORDS } from './action-words';
import { KeysToChange } from './keys-to-change';

interface Props {
  readonly action: BulkAction;
  readonly keys: readonly KeySummary[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Changes the selected keys at once. The default export is for lazy(). */
export default function ChangeKeysDialog({ action, keys, onClose, onDone }: Props) {
  const [typed, setTyped] = useState('');
  const [day, setDay] = useState('');
  const wanted = changeOf(action, keys, day);
  const preview = useQuery(wanted ? bulkPreviewQuery(wanted) : { queryKey: ['bulk'], queryFn: skipToken });
  const { mutate: change, isPending, error, sent } = useBulkChange();
  const { done, effect, after, isDanger } = ACTION_WORDS[action];
  const word = `revoke ${counted(keys.length, 'key')}`;
  const changed = preview.data?.changed ?? 0;
  const isReady = changed > 0 && (action !== 'revoke' || typed === word);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wanted || !isReady || isPending) return;
    change(wanted, {
      onSuccess: (outcome) => {
        notifications.show({ message: `${counted(outcome.changed, 'key')} ${done}. ${after}` });
        onDone();
      },
    });
  };
  return (
    <Dialog
      onClose={isPending ? () => undefined : onClose}
      title={titleOf(action, keys.length)}
      withCloseButton={!isPending}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            {effect} They made <strong>{counted(sumOfRequests(keys), 'request')}</strong> in the last 30 days.
          </Text>
          {action === 'set_expiry' && (
            <TextInput
              type="date"
              label="Expiry date"
              description="The keys work until the end of this day."
              error={day !== '' && isPast(endOfDay(day).toISOString()) && 'Choose a future date.'}
              value={day}
              onChange={({ currentTarget }) => setDay(currentTarget.value)}
              maw={220}
              data-autofocus
            />
          )}
          <KeysToChange keys={keys} />
          {preview.error && <Problem error={preview.error} onRetry={() => void preview.refetch()} />}
          {wanted && <Preview action={action} keys={keys.length} changed={preview.data?.changed} />}
          {action === 'revoke' && <WordField word={word} value={typed} onChange={setTyped} />}
          {isPending && <Progress action={action} sent={sent} keys={keys.length} />}
          {error && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={isPending}
              disabled={!isReady}
              {...(isDanger && { color: 'red', className: 'danger' })}
            >
              {titleOf(action, preview.data?.changed ?? keys.length)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function titleOf(action: BulkAction, keys: number): string {
  const words = counted(keys, 'key');
  return action === 'set_expiry' ? `Set expiry of ${words}` : `${ACTION_WORDS[action].verb} ${words}`;
}

/** Undefined while a date is missing. */
function changeOf(action: BulkAction, keys: readonly KeySummary[], day: string): BulkChange | undefined {
  const change = { action, ids: keys.map(({ id }) => id) };
  if (action !== 'set_expiry') return change;
  if (day === '') return undefined;
  const end = endOfDay(day).toISOString();
  return isPast(end) ? undefined : { ...change, expires_at: end };
}

interface PreviewProps {
  readonly action: BulkAction;
  readonly keys: number;
  /** Undefined while the server is asked. */
  readonly changed: number | undefined;
}

function Preview({ action, keys, changed }: PreviewProps) {
  if (changed === undefined) return <Skeleton h={20} aria-label="Asking what would change" />;
  const others = keys - changed;
  return (
    <Text size="sm" aria-live="polite">
      {changed === 0 ? 'No key' : counted(changed, 'key')} will be {ACTION_WORDS[action].done}.
      {others > 0 && ` ${count(others)} ${others === 1 ? 'is' : 'are'} so already, or can't be changed.`}
    </Text>
  );
}

interface ProgressProps {
  readonly action: BulkAction;
  readonly sent: number;
  readonly keys: number;
}

function Progress({ action, sent, keys }: ProgressProps) {
  return (
    <div>
      <Text size="sm" aria-live="polite">
        {ACTION_WORDS[action].running} {counted(keys, 'key')}…
      </Text>
      <ProgressBar max={keys} value={sent} aria-label="Progress" />
    </div>
  );
}

function sumOfRequests(keys: readonly KeySummary[]): number {
  return keys.reduce((sum, { requests_30_days }) => sum + requests_30_days, 0);
}

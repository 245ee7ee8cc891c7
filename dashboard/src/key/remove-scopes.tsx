import { Alert, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRemoveScopes, useRestoreScopes } from '../api/key-insight';
import type { ScopeUses } from '../api/wire';
import { ChangeButton } from '../shell/change-button';
import { InfoIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { counted } from '../text/numbers';
import { When } from '../text/when';

interface RemoveProps {
  readonly id: string;
  readonly scopes: readonly string[];
}

/** Removes the unused scopes in one step. It asks nothing, because it can be undone for a day. */
export function RemoveScopes({ id, scopes }: RemoveProps) {
  const { mutate: remove, isPending } = useRemoveScopes(id);
  const words = counted(scopes.length, 'unused scope');
  const onClick = () =>
    remove(scopes, {
      onSuccess: () => notifications.show({ message: `${words} removed. You can undo this for 24 hours.` }),
      onError: (error) => notifications.show({ color: 'red', title: 'Scopes not removed', message: error.message }),
    });
  return (
    <ChangeButton size="xs" variant="default" loading={isPending} onClick={onClick}>
      Remove {words}
    </ChangeButton>
  );
}

interface UndoProps {
  readonly id: string;
  readonly undo: NonNullable<ScopeUses['undo']>;
}

export function UndoRemoval({ id, undo: { removed, by, at, until } }: UndoProps) {
  const { mutate: restore, isPending, error } = useRestoreScopes(id);
  const onClick = () =>
    restore(undefined, {
      onSuccess: () => notifications.show({ message: `${counted(removed.length, 'scope')} restored.` }),
    });
  return (
    <Alert color="blue" variant="light" icon={<InfoIcon />} title={`${counted(removed.length, 'scope')} removed`}>
      <Text size="sm">
        {by.name} removed{' '}
        {removed.map((scope, index) => (
          <span key={scope}>
            {index > 0 && ', '}
            <span className="mono">{scope}</span>
          </span>
        ))}{' '}
        <When at={at} as="relative" />.
      </Text>
      {error && <Problem error={error} />}
      <Group mt="sm" gap="sm">
        <ChangeButton size="xs" variant="default" loading={isPending} onClick={onClick}>
          Undo
        </ChangeButton>
        <Text size="xs" c="dimmed">
          Possible until <When at={until} />
        </Text>
      </Group>
    </Alert>
  );
}

import { Alert, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useAcknowledge } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { ChangeButton } from '../shell/change-button';
import { WarningIcon } from '../shell/icons';
import { Problem } from '../shell/problem';

/** Marks a key as saved if the window was closed during its dialog. */
export function ConfirmStored({ shown }: { readonly shown: ApiKey }) {
  const { mutate: acknowledge, isPending, error } = useAcknowledge();
  const confirm = () => acknowledge(shown.id, { onSuccess: () => notifications.show({ message: 'Marked as saved.' }) });
  return (
    <Alert color="orange" variant="light" icon={<WarningIcon />} title="Not marked as saved">
      <Text size="sm">
        The window was closed before this key was marked as saved in a safe place. If you have it, mark it as saved. If
        it is lost, rotate the key to get a new one.
      </Text>
      {error && <Problem error={error} />}
      <Group mt="sm">
        <ChangeButton size="xs" variant="default" loading={isPending} onClick={confirm}>
          Mark as saved
        </ChangeButton>
      </Group>
    </Alert>
  );
}

import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { keyQuery, useKeyAction } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';
import { counted } from '../text/numbers';

interface Props {
  readonly shown: Pick<ApiKey, 'id' | 'name'>;
  readonly onClose: () => void;
}

export function SuspendDialog({ shown, onClose }: Props) {
  const { mutate: suspend, isPending, error } = useKeyAction(shown.id, 'suspend');
  const { data: key } = useQuery(keyQuery(shown.id));
  const confirm = () =>
    suspend(undefined, {
      onSuccess: () => {
        onClose();
        notifications.show({ message: `${shown.name} is suspended. Requests with it are denied.` });
      },
    });
  return (
    <Dialog onClose={onClose} title={`Suspend ${shown.name}`}>
      <Stack>
        <Text size="sm">
          Every request with this key is denied at once, until you resume it. Its settings and its history stay.
          {key && (
            <>
              {' '}
              The key made <strong>{counted(key.usage.last_24_hours, 'request')}</strong> in the last 24 hours.
            </>
          )}
        </Text>
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" className="danger" loading={isPending} onClick={confirm} data-autofocus>
            Suspend key
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useKeyAction } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';

interface Props {
  readonly shown: Pick<ApiKey, 'id' | 'name'>;
  readonly onClose: () => void;
}

export function ResumeDialog({ shown, onClose }: Props) {
  const { mutate: resume, isPending, error } = useKeyAction(shown.id, 'resume');
  const confirm = () =>
    resume(undefined, {
      onSuccess: () => {
        onClose();
        notifications.show({ message: `${shown.name} works again.` });
      },
    });
  return (
    <Dialog onClose={onClose} title={`Resume ${shown.name}`}>
      <Stack>
        <Text size="sm">The key works again at once, with the settings that it has.</Text>
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isPending} onClick={confirm} data-autofocus>
            Resume key
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

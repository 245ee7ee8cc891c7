import { Alert, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useChangeWebhook } from '../api/webhooks';
import type { Webhook } from '../api/wire';
import { ChangeButton } from '../shell/change-button';
import { WarningIcon } from '../shell/icons';
import { Problem } from '../shell/problem';

const REASONS = {
  gone: 'It answered 410 Gone, so that the server disabled it.',
  failing: 'It accepted nothing for three days, so that the server disabled it.',
} as const;

/** Says why nothing is sent to the endpoint, and enables it. */
export function DisabledNotice({ shown: { id, disabled_reason } }: { readonly shown: Webhook }) {
  const { mutate: change, isPending, error } = useChangeWebhook(id);
  const enable = () =>
    change({ is_enabled: true }, { onSuccess: () => notifications.show({ message: 'The endpoint is enabled.' }) });
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<WarningIcon />}
      title="This endpoint is disabled"
      mb="lg"
      data-testid="disabled"
    >
      <Text size="sm">
        {disabled_reason && `${REASONS[disabled_reason]} `}Events that happen meanwhile are not sent to it later.
      </Text>
      {error && <Problem error={error} />}
      <Group mt="sm">
        <ChangeButton size="xs" variant="default" loading={isPending} onClick={enable}>
          Enable
        </ChangeButton>
      </Group>
    </Alert>
  );
}

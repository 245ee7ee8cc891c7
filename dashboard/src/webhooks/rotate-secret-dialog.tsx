import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { rotateWebhookSecret, useWebhooksChanged } from '../api/webhooks';
import type { NewWebhook, Webhook } from '../api/wire';
import { Dialog } from '../shell/dialog';
import { Problem } from '../shell/problem';
import { SecretDialog } from './secret-dialog';

const OVERLAPS = [
  { value: '0', label: 'None', hint: 'Only the new secret signs. Choose this if the old one leaked.' },
  { value: '3600', label: '1 hour', hint: 'Time to replace it manually.' },
  { value: '86400', label: '1 day', hint: 'Time for a deployment.' },
  { value: '604800', label: '7 days', hint: 'Time for other teams to replace it.' },
];

interface Props {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}

/** Creates a new secret. Both sign for the selected time, so that a receiver accepts either. */
export function RotateSecretDialog({ webhook, onClose }: Props) {
  const [grace, setGrace] = useState('86400');
  const [made, setMade] = useState<NewWebhook>();
  const [error, setError] = useState<Error>();
  const [isSending, setSending] = useState(false);
  const changed = useWebhooksChanged();
  const what = webhook.signature === 'hmac' ? 'secret' : 'key';

  const rotate = async () => {
    setSending(true);
    setError(undefined);
    try {
      setMade(await rotateWebhookSecret(webhook.id, Number(grace)));
      await changed();
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setSending(false);
    }
  };
  if (made) return <SecretDialog made={made} onStored={onClose} />;
  return (
    <Dialog onClose={onClose} title={`Rotate the signing ${what}`}>
      <Stack>
        <Text size="sm">
          You get a new {what}. How long should the old one sign too? A receiver that knows either accepts the events.
        </Text>
        <Radio.Group value={grace} onChange={setGrace} aria-label="Overlap">
          <Stack gap="xs">
            {OVERLAPS.map(({ value, label, hint }) => (
              <Radio key={value} value={value} label={label} description={hint} />
            ))}
          </Stack>
        </Radio.Group>
        {error && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isSending} onClick={() => void rotate()}>
            Rotate {what}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

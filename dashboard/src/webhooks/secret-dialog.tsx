import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { NewWebhook } from '../api/wire';
import { CodeBlock } from '../shell/code-block';
import { useFocusReturn } from '../shell/dialog';
import { WarningIcon } from '../shell/icons';
import { verifyCode } from './verify-code';

interface Props {
  readonly made: NewWebhook;
  readonly onStored: () => void;
}

/** Shows the secret of an endpoint once, with code that verifies its events. Escape does not close it. */
export function SecretDialog({ made, onStored }: Props) {
  const [isStored, setStored] = useState(made.signing_secret === null);
  useFocusReturn();
  return (
    <Modal
      opened
      onClose={() => undefined}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={made.signing_secret === null ? 'Verify with this public key' : 'Copy the signing secret now'}
      size="lg"
    >
      <Stack gap="md">
        {made.signing_secret === null ? (
          <CodeBlock label="Public key" text={made.public_key ?? ''} />
        ) : (
          <>
            <Alert color="orange" variant="light" icon={<WarningIcon />}>
              This is the only time the secret is shown. Store it in a safe place where your endpoint can read it.
            </Alert>
            <CodeBlock label="Signing secret" text={made.signing_secret} />
          </>
        )}
        <div>
          <Text size="sm" fw={600} mb={4}>
            Verify events with Standard Webhooks
          </Text>
          <CodeBlock label="Verification" text={verifyCode(made.signature)} />
        </div>
        {made.signing_secret !== null && (
          <Checkbox
            label="I have stored this secret"
            checked={isStored}
            onChange={({ currentTarget }) => setStored(currentTarget.checked)}
            data-autofocus
          />
        )}
        <Group justify="flex-end">
          <Button disabled={!isStored} onClick={onStored}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

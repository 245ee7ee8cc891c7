import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { type MintedKey, useAcknowledge } from '../api/keys';
import { useFocusReturn } from '../shell/dialog';
import { CodeBlock } from '../shell/code-block';
import { WarningIcon } from '../shell/icons';
import { Problem } from '../shell/problem';
import { choiceOf } from '../text/list-of';
import { FirstRequest } from './first-request';

interface Props {
  readonly minted: MintedKey;
  /** Called once the user confirms that the key is stored. The caller drops the secret. */
  readonly onStored: () => void;
}

/** Shows the secret once. Escape, a click outside and the back button do not close it. */
export function CopyNowDialog({ minted, onStored }: Props) {
  const [isStored, setStored] = useState(false);
  const { mutate: acknowledge, isPending, error, isSuccess } = useAcknowledge();
  useBlocker({ shouldBlockFn: () => !isSuccess, enableBeforeUnload: () => !isSuccess });
  useFocusReturn();
  const { key, token, secret } = minted;
  return (
    <Modal
      opened
      onClose={() => undefined}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={`Copy ${key.name} now`}
      size="lg"
    >
      <Stack gap="md">
        <Alert color="orange" variant="light" icon={<WarningIcon />}>
          {secret
            ? 'This is the only time the secret is shown. The key stays visible on its page.'
            : "This is the only time the key is shown. You can't view it later."}{' '}
          Store {secret ? 'both' : 'it'} in a safe place, never in a page or a repository.
        </Alert>
        <Secret label={secret ? 'Key' : 'API key'} text={token} />
        {secret && <Secret label="Secret" text={secret} />}
        <div>
          <FirstRequest minted={minted} />
          {key.allowed_ips.length > 0 && (
            <Text size="sm" c="dimmed" mt={6}>
              Run it from {choiceOf(key.allowed_ips)}: other addresses are refused.
            </Text>
          )}
        </div>
        {error && <Problem error={error} />}
        <Checkbox
          label="I have stored this key"
          checked={isStored}
          onChange={({ currentTarget }) => setStored(currentTarget.checked)}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button disabled={!isStored} loading={isPending} onClick={() => acknowledge(key.id, { onSuccess: onStored })}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Secret({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {label}
      </Text>
      <CodeBlock label={label} text={text} />
    </div>
  );
}

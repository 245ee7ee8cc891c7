import { Stack, Text } from '@mantine/core';
import { CodeBlock } from '../shell/code-block';
import { EmptyState } from '../shell/empty-state';
import { KeyIcon } from '../shell/icons';
import { firstCurl } from '../text/curl';
import { NewKeyButton } from './new-key-button';

const EXAMPLE = { key: { kind: 'bearer', type: 'standard', allowed_origins: [] }, token: 'YOUR_KEY' } as const;

/** Shows the first steps with a key. */
export function NoKeysYet() {
  return (
    <div className="surface">
      <EmptyState icon={<KeyIcon size={24} />} title="Create your first API key">
        <Text c="dimmed" ta="center">
          A key lets your own programs call this API. Choose what it may do, generate it, and make your first request:
        </Text>
        <Stack w="100%" gap="md" align="center">
          <div style={{ width: '100%' }}>
            <CodeBlock label="First call" text={firstCurl(location.origin, EXAMPLE)} />
          </div>
          <NewKeyButton />
        </Stack>
      </EmptyState>
    </div>
  );
}

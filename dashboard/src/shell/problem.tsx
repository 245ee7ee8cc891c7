import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { GatehouseError } from '../../../sdk/src/index.js';
import { WarningIcon } from './icons';

/** What went wrong, in the server's own words, and the id to quote when you ask about it. */
export function Problem({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const id = error instanceof GatehouseError ? error.requestId : undefined;
  return (
    <Alert color="red" variant="light" icon={<WarningIcon />} title="That didn't work" role="alert">
      <Text size="sm">{sentenceOf(error)}</Text>
      {id && (
        <Text size="xs" mt={6}>
          Request <Code>{id}</Code>
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}

/** A fetch that got no answer throws a TypeError whose text is the browser's own. */
export function sentenceOf(error: Error): string {
  if (error instanceof GatehouseError) return error.message;
  return error instanceof TypeError ? 'The server cannot be reached. Check your connection.' : error.message;
}

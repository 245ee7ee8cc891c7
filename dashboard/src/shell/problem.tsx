import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { GatehouseError } from '../../../sdk/src/index.js';
import { WarningIcon } from './icons';

/** The message of the server, with the request id for support. */
export function Problem({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const id = error instanceof GatehouseError ? error.requestId : undefined;
  return (
    <Alert color="red" variant="light" icon={<WarningIcon />} title="The request failed" role="alert">
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

/** A fetch without a response throws a TypeError with a message of the browser. */
export function sentenceOf(error: Error): string {
  if (error instanceof GatehouseError) return error.message;
  return error instanceof TypeError ? 'The server cannot be reached. Check your connection.' : error.message;
}

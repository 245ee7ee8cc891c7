import { Text } from '@mantine/core';
import type { ApiKey } from '../api/wire';
import { count } from '../text/numbers';

const SHOWN_MAX = 2;

/** The access of a key in one line. */
export function AccessGlance({ keyShown }: { readonly keyShown: Pick<ApiKey, 'type' | 'access' | 'scopes'> }) {
  const { type, access, scopes } = keyShown;
  if (type !== 'standard') return <Text size="sm">Posts events</Text>;
  if (access === 'full') {
    return (
      <Text size="sm" fw={550}>
        Full access
      </Text>
    );
  }
  const more = scopes.length - SHOWN_MAX;
  return (
    <div title={scopes.join('\n')}>
      {scopes.slice(0, SHOWN_MAX).map((scope) => (
        <Text key={scope} className="mono" truncate>
          {scope}
        </Text>
      ))}
      {more > 0 && (
        <Text size="xs" c="dimmed">
          and {count(more)} more
        </Text>
      )}
    </div>
  );
}

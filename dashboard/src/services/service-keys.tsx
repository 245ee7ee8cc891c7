import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReachingKey, Service } from '../api/wire';
import { Section } from '../key-form/section';
import { KeyLink } from '../keys/key-link';
import { MoreButton } from '../shell/more-button';
import { count } from '../text/numbers';
import classes from './service-list.module.css';

const SHOWN_AT_ONCE = 20;

/** The active keys of the org that reach the service. */
export function ServiceKeys({ service: { keys, key_count, full_access } }: { readonly service: Service }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  return (
    <Section
      title="Keys that reach it"
      hint={
        full_access === 'all'
          ? 'Full access covers it.'
          : 'Full access covers it only if it was granted after the service was declared.'
      }
    >
      {keys.length === 0 ? (
        <Text size="sm" c="dimmed">
          No active key has its scopes.{' '}
          <Anchor component={Link} to="/keys/new" size="sm" td="underline">
            Generate one
          </Anchor>
          .
        </Text>
      ) : (
        <ul className={classes['list']}>
          {keys.slice(0, shown).map((key) => (
            <li key={key.id}>
              <ReachedBy shown={key} />
            </li>
          ))}
        </ul>
      )}
      <MoreButton
        hasNextPage={keys.length > shown}
        isFetchingNextPage={false}
        fetchNextPage={() => setShown(shown + SHOWN_AT_ONCE)}
      />
      {shown >= keys.length && key_count > keys.length && (
        <Text size="xs" c="dimmed">
          These are the newest {count(keys.length)} of {count(key_count)} keys.
        </Text>
      )}
    </Section>
  );
}

const SCOPES_SHOWN_MAX = 4;

function ReachedBy({ shown }: { readonly shown: ReachingKey }) {
  const { access, scopes } = shown;
  const more = scopes.length - SCOPES_SHOWN_MAX;
  if (access === 'full') {
    return (
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <KeyLink to={shown} />
        <Badge variant="default" size="sm">
          Full access
        </Badge>
      </Group>
    );
  }
  return (
    <>
      <KeyLink to={shown} />
      <Group gap={6} mt={6} title={more > 0 ? scopes.join('\n') : undefined}>
        {scopes.slice(0, SCOPES_SHOWN_MAX).map((scope) => (
          <code key={scope} className={classes['scope']}>
            {scope}
          </code>
        ))}
        {more > 0 && (
          <Text size="xs" c="dimmed">
            and {more} more
          </Text>
        )}
      </Group>
    </>
  );
}

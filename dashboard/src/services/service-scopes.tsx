import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ServiceResource } from '../api/wire';
import { Section } from '../key-form/section';
import { MoreButton } from '../shell/more-button';
import classes from './service-list.module.css';

/** A service has up to 1,000 resources. */
const SHOWN_AT_ONCE = 20;

/** What keys can be granted. */
export function ServiceScopes({ resources }: { readonly resources: readonly ServiceResource[] }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  return (
    <Section title="Scopes">
      {resources.length === 0 && (
        <Text c="dimmed" size="sm">
          No scopes: its routes need none.
        </Text>
      )}
      {resources.length > 0 && (
        <ul className={classes['list']}>
          {resources.slice(0, shown).map(({ name, label, description, actions }) => (
            <li key={name}>
              <Text size="sm" fw={550}>
                {label}
              </Text>
              {description && (
                <Text size="xs" c="dimmed">
                  {description}
                </Text>
              )}
              <Group gap={6} mt={6}>
                {actions.map((action) => (
                  <code key={action} className={classes['scope']}>
                    {name}:{action}
                  </code>
                ))}
              </Group>
            </li>
          ))}
        </ul>
      )}
      <MoreButton
        hasNextPage={resources.length > shown}
        isFetchingNextPage={false}
        fetchNextPage={() => setShown(shown + SHOWN_AT_ONCE)}
      />
    </Section>
  );
}

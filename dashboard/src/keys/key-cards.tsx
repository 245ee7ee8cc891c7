import { Group, Stack, Text } from '@mantine/core';
import classes from './key-cards.module.css';
import { labelOf } from '../text/key-words';
import { When } from '../text/when';
import { AccessGlance } from './access-glance';
import { KeyLink } from './key-link';
import { marksOf } from './key-marks';
import type { KeysShown } from './keys-table';
import { MarkBadges } from './mark-badges';
import { Sparkline } from './sparkline';
import { UsageNumbers } from './usage-numbers';

/** The keys as cards on narrow screens. */
export function KeyCards({ keys, overlaps, days }: KeysShown) {
  return (
    <ul className={classes['cards']}>
      {keys.map((key) => (
        <Stack component="li" key={key.id} className="surface" p="md" gap={8}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <KeyLink to={key} />
            <Text size="sm" c="dimmed">
              {labelOf(key)}
            </Text>
          </Group>
          <Group gap={6} className={classes['marks']!}>
            <MarkBadges marks={marksOf(key, overlaps[key.id])} />
          </Group>
          <Text className="mono" c="dimmed">
            {key.masked_key}
          </Text>
          <AccessGlance keyShown={key} />
          <Group justify="space-between" gap="xs" mt="auto">
            <Sparkline days={days[key.id]} />
            <UsageNumbers usage={key.usage} />
          </Group>
          <Text size="xs" c="dimmed">
            {key.last_used_at ? (
              <>
                Used <When at={key.last_used_at} as="relative" />
              </>
            ) : (
              'Never used'
            )}
            {' · '}
            {key.expires_at ? (
              <>
                expires <When at={key.expires_at} as="date" />
              </>
            ) : (
              'never expires'
            )}
            {' · '}by {key.created_by.name}
          </Text>
        </Stack>
      ))}
    </ul>
  );
}

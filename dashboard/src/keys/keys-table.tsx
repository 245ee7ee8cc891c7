import { Group, Stack, Table, Text } from '@mantine/core';
import type { ApiKey, UsageDay } from '../api/wire';
import { labelOf } from '../text/key-words';
import { When } from '../text/when';
import { AccessGlance } from './access-glance';
import { KeyLink } from './key-link';
import { marksOf } from './key-marks';
import classes from './keys-table.module.css';
import { MarkBadges } from './mark-badges';
import { Sparkline } from './sparkline';
import { UsageNumbers } from './usage-numbers';

export interface KeysShown {
  readonly keys: readonly ApiKey[];
  /** When the old secrets of rotated keys stop working, by key. */
  readonly overlaps: Readonly<Record<string, string>>;
  /** Usage by day of the used keys, by key. */
  readonly days: Readonly<Record<string, readonly UsageDay[]>>;
}

export function KeysTable({ keys, overlaps, days }: KeysShown) {
  return (
    <div className="surface">
      <Table className={classes['table']!} verticalSpacing="sm" horizontalSpacing={10} aria-label="API keys">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Key</Table.Th>
            <Table.Th scope="col">Access</Table.Th>
            <Table.Th scope="col">Usage</Table.Th>
            <Table.Th scope="col">Last used</Table.Th>
            <Table.Th scope="col">Expires</Table.Th>
            <Table.Th scope="col">Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <KeyRow key={key.id} shown={key} overlapEnd={overlaps[key.id]} days={days[key.id]} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface RowProps {
  readonly shown: ApiKey;
  readonly overlapEnd: string | undefined;
  readonly days: readonly UsageDay[] | undefined;
}

function KeyRow({ shown, overlapEnd, days }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <KeyLink to={shown} />
        {shown.description && (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {shown.description}
          </Text>
        )}
        <Group gap={6} mt={4} className={classes['marks']!}>
          <MarkBadges marks={marksOf(shown, overlapEnd)} />
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{labelOf(shown)}</Text>
        <Text className={`mono ${classes['masked']}`} c="dimmed">
          {shown.masked_key}
        </Text>
      </Table.Td>
      <Table.Td className={classes['access']!}>
        <AccessGlance keyShown={shown} />
      </Table.Td>
      <Table.Td>
        <Stack gap={4}>
          <Sparkline days={days} />
          <UsageNumbers usage={shown.usage} />
        </Stack>
      </Table.Td>
      <Table.Td className={classes['time']!}>
        {shown.last_used_at ? <When at={shown.last_used_at} as="relative" /> : <Dash />}
      </Table.Td>
      <Table.Td className={classes['time']!}>
        {shown.expires_at ? <When at={shown.expires_at} as="date" /> : <Dash />}
      </Table.Td>
      <Table.Td className={classes['time']!}>
        <When at={shown.created_at} as="date" />
        <Text size="xs" c="dimmed" className={classes['maker']!} lineClamp={2}>
          {shown.created_by.name}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Dash() {
  return (
    <Text span inherit c="dimmed">
      Never
    </Text>
  );
}

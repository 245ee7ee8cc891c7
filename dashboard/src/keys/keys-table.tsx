import { Group, Stack, Table, Text } from '@mantine/core';
import type { ApiKey } from '../api/wire';
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
  /** Until when a replaced secret works, by key. */
  readonly overlaps: Readonly<Record<string, string>>;
}

export function KeysTable({ keys, overlaps }: KeysShown) {
  return (
    <Table.ScrollContainer minWidth={920} type="native" className="surface">
      <Table className={classes['table']!} verticalSpacing="sm" horizontalSpacing="md">
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
            <KeyRow key={key.id} shown={key} overlapEnd={overlaps[key.id]} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function KeyRow({ shown, overlapEnd }: { readonly shown: ApiKey; readonly overlapEnd: string | undefined }) {
  return (
    <Table.Tr>
      <Table.Td maw={280}>
        <KeyLink to={shown} />
        {shown.description && (
          <Text size="xs" c="dimmed" lineClamp={1}>
            {shown.description}
          </Text>
        )}
        <Group gap={6} mt={4} className={classes['marks']!}>
          <MarkBadges marks={marksOf(shown, overlapEnd)} />
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{labelOf(shown)}</Text>
        <Text className="mono" c="dimmed">
          {shown.masked_key}
        </Text>
      </Table.Td>
      <Table.Td maw={180}>
        <AccessGlance keyShown={shown} />
      </Table.Td>
      <Table.Td>
        <Stack gap={4}>
          <Sparkline keyShown={shown} />
          <UsageNumbers usage={shown.usage} />
        </Stack>
      </Table.Td>
      <Table.Td className={classes['time']!}>
        {shown.last_used_at ? <When at={shown.last_used_at} as="relative" /> : <Dash />}
      </Table.Td>
      <Table.Td className={classes['time']!}>
        {shown.expires_at ? <When at={shown.expires_at} as="date" /> : 'Never'}
      </Table.Td>
      <Table.Td className={classes['time']!}>
        <When at={shown.created_at} as="date" />
        <Text size="xs" c="dimmed" truncate maw={140}>
          {shown.created_by.name}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Dash() {
  return (
    <Text span size="sm" c="dimmed">
      Never
    </Text>
  );
}

import { Text } from '@mantine/core';
import type { ApiKey } from '../api/wire';
import { counted, shortCount } from '../text/numbers';
import classes from './usage-numbers.module.css';

const SPANS = [
  ['24 h', 'last_24_hours', 'last 24 hours'],
  ['7 d', 'last_7_days', 'last 7 days'],
  ['30 d', 'last_30_days', 'last 30 days'],
] as const;

export function UsageNumbers({ usage }: { readonly usage: ApiKey['usage'] }) {
  return (
    <div className={`number ${classes['numbers']}`}>
      {SPANS.map(([label, field, words]) => (
        <Text key={field} size="xs" title={`${counted(usage[field], 'request')} in the ${words}`}>
          <Text span c="dimmed" size="xs">
            {label}
          </Text>{' '}
          {shortCount(usage[field])}
        </Text>
      ))}
    </div>
  );
}

import { Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auditQuery } from '../api/audit';
import type { AuditEntry } from '../api/wire';
import { actionWords, fieldWords, isSaidElsewhere } from '../audit/audit-words';
import { partyName } from '../audit/party-link';
import { Section } from '../key-form/section';
import { Problem } from '../shell/problem';
import { listOf } from '../text/list-of';
import { When } from '../text/when';
import classes from './key-timeline.module.css';

const SHOWN_MAX = 6;

/** The latest changes of the key. The audit tab has all of them, with their values. */
export function KeyTimeline({ keyId }: { readonly keyId: string }) {
  const { data, error, refetch, hasNextPage } = useInfiniteQuery(auditQuery({ api_key_id: keyId }));
  const entries = data?.pages.flatMap(({ items }) => items);
  return (
    <Section title="Timeline">
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!entries && !error && <Skeleton h={120} />}
      {entries && (
        <ol className={classes['timeline']}>
          {entries.slice(0, SHOWN_MAX).map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {entries && (entries.length > SHOWN_MAX || hasNextPage) && (
        <Link to="/keys/$keyId" params={{ keyId }} search={{ tab: 'audit' }} className={classes['all']!}>
          View all
        </Link>
      )}
    </Section>
  );
}

function Entry({ entry: { action, actor, changes, created_at } }: { readonly entry: AuditEntry }) {
  const fields = Object.entries(changes ?? {}).filter(([field, change]) => !isSaidElsewhere(field, change, changes!));
  const isUpdate = action === 'api_key.updated' && fields.length > 0;
  return (
    <li data-action={action}>
      <p>
        <strong>{titleOf(action)}</strong> by {partyName(actor)}
      </p>
      {isUpdate && <p className={classes['fields']}>{listOf(fields.map(([field]) => fieldWords(field)))}</p>}
      <p className={classes['when']}>
        <When at={created_at} />
      </p>
    </li>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  'api_key.created': 'Created',
  'api_key.updated': 'Edited',
  'api_key.acknowledged': 'Marked as saved',
  'api_key.rotated': 'Rotated',
  'api_key.rotation_ended': 'Rotation ended',
  'api_key.suspended': 'Suspended',
  'api_key.resumed': 'Resumed',
  'api_key.revoked': 'Revoked',
  'api_key.imported': 'Imported',
  'api_key.expiring': 'End announced',
  'api_key.expired': 'Expired',
  'api_key.idle': 'Noted as idle',
  'api_key.exposed': 'Reported as exposed',
};

/** The key is known on its page, so that the action has no object. */
function titleOf(action: string): string {
  const words = TITLES[action] ?? actionWords(action);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

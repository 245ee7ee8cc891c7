import type { ReactNode } from 'react';
import type { ApiKey } from '../api/wire';
import { draftOf } from '../key-form/key-draft';
import { LiveSentence } from '../key-form/live-sentence';
import { Section } from '../key-form/section';
import { TagLinks } from '../keys/tag-chips';
import { isEnded, labelOf } from '../text/key-words';
import { count } from '../text/numbers';
import { When } from '../text/when';
import classes from './key-overview.module.css';

export function KeyFacts({ shown }: { readonly shown: ApiKey }) {
  const { rate_limit: rates, allowed_ips: ips, allowed_origins: origins, tags, external_id } = shown;
  const pairs = Object.entries(shown.metadata);
  return (
    <Section title="Details">
      {!isEnded(shown) && (
        <div className={classes['sentence']}>
          <LiveSentence draft={draftOf(shown)} />
        </div>
      )}
      <dl className={classes['facts']}>
        <Fact name="Kind">{labelOf(shown)}</Fact>
        <Fact name="Key">
          <span className="mono">{shown.api_key ?? shown.masked_key}</span>
        </Fact>
        <Fact name="Created">
          <When at={shown.created_at} />
        </Fact>
        <Fact name="Created by">{shown.created_by.name}</Fact>
        <Fact name="Last used">{shown.last_used_at ? <When at={shown.last_used_at} as="relative" /> : 'Never'}</Fact>
        <Fact name="Expires">{shown.expires_at ? <When at={shown.expires_at} /> : 'Never'}</Fact>
        {shown.revoked_at && (
          <Fact name="Revoked">
            <When at={shown.revoked_at} />
          </Fact>
        )}
        <Fact name="Allowed IPs">{ips.length > 0 ? <span className="mono">{ips.join(', ')}</span> : 'Any'}</Fact>
        {shown.type !== 'standard' && (
          <Fact name="Allowed domains">{origins.length > 0 ? origins.join(', ') : 'Any'}</Fact>
        )}
        {tags.length > 0 && (
          <Fact name="Tags">
            <TagLinks tags={tags} />
          </Fact>
        )}
        {external_id !== null && (
          <Fact name="External ID">
            <span className="mono">{external_id}</span>
          </Fact>
        )}
        {pairs.length > 0 && (
          <Fact name="Metadata">
            {pairs.map(([name, value]) => (
              <div key={name}>
                <span className="mono">{name}</span> {value}
              </div>
            ))}
          </Fact>
        )}
        <Fact name="Rate limit">
          {count(rates.per_minute)} per minute, {count(rates.per_hour)} per hour
        </Fact>
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

import type { ReactNode } from 'react';
import type { ApiKey } from '../api/wire';
import { Section } from '../key-form/section';
import { labelOf } from '../text/key-words';
import { count } from '../text/numbers';
import { When } from '../text/when';
import classes from './key-overview.module.css';

export function KeyFacts({ shown }: { readonly shown: ApiKey }) {
  const { rate_limit: rates, allowed_ips: ips, allowed_origins: origins } = shown;
  return (
    <Section title="Details">
      <dl className={classes['facts']}>
        <Fact name="Kind">{labelOf(shown)}</Fact>
        <Fact name="Key">
          <span className="mono">{shown.api_key ?? shown.masked_key}</span>
        </Fact>
        <Fact name="Created">
          <When at={shown.created_at} />
        </Fact>
        <Fact name="By">{shown.created_by.name}</Fact>
        <Fact name="Last used">{shown.last_used_at ? <When at={shown.last_used_at} as="relative" /> : 'Never'}</Fact>
        <Fact name="Expires">{shown.expires_at ? <When at={shown.expires_at} /> : 'Never'}</Fact>
        {shown.revoked_at && (
          <Fact name="Revoked">
            <When at={shown.revoked_at} />
          </Fact>
        )}
        <Fact name="From">{ips.length > 0 ? <span className="mono">{ips.join(', ')}</span> : 'Any address'}</Fact>
        {shown.type !== 'standard' && (
          <Fact name="On pages of">{origins.length > 0 ? origins.join(', ') : 'Any domain'}</Fact>
        )}
        <Fact name="Rate">
          {count(rates.per_minute)} a minute, {count(rates.per_hour)} an hour
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

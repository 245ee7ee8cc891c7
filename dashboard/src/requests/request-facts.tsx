import { ActionIcon, CopyButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LoggedRequest } from '../api/request-types';
import { CheckIcon, CopyIcon } from '../shell/icons';
import { relative, utc } from '../text/dates';
import { counted } from '../text/numbers';
import { OUTCOME_LABELS } from '../text/reason-words';
import { exactTime, milliseconds } from './clock-time';
import classes from './request-drawer.module.css';
import type { RequestsSearch } from './requests-search';

/** Every field of a request. Values that the list can be filtered by are links to that. */
export function RequestFacts({ shown }: { readonly shown: LoggedRequest }) {
  const { at, request_id: requestId, route, service, status, outcome, code, key, client_address: address } = shown;
  return (
    <section className={classes['section']}>
      <h3>Details</h3>
      <dl className={classes['facts']}>
        <Fact name="Time">
          <time dateTime={at} title={utc(at)}>
            {exactTime(at)}
          </time>{' '}
          ({relative(at)})
        </Fact>
        <Fact name="Request ID">
          <span className="mono">{requestId}</span>
          <Copy label="request ID" text={requestId} />
        </Fact>
        <Fact name="Outcome">
          {OUTCOME_LABELS[outcome]}, {status}
          {code !== null && <span className="mono"> {code}</span>}
        </Fact>
        {route !== null && (
          <Fact name="Route">
            <Filter search={{ route }}>{route}</Filter>
          </Fact>
        )}
        {service !== null && (
          <Fact name="Service">
            <Link to="/services/$service" params={{ service }} className={classes['link']!}>
              {service}
            </Link>
          </Fact>
        )}
        {key && (
          <Fact name="Key">
            <Link to="/keys/$keyId" params={{ keyId: key.id }} className={classes['link']!}>
              {key.name ?? 'Deleted key'}
            </Link>{' '}
            <span className="mono">{key.masked_key}</span>
          </Fact>
        )}
        {key?.credential_id && (
          <Fact name="Credential">
            <span className="mono">{key.credential_id}</span>
          </Fact>
        )}
        <Fact name="IP address">
          {address === null ? 'Unknown' : <Filter search={{ address }}>{address}</Filter>}
          {shown.country && ` ${countryName(shown.country)}`}
        </Fact>
        <Fact name="User agent">{shown.user_agent ?? 'None'}</Fact>
        <Fact name="Duration">{milliseconds(shown.duration_ms)}</Fact>
        {shown.weight > 1 && (
          <Fact name="Sampled">
            Stands for {counted(shown.weight, 'request')} like it, because there were more than the log keeps.
          </Fact>
        )}
      </dl>
    </section>
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

function Filter({ search, children }: { readonly search: RequestsSearch; readonly children: string }) {
  return (
    <Link to="/requests" search={search} className={`mono ${classes['link']}`} title="Show requests like this">
      {children}
    </Link>
  );
}

function Copy({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <CopyButton value={text} timeout={2_000}>
      {({ copied, copy }) => (
        <ActionIcon
          className={classes['copy']!}
          variant="subtle"
          color="gray"
          size="sm"
          onClick={copy}
          aria-label={copied ? 'Copied' : `Copy ${label}`}
        >
          {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' });

/** The name of an ISO 3166 code; the code if it has none. */
function countryName(code: string): string {
  try {
    return COUNTRIES.of(code) ?? code;
  } catch {
    return code;
  }
}

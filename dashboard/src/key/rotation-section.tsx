import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { credentialsQuery } from '../api/key-insight';
import type { KeyCredential } from '../api/wire';
import { Section } from '../key-form/section';
import { Problem } from '../shell/problem';
import { When } from '../text/when';
import { clientName, works } from './credential-words';
import classes from './rotation-section.module.css';

const SHOWN_MAX = 3;

interface Props {
  readonly keyId: string;
  readonly isActive: boolean;
}

/** The current key and the ones that it replaced, each with its last call: who still uses the old one? */
export function RotationSection({ keyId, isActive }: Props) {
  const { data: credentials, error, refetch } = useQuery(credentialsQuery(keyId));
  return (
    <div id="credentials" className={classes['section']}>
      <Section title="Rotation">
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!credentials && !error && <Skeleton h={96} />}
        {credentials && (
          <ol className={classes['credentials']}>
            {credentials.slice(0, SHOWN_MAX).map((credential) => (
              <Credential key={credential.id} shown={credential} isActive={isActive} />
            ))}
          </ol>
        )}
      </Section>
    </div>
  );
}

interface CredentialProps {
  readonly shown: KeyCredential;
  readonly isActive: boolean;
}

function Credential({ shown, isActive }: CredentialProps) {
  const { is_current, created_at, retires_at, last_used } = shown;
  const isValid = isActive && works(shown);
  return (
    <li data-valid={isValid || undefined} data-old={!is_current || undefined}>
      <p className={classes['name']}>
        {is_current ? 'Current key' : 'Old key'}
        <span>
          {is_current ? (
            <>
              since <When at={created_at} as="date" />
            </>
          ) : (
            <ValidUntil at={retires_at} isValid={isValid} />
          )}
        </span>
      </p>
      {last_used ? <LastUsed use={last_used} /> : <p className={classes['use']}>Never used</p>}
    </li>
  );
}

function ValidUntil({ at, isValid }: { readonly at: string | null; readonly isValid: boolean }) {
  if (at === null) return 'replaced';
  return (
    <>
      {isValid ? 'valid until ' : 'stopped working '}
      <When at={at} />
    </>
  );
}

function LastUsed({ use }: { readonly use: NonNullable<KeyCredential['last_used']> }) {
  const { at, client_address, country, user_agent, route, service } = use;
  return (
    <dl className={classes['use']}>
      <dt>Last used</dt>
      <dd>
        <When at={at} as="relative" />
      </dd>
      {client_address && (
        <>
          <dt>From</dt>
          <dd>
            <Link to="/requests" search={{ address: client_address }} className="mono">
              {client_address}
            </Link>
            {country && ` (${country})`}
          </dd>
        </>
      )}
      {user_agent && (
        <>
          <dt>Client</dt>
          <dd title={user_agent}>{clientName(user_agent)}</dd>
        </>
      )}
      {route && (
        <>
          <dt>Route</dt>
          <dd className="mono">
            {route}
            {service && ` (${service})`}
          </dd>
        </>
      )}
    </dl>
  );
}

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { credentialsQuery } from '../api/key-insight';
import type { ApiKey, KeyCredential, ReplacedCredential } from '../api/wire';
import { Section } from '../key-form/section';
import { Problem } from '../shell/problem';
import { When } from '../text/when';
import { clientName, isStillUsed, works } from './credential-words';
import classes from './rotation-section.module.css';

const SHOWN_MAX = 3;

interface Props {
  readonly shown: ApiKey;
}

/** The current key and the ones that it replaced, each with its last call: who still uses the old one? */
export function RotationSection({ shown }: Props) {
  const { data: credentials, error, refetch } = useQuery(credentialsQuery(shown.id));
  const { replaced_credential: old } = shown;
  const isActive = shown.state === 'active';
  return (
    <div id="credentials" className={classes['section']}>
      <Section title="Rotation">
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!credentials && !error && <Skeleton h={96} />}
        {isActive && old && <OldKeyUse old={old} />}
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

/** Whether the old key can be left to end. */
function OldKeyUse({ old }: { readonly old: ReplacedCredential }) {
  const address = old.last_used?.client_address;
  if (!isStillUsed(old)) return <p className={classes['quiet']}>The old key was not used since the rotation.</p>;
  return (
    <p className={classes['warning']}>
      The old key is still used{address && <>, from {address}</>}: replace it there before it stops working.
    </p>
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
  if (at === null) return isValid ? 'valid until the new one is used' : 'replaced';
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

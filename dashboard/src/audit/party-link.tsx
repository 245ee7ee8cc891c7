import { Link } from '@tanstack/react-router';
import type { AuditParty } from '../api/wire';
import classes from './audit-table.module.css';

/** The actor, with a link to the other entries of that actor. */
export function ActorLink({ actor: { type, id, name } }: { readonly actor: AuditParty }) {
  return (
    <Link to="/audit" search={{ actor: id ?? type }} className={classes['party']!}>
      {partyName({ id, name })}
    </Link>
  );
}

/** The operator and the system have no name, and start a sentence. */
export function partyName({ id, name }: Pick<AuditParty, 'id' | 'name'>): string {
  return id === null ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}

const PAGES: Readonly<Record<string, '/agents' | '/members' | '/settings' | '/webhooks' | '/policies'>> = {
  agent: '/agents',
  user: '/members',
  org: '/settings',
  key_policy: '/policies',
  webhook_endpoint: '/webhooks',
};

/** The target, with a link to its page if there is one. */
export function TargetLink({ target: { type, id, name } }: { readonly target: AuditParty }) {
  if (type === 'api_key' && id !== null) {
    return (
      <Link to="/keys/$keyId" params={{ keyId: id }} className={classes['party']!}>
        {name}
      </Link>
    );
  }
  const page = PAGES[type];
  if (page === undefined) return <strong>{name}</strong>;
  return (
    <Link to={page} className={classes['party']!}>
      {name}
    </Link>
  );
}

export const DOMAIN_STATUSES = ['pending', 'verified', 'failed'] as const;
export type DomainStatus = (typeof DOMAIN_STATUSES)[number];

/** A DNS record that the owner of a domain must create. */
export interface DomainRecord {
  readonly type: 'TXT';
  readonly name: string;
  readonly value: string;
  readonly ttl: number;
  readonly status: DomainStatus;
}

const TTL_SECONDS = 3_600;

/**
 * Returns the records that prove ownership of a domain and authorize the mail servers (SPF, RFC 7208).
 * @param spfInclude the name whose SPF record lists the mail servers
 */
export function recordsOf(domain: string, token: string, spfInclude: string, status: DomainStatus): DomainRecord[] {
  const record = (name: string, value: string) => ({ type: 'TXT', name, value, ttl: TTL_SECONDS, status }) as const;
  return [
    record(`_gatehouse.${domain}`, `gatehouse-domain-verification=${token}`),
    record(domain, `v=spf1 include:${spfInclude} ~all`),
  ];
}

/**
 * Sets the status of a record from the TXT records of its name. For SPF only the include must match, because the
 * domain may authorize other servers too.
 */
export function matchRecord(record: DomainRecord, texts: readonly string[]): DomainRecord {
  const include = /^v=spf1 (include:\S+)/.exec(record.value)?.[1];
  const isThere = include === undefined ? texts.includes(record.value) : allows(texts, include);
  return { ...record, status: isThere ? 'verified' : 'failed' };
}

/** Two SPF records are an error (RFC 7208 section 4.5). */
function allows(texts: readonly string[], include: string): boolean {
  const [spf, ...others] = texts.filter((text) => /^v=spf1( |$)/i.test(text));
  if (spf === undefined || others.length > 0) return false;
  return spf
    .toLowerCase()
    .split(/ +/)
    .some((term) => term.replace(/^\+/, '').replace(/\.$/, '') === include.toLowerCase());
}

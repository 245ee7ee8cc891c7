export const DOMAIN_STATUSES = ['pending', 'verified', 'failed'] as const;
export type DomainStatus = (typeof DOMAIN_STATUSES)[number];

/** A record that a domain's owner puts into its zone. */
export interface DomainRecord {
  readonly type: 'TXT';
  readonly name: string;
  readonly value: string;
  readonly ttl: number;
  readonly status: DomainStatus;
}

const TTL_SECONDS = 3_600;

/**
 * What proves that a domain is the org's own, and what lets the servers that mail goes out from send for it (RFC 7208).
 * @param spfInclude the name whose SPF record lists those servers
 */
export function recordsOf(domain: string, token: string, spfInclude: string, status: DomainStatus): DomainRecord[] {
  const record = (name: string, value: string) => ({ type: 'TXT', name, value, ttl: TTL_SECONDS, status }) as const;
  return [
    record(`_gatehouse.${domain}`, `gatehouse-domain-verification=${token}`),
    record(domain, `v=spf1 include:${spfInclude} ~all`),
  ];
}

/**
 * The record with what the zone holds under its name. Of an SPF record only the include counts: the domain may let
 * others send too.
 * @param texts of the TXT records
 */
export function judgeRecord(record: DomainRecord, texts: readonly string[]): DomainRecord {
  const include = /^v=spf1 (include:\S+)/.exec(record.value)?.[1];
  const isThere = include === undefined ? texts.includes(record.value) : allows(texts, include);
  return { ...record, status: isThere ? 'verified' : 'failed' };
}

/** With two SPF records a domain has none (RFC 7208 section 4.5). */
function allows(texts: readonly string[], include: string): boolean {
  const [spf, ...others] = texts.filter((text) => /^v=spf1( |$)/i.test(text));
  if (spf === undefined || others.length > 0) return false;
  return spf
    .toLowerCase()
    .split(/ +/)
    .some((term) => term.replace(/^\+/, '').replace(/\.$/, '') === include.toLowerCase());
}

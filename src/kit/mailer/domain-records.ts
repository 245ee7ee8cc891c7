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

/** What the records of a domain are made of. */
export interface DomainFacts {
  readonly domain_name: string;
  readonly token: string;
  readonly dkim_selector: string | null;
  readonly dkim_public_key: string | null;
}

/**
 * Returns the records that prove ownership of a domain, authorize the mail servers (SPF, RFC 7208) and publish its key
 * (DKIM, RFC 6376). All are pending.
 * @param spfInclude the name whose SPF record lists the mail servers
 */
export function recordsOf(facts: DomainFacts, spfInclude: string): DomainRecord[] {
  const { domain_name: domain, token, dkim_selector: selector, dkim_public_key: key } = facts;
  const record = (name: string, value: string): DomainRecord => ({
    type: 'TXT',
    name,
    value,
    ttl: TTL_SECONDS,
    status: 'pending',
  });
  return [
    record(`_gatehouse.${domain}`, `gatehouse-domain-verification=${token}`),
    record(domain, `v=spf1 include:${spfInclude} ~all`),
    ...(selector === null ? [] : [record(`${selector}._domainkey.${domain}`, `v=DKIM1; k=rsa; p=${key}`)]),
  ];
}

export function isDkim({ value }: DomainRecord): boolean {
  return value.startsWith('v=DKIM1;');
}

/**
 * Sets the status of a record from the TXT records of its name. For SPF only the include must match, because the
 * domain may authorize other servers too. Of a DKIM record the spaces don't count.
 */
export function matchRecord(record: DomainRecord, texts: readonly string[]): DomainRecord {
  const { value } = record;
  const include = /^v=spf1 (include:\S+)/.exec(value)?.[1];
  const isThere = isDkim(record)
    ? texts.some((text) => withoutSpaces(text) === withoutSpaces(value))
    : include === undefined
      ? texts.includes(value)
      : allows(texts, include);
  return { ...record, status: isThere ? 'verified' : 'failed' };
}

/** Zone editors add spaces, and a final semicolon. */
function withoutSpaces(text: string): string {
  return text.replaceAll(/[ \t]/g, '').replace(/;$/, '');
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

const PER_KEY = '1,000 requests a minute and 10,000 an hour per key';

/** Who calls an operation, how it sends its credential, and the default limits. By `x-audience`. */
export const CALLERS = {
  org: { name: 'Org key', kind: 'bearer', limits: PER_KEY },
  event: { name: 'Typed key', kind: 'bearer', limits: PER_KEY },
  partner: { name: 'Partner key', kind: 'bearer', limits: '100 requests a minute per partner' },
  operator: { name: 'Operator key', kind: 'bearer', limits: 'See the RateLimit-Policy header' },
  service: { name: 'Service key', kind: 'bearer', limits: 'None for the service; its callers are charged' },
  agent: { name: 'Key and secret', kind: 'pair', limits: '60 requests a minute and 1,000 an hour per key' },
  user: { name: 'Dashboard session', kind: 'session', limits: '300 requests a minute per session' },
  'any-key': { name: 'Any key', kind: 'bearer', limits: "The key's own limits" },
  'scoped-key': { name: 'Org or agent key', kind: 'bearer', limits: "The key's own limits" },
  'public-or-org': { name: 'Public, or an org key', kind: 'bearer', limits: '60 requests a minute per address' },
  public: { name: 'No credential', kind: 'none', limits: 'None, or per client address' },
};

/** The credential stays in this tab: closing it forgets the credential. */
const stored = (name) => sessionStorage.getItem(`gatehouse-docs-${name}`) ?? '';

export const credential = {
  get key() {
    return stored('key');
  },
  set key(value) {
    sessionStorage.setItem('gatehouse-docs-key', value.trim());
  },
  get secret() {
    return stored('secret');
  },
  set secret(value) {
    sessionStorage.setItem('gatehouse-docs-secret', value.trim());
  },
};

/** The headers that authenticate a call. A session's cookie is the browser's own. */
export function credentialHeaders(operation, method, { key, secret }) {
  const { kind } = CALLERS[operation['x-audience']];
  if (kind === 'bearer') return { Authorization: `Bearer ${key}` };
  if (kind === 'pair') return { 'X-API-Key': key, 'X-API-Secret': secret };
  return kind === 'session' && method !== 'get' ? { 'X-Requested-With': 'gatehouse' } : {};
}

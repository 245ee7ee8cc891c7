import { Resolver } from 'node:dns/promises';
import { authenticate } from 'mailauth';
import type { DnsServer } from './dns-server.js';
import type { ReceivedMail } from './mail-server.js';

/** What large receivers ask of bulk mail. RFC 8058 is not asked of other mail. */
export interface Verdict {
  readonly spf: string;
  /** Of the first signature, by the domain of the sender. */
  readonly dkim: string;
  readonly dmarc: string;
  /** The address that a click on "unsubscribe" posts to; undefined unless the signature covers both headers. */
  readonly oneClick: string | undefined;
}

/** Judges a mail as its receiver: SPF, DKIM and DMARC as their RFCs say, and RFC 8058. Records come from `dns`. */
export async function judge({ raw, from, headers }: ReceivedMail, dns: DnsServer): Promise<Verdict> {
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([dns.address]);
  const { spf, dkim, dmarc } = await authenticate(raw, {
    strict: true,
    ip: '127.0.0.1',
    helo: 'mail.example',
    sender: from,
    disableBimi: true,
    resolver: async (name, type) => (await resolver.resolve(name, type)) as string[],
  });
  const signature = dkim.results.find(({ signingDomain }) => signingDomain === from.split('@').at(-1));
  const signed = new Set(signature?.signingHeaders?.keys.toLowerCase().split(/\s*:\s*/));
  return {
    spf: (spf && spf.status.result) || 'none',
    dkim: signature?.status.result ?? 'none',
    dmarc: (dmarc && dmarc.status.result) || 'none',
    oneClick: oneClickOf(headers, signed),
  };
}

/** RFC 8058, sections 3.1 and 4. */
function oneClickOf(headers: ReceivedMail['headers'], signed: ReadonlySet<string>): string | undefined {
  if (!signed.has('list-unsubscribe') || !signed.has('list-unsubscribe-post')) return undefined;
  if (headers['list-unsubscribe-post'] !== 'List-Unsubscribe=One-Click') return undefined;
  return /<(https:[^>]+)>/.exec(headers['list-unsubscribe']!)?.[1];
}

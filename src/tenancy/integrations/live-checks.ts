import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { Outbound } from '../../kit/outbound/outbound.js';
import { type FailureReason, OutboundFailure } from '../../kit/outbound/outbound-failure.js';
import type { Connector } from './connector.js';
import { fillIn, parsedOrNothing } from './live-check-parts.js';

const BOUNDS = { timeoutMs: 5_000, bodyBytesMax: 1024 * 1024, redirectsMax: 3 } as const;
const REJECTED = 'credentials were rejected by the provider';

/** The messages for the client. */
const SENTENCES: Readonly<Record<FailureReason, string>> = {
  unreachable: 'the provider could not be reached',
  timeout: `the provider did not answer within ${BOUNDS.timeoutMs / 1000} seconds`,
  answer_too_large: 'the provider answered with more than is read',
  too_many_redirects: 'the provider redirected too often',
};

/** Checks credentials with their provider. Makes outbound calls: don't hold a database connection meanwhile. */
@Injectable()
export class LiveChecks {
  constructor(
    private readonly outbound: Outbound,
    @Inject(CONFIG) private readonly config: Pick<Config, 'integrationBaseUrls'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Undefined if the provider accepts them; else a sentence for the client. */
  async refusalOf(connector: Connector, credentials: object): Promise<string | undefined> {
    const { path, headers, body } = connector.check(credentials);
    const baseUrl = this.config.integrationBaseUrls[connector.key] ?? connector.baseUrl;
    try {
      const { status, body: answer } = await this.outbound.ask({
        url: fillIn(baseUrl, credentials) + path,
        method: body ? 'POST' : 'GET',
        headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
        ...BOUNDS,
      });
      return refusalIn(connector, status, answer);
    } catch (error) {
      if (!(error instanceof OutboundFailure)) throw error;
      this.log.warn({ err: error, provider: connector.key }, 'a live check of credentials has no answer');
      return SENTENCES[error.reason];
    }
  }
}

function refusalIn({ rejectedBy, checkAnswer }: Connector, status: number, answer: Buffer): string | undefined {
  if (rejectedBy.includes(status)) return REJECTED;
  if (status !== 200) return `the provider answered with an error (${status})`;
  const verdict = checkAnswer(parsedOrNothing(answer));
  if (verdict === 'accepted') return undefined;
  return verdict === 'rejected' ? REJECTED : 'the provider answered with something else than it documents';
}

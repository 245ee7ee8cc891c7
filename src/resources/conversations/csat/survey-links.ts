import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { LinkSigner, type SignedQuery } from '../../../core/encryption/link-signer.js';
import type { SessionKey } from '../chat-sessions/chat-history.service.js';

const LINK_SECONDS = 30 * 24 * 60 * 60;

/** Links to the survey of a session. The signature lets their holder score it. */
@Injectable()
export class SurveyLinks {
  constructor(
    private readonly links: LinkSigner,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  linkTo(session: SessionKey): string {
    return this.config.publicUrl + this.links.sign(pathOf(session), LINK_SECONDS);
  }

  allows(session: SessionKey, query: SignedQuery): boolean {
    return this.links.allows(pathOf(session), query);
  }
}

function pathOf({ orgId, sessionId }: SessionKey): string {
  return `/surveys/${orgId}/${sessionId}`;
}

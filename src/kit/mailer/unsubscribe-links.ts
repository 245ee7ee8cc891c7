import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { LinkSigner, type SignedQuery } from '../../core/encryption/link-signer.js';

/** The merge field of a mail's link. */
export const UNSUBSCRIBE_URL = 'unsubscribe_url';
/** Longer than a mail is kept to unsubscribe from it. */
const LINK_SECONDS = 10 * 365 * 24 * 60 * 60;
const ORG_BYTES = 16;

/** The recipient of a mail. */
export interface Subscriber {
  readonly orgId: string;
  readonly email: string;
}

/** Links in mail that name their recipient, and work after the message was deleted. */
@Injectable()
export class UnsubscribeLinks {
  constructor(
    private readonly links: LinkSigner,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  linkTo({ orgId, email }: Subscriber): string {
    const bytes = Buffer.concat([Buffer.from(orgId.replaceAll('-', ''), 'hex'), Buffer.from(email)]);
    return this.config.publicUrl + this.links.sign(pathOf(bytes.toString('base64url')), LINK_SECONDS);
  }

  /** Undefined: the link wasn't signed here. */
  read(token: string, query: SignedQuery): Subscriber | undefined {
    if (!this.links.allows(pathOf(token), query)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const orgId = bytes.toString('hex', 0, ORG_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return { orgId, email: bytes.toString('utf8', ORG_BYTES) };
  }
}

const pathOf = (token: string) => `/unsubscribe/${token}`;

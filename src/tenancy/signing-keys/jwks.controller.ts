import { Controller, Get, Headers } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Public } from '../../access/decorators/for-audience.js';
import { CachedBody } from '../../core/http/cached-body.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers } from '../../core/wire/answers.js';
import { JwkSet } from './jwk-set.dto.js';
import { SigningKeys } from './signing-keys.service.js';

const HEADERS = { type: 'application/json; charset=utf-8', cacheControl: 'public, max-age=300' };

@Controller('.well-known/jwks.json')
export class JwksController {
  /** Rebuilt when the keys change. */
  #sent: { readonly keys: object[]; readonly body: CachedBody } | undefined;

  constructor(private readonly signingKeys: SigningKeys) {}

  @Get()
  @Public('public keys are public')
  @Answers(200, JwkSet, 'The public keys that verify JWT keys', {
    refusals: [503],
    isCached: true,
  })
  async read(@Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    const { keys } = await this.signingKeys.jwks();
    if (this.#sent?.keys !== keys) this.#sent = { keys, body: CachedBody.of(HEADERS, JSON.stringify({ keys })) };
    return this.#sent.body.answerTo(headers);
  }
}

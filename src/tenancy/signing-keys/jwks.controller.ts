import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { CachedBody } from '../../core/http/cached-body.js';
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
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { keys } = await this.signingKeys.jwks();
    if (this.#sent?.keys !== keys) this.#sent = { keys, body: CachedBody.of(HEADERS, JSON.stringify({ keys })) };
    await this.#sent.body.send(request, reply);
  }
}

import { Controller, Get } from '@nestjs/common';
import { Public } from '../access/decorators/route-policy.js';
import { Answers } from '../wire/answers.js';
import { JwkSet } from './jwk-set.dto.js';
import { SigningKeys } from './signing-keys.service.js';

@Controller('.well-known/jwks.json')
export class JwksController {
  constructor(private readonly signingKeys: SigningKeys) {}

  @Get()
  @Public('public keys are public')
  @Answers(200, JwkSet, 'The public keys that verify JWT keys', { refusals: [503] })
  read(): Promise<JwkSet> {
    return this.signingKeys.jwks();
  }
}

import { Controller, Get } from '@nestjs/common';
import { Public } from '../access/decorators/route-policy.js';
import { SigningKeys } from './signing-keys.service.js';

@Controller('.well-known/jwks.json')
export class JwksController {
  constructor(private readonly signingKeys: SigningKeys) {}

  @Get()
  @Public('public keys are public')
  jwks() {
    return this.signingKeys.jwks();
  }
}

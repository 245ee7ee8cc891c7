import { Module } from '@nestjs/common';
import { JwtVerifier } from '../../access/ports/jwt-verifier.js';
import { JwksController } from './jwks.controller.js';
import { SigningKeys } from './signing-keys.service.js';

@Module({
  controllers: [JwksController],
  providers: [SigningKeys, { provide: JwtVerifier, useExisting: SigningKeys }],
  exports: [SigningKeys, JwtVerifier],
})
export class SigningKeysModule {}

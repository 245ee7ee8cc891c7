import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NetworkRules } from '../decision/network-rules.js';

/** Checks where the request comes from: 403, or 409 for a page of another org. */
@Injectable()
export class NetworkGuard implements CanActivate {
  constructor(private readonly rules: NetworkRules) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<FastifyRequest>(0);
    if (request.principal !== null) this.rules.assertAllowed(request.principal, request);
    return true;
  }
}

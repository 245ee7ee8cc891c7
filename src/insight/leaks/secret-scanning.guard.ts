import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../core/config/config.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { leakErrors } from './leaks.errors.js';
import { signatureIn } from './report-signature.js';

/** Refuses before the body is read: without GITHUB_SECRET_SCANNING there is no such route, and a report is signed. */
@Injectable()
export class SecretScanningGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'secretScanning'>) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.config.secretScanning === undefined) throw coreErrors.route_not_found();
    if (signatureIn(context.getArgByIndex<FastifyRequest>(0).headers) === undefined) throw leakErrors.report_unsigned();
    return true;
  }
}

import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { GuardRefusals } from './guard-refusals.js';
import { HttpMeter } from './http-meter.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.service.js';
import { ServerMetrics } from './server-metrics.js';

/** Global for the guards' sake, which count their refusals. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [MetricsController],
  providers: [HttpMeter, GuardRefusals, ServerMetrics, Metrics],
  exports: [HttpMeter, GuardRefusals],
})
export class MetricsModule {}

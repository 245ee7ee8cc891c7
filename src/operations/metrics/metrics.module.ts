import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HttpMeter } from './http-meter.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.service.js';
import { ServerMetrics } from './server-metrics.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [MetricsController],
  providers: [HttpMeter, ServerMetrics, Metrics],
})
export class MetricsModule {}

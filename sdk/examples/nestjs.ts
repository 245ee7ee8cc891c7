import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Caller, GatehouseGuard, type GatehousePrincipal, RequireScope } from 'gatehouse-sdk/nestjs';

@Controller()
class InvoicesController {
  // The declaration of the service decides.
  @Get('invoices')
  list(@Caller() { org }: GatehousePrincipal) {
    return { org, invoices: ['2026-001'] };
  }

  @Get('reports')
  @RequireScope('invoices:read')
  report(@Caller() { org }: GatehousePrincipal) {
    return { org, total: 120 };
  }
}

@Module({ controllers: [InvoicesController] })
class AppModule {}

const app = await NestFactory.create(AppModule, new FastifyAdapter());
app.useGlobalGuards(
  new GatehouseGuard({
    url: process.env['GATEHOUSE_URL']!,
    serviceKey: process.env['GATEHOUSE_SERVICE_KEY']!,
    onFailure: (error) => console.error(error),
  }),
);
const port = Number(process.env['PORT'] ?? 8080);
await app.listen(port);
console.log(`Listening on port ${port}`);

import fastify from 'fastify';
import { gatehouse } from 'gatehouse-sdk/fastify';

const app = fastify();
await app.register(gatehouse, {
  url: process.env['GATEHOUSE_URL']!,
  serviceKey: process.env['GATEHOUSE_SERVICE_KEY']!,
  onFailure: (error) => app.log.error(error),
});

// The declaration of the service decides.
app.get('/invoices', async (request) => ({ org: request.gatehouse!.org, invoices: ['2026-001'] }));

// This route names its scope here.
app.get('/reports', { config: { requireScope: 'invoices:read' } }, async (request) => ({
  org: request.gatehouse!.org,
  total: 120,
}));

const port = Number(process.env['PORT'] ?? 8080);
await app.listen({ port });
console.log(`Listening on port ${port}`);

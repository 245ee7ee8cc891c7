import { serve } from '@hono/node-server';
import { gatehouse, type GatehouseVariables } from 'gatehouse-sdk/hono';
import { Hono } from 'hono';

const { guard, requireScope } = gatehouse({
  url: process.env['GATEHOUSE_URL']!,
  serviceKey: process.env['GATEHOUSE_SERVICE_KEY']!,
  onFailure: (error) => console.error(error),
});
const app = new Hono<{ Variables: GatehouseVariables }>();

// This route names its scope here.
app.get('/reports', requireScope('invoices:read'), (c) => c.json({ org: c.var.gatehouse.org, total: 120 }));

// The declaration of the service decides about all other routes.
app.use(guard);
app.get('/invoices', (c) => c.json({ org: c.var.gatehouse.org, invoices: ['2026-001'] }));

const port = Number(process.env['PORT'] ?? 8080);
serve({ fetch: app.fetch, port }, () => console.log(`Listening on port ${port}`));

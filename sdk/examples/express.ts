import express from 'express';
import { gatehouse } from 'gatehouse-sdk/express';

const { guard, requireScope } = gatehouse({
  url: process.env['GATEHOUSE_URL']!,
  serviceKey: process.env['GATEHOUSE_SERVICE_KEY']!,
  onFailure: (error) => console.error(error),
});
const app = express();

// This route names its scope here.
app.get('/reports', requireScope('invoices:read'), (request, response) => {
  response.json({ org: request.gatehouse!.org, total: 120 });
});

// The declaration of the service decides about all other routes.
app.use(guard);
app.get('/invoices', (request, response) => {
  response.json({ org: request.gatehouse!.org, invoices: ['2026-001'] });
});

const port = Number(process.env['PORT'] ?? 8080);
app.listen(port, () => console.log(`Listening on port ${port}`));

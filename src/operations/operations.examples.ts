import { defineExamples } from '../core/wire/examples.js';

const METRICS = `# HELP gatehouse_http_requests_total Answered requests.
# TYPE gatehouse_http_requests_total counter
gatehouse_http_requests_total{method="GET",route="/contacts/{id}",status="200"} 48210
`;
const REFERENCE = '<!doctype html>\n<html lang="en"><head><title>Gatehouse API</title></head><body>…</body></html>';

export const operationsExamples = defineExamples({
  schemas: {
    EntryPoints: {
      name: 'Gatehouse',
      dashboard: 'https://gatehouse.example/dashboard/',
      openapi: 'https://gatehouse.example/openapi.json',
      reference: 'https://gatehouse.example/docs',
    },
    Liveness: { status: 'ok' },
    Readiness: { status: 'ok', database: 'up', rate_limits: 'shared', object_storage: 'up' },
    CacheState: { mode: 'trusted', lease_age_ms: 212 },
  },
  operations: {
    'metrics.read': { response: METRICS },
    'openApi.document': { response: { openapi: '3.1.1', info: { title: 'Gatehouse', version: '1.0.0' }, paths: {} } },
    'reference.page': { response: REFERENCE },
  },
});

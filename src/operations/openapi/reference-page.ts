import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { PAGE_HEADERS } from '../../core/http/pages.js';

// swagger-ui's own package brings a dependency that phones home when it is installed; this one has the same files.
const FOLDER = '@fastify/swagger-ui/static';

export const REFERENCE_HEADERS = {
  ...PAGE_HEADERS,
  // Its icons are data: URLs in its style sheet.
  'Content-Security-Policy': `${PAGE_HEADERS['Content-Security-Policy']}; img-src 'self' data:`,
};

export const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</body>
</html>
`;

/** Without a validator's badge, which would hand the document's address to another site. */
export const REFERENCE_START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  showExtensions: true,
  validatorUrl: null,
});
`;

/** A file of Swagger UI. */
export function readReferenceFile(name: 'swagger-ui.css' | 'swagger-ui-bundle.js'): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`${FOLDER}/${name}`));
}

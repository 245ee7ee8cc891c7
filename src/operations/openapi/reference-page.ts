import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { PAGE_HEADERS } from '../../core/http/pages.js';

// swagger-ui-dist depends on a package that sends telemetry on install. This package has the same files.
const FOLDER = '@fastify/swagger-ui/static';

export const REFERENCE_HEADERS = {
  ...PAGE_HEADERS,
  // The style sheet has icons as data: URLs.
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

/** Disables the validator badge, which would send the document's URL to another site. */
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

/** Reads a file of Swagger UI from its package. */
export function readReferenceFile(name: 'swagger-ui.css' | 'swagger-ui-bundle.js'): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`${FOLDER}/${name}`));
}

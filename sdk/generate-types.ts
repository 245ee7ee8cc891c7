import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import openapiTS, { astToString, COMMENT_HEADER, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';

const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);
const TYPES = new URL('src/schema.ts', import.meta.url);

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
// Examples would fill most of the file with comments.
const withoutExamples = (key: string, value: unknown) => (/^examples?$/.test(key) ? undefined : value);
const document = JSON.parse(readFileSync(DOCUMENT, 'utf8'), withoutExamples) as OpenAPI3;
const types = await openapiTS(document, {
  defaultNonNullable: false,
  silent: true,
  // A file has the type string by default, which a form would send as a text field.
  transform: ({ format }) => (format === 'binary' ? ts.factory.createTypeReferenceNode('Blob') : undefined),
});
const text = `${COMMENT_HEADER}${astToString(types)}`;
if (!options.check) writeFileSync(TYPES, text);
else if (readFileSync(TYPES, 'utf8') !== text)
  throw new Error('sdk/src/schema.ts differs from docs/openapi.json: run "npm run docs"');

import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { OPERATOR } from '../../kit/audit/actor.js';
import { readDeclaration } from '../../gateway/declaration/read-declaration.js';
import { Services } from '../../gateway/services/services.service.js';
import { defineCommand } from './command.js';
import { UsageError } from './command-line.js';
import { KEY_PARTS } from './key-parts.js';
import { table } from './text.js';

const PARTS = { services: [Services], entities: KEY_PARTS.entities };

export const serviceApply = defineCommand({
  name: 'service apply',
  summary: 'Create a service, or make it what a document declares. In effect once the command ends.',
  options: {
    file: { kind: 'text', short: 'f', placeholder: 'FILE', help: 'the declaration, YAML or JSON; -: standard input' },
  },
  parts: PARTS,
  async run({ options, service }) {
    if (options.file === undefined) throw new UsageError('Give the declaration with --file.');
    const declaration = readDeclaration(await readText(options.file));
    const { outcome } = await (await service(Services)).apply(OPERATOR, declaration);
    return { json: { service: declaration, outcome }, text: `Service ${declaration.service} is ${outcome}.` };
  },
});

async function readText(path: string): Promise<string> {
  return path === '-' ? textOf(process.stdin) : readFile(path, 'utf8');
}

export const serviceList = defineCommand({
  name: 'service list',
  summary: 'List the services, oldest first.',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const services = await (await service(Services)).list();
    const rows = services.map(({ declaration: { service: slug, label, resources, routes } }) => {
      return [slug, String(resources.length), String(routes.length), label];
    });
    const items = services.map(({ declaration }) => declaration);
    return {
      json: { items },
      text: table(['SERVICE', 'RESOURCES', 'ROUTES', 'LABEL'], rows, 'There are no services.'),
    };
  },
});

export const serviceRemove = defineCommand({
  name: 'service remove',
  argument: 'SLUG',
  summary: 'Delete a service with its keys. Refused while keys of orgs hold its scopes.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    await (await service(Services)).remove(OPERATOR, argument);
    return { json: { service: argument, removed: true }, text: `Service ${argument} is removed.` };
  },
});

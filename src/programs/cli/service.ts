import { AppError } from '../../core/errors/app-error.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { renderDeclaration } from '../../gateway/declaration/render-declaration.js';
import { planLines } from '../../gateway/services/plan-lines.js';
import { serviceChanges } from '../../gateway/services/service-changes.js';
import { Services } from '../../gateway/services/services.service.js';
import { defineCommand } from './command.js';
import { KEY_PARTS } from './key-parts.js';
import { declarationOrFaults } from './service-document.js';
import { table } from './text.js';

const PARTS = { services: [Services], entities: KEY_PARTS.entities };

export const serviceApply = defineCommand({
  name: 'service apply',
  summary: 'Create a service, or make it what a document declares. In effect once the command ends.',
  options: {
    file: { kind: 'text', short: 'f', placeholder: 'FILE', help: 'the declaration, YAML or JSON; -: standard input' },
    openapi: { kind: 'text', placeholder: 'FILE', help: 'an OpenAPI document to make the declaration from' },
    service: { kind: 'text', placeholder: 'SLUG', help: 'with --openapi: the name of the service' },
    'dry-run': { kind: 'flag', help: 'print what would change, and change nothing' },
  },
  parts: PARTS,
  async run({ options, service }) {
    const declaration = await declarationOrFaults(options);
    if ('faulty' in declaration) return declaration.faulty;
    const services = await service(Services);
    const { plan } = await services.plan(declaration);
    const lines = planLines(plan);
    const answer = (outcome: string, sentence: string, problem?: string) => ({
      json: { service: declaration.service, outcome, changes: serviceChanges(plan) },
      text: [...lines, ...(lines.length > 0 ? [''] : []), sentence].join('\n'),
      ...(problem !== undefined && { problem }),
    });
    if (options['dry-run']) {
      const problem = plan.holders.size === 0 ? undefined : 'it would be refused: keys hold scopes that would go';
      return answer('planned', 'Nothing is changed, because of --dry-run.', problem);
    }
    try {
      const { outcome } = await services.apply(OPERATOR, declaration);
      return answer(outcome, `Service ${declaration.service} is ${outcome}.`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return answer('refused', 'Nothing is changed.', error.message);
    }
  },
});

export const serviceList = defineCommand({
  name: 'service list',
  summary: 'List the services, oldest first.',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const services = await (await service(Services)).list();
    const rows = services.map(({ row, declaration: { service: slug, label, resources, routes } }) => {
      return [slug, row.suspended_at ? 'suspended' : 'active', String(resources.length), String(routes.length), label];
    });
    const items = services.map(({ row, declaration }) => ({ ...declaration, suspended_at: row.suspended_at }));
    return {
      json: { items },
      text: table(['SERVICE', 'STATE', 'RESOURCES', 'ROUTES', 'LABEL'], rows, 'There are no services.'),
    };
  },
});

export const serviceShow = defineCommand({
  name: 'service show',
  argument: 'SLUG',
  summary: 'Print the declaration of a service, as "service apply" takes it.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    const { declaration } = await (await service(Services)).read(argument);
    return { json: declaration, text: renderDeclaration(declaration).trimEnd() };
  },
});

export const serviceSuspend = defineCommand({
  name: 'service suspend',
  argument: 'SLUG',
  summary: 'Refuse every request to a service until it is resumed. In force once the command ends.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    const { row } = await (await service(Services)).suspend(OPERATOR, argument);
    return { json: { service: row.slug, suspended_at: row.suspended_at }, text: `Service ${row.slug} is suspended.` };
  },
});

export const serviceResume = defineCommand({
  name: 'service resume',
  argument: 'SLUG',
  summary: 'Answer requests to a suspended service again.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    const { row } = await (await service(Services)).resume(OPERATOR, argument);
    return { json: { service: row.slug, suspended_at: null }, text: `Service ${row.slug} is active.` };
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

import { rowId } from '../../core/wire/row-id.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { validated } from '../../core/validation/request.pipe.js';
import { NumberAssignments } from '../../tenancy/whatsapp-numbers/number-assignments.service.js';
import { PooledNumber } from '../../tenancy/whatsapp-numbers/pooled-number.entity.js';
import {
  assignedNumber,
  PoolNumberDto,
  SaveWhatsAppNumberDto,
} from '../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { WhatsAppNumber } from '../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { defineCommand } from './command.js';
import { UsageError } from './command-line.js';
import { table } from './text.js';

const PARTS = { services: [NumberAssignments, Partners], entities: [Org, Partner, PooledNumber, WhatsAppNumber] };

export const whatsAppNumberAssign = defineCommand({
  name: 'whatsapp number assign',
  argument: 'ID',
  summary: 'Assign a WhatsApp number, by its WhatsApp id, to an org or to a partner.',
  options: {
    org: { kind: 'text', placeholder: 'ID', help: 'the org that sends from it' },
    partner: { kind: 'text', placeholder: 'ID', help: 'the partner that may assign it to its orgs' },
    'display-number': { kind: 'text', placeholder: 'NUMBER', help: 'with --org: the number, as people read it' },
    'verified-name': { kind: 'text', placeholder: 'NAME', help: 'with --org: the name that WhatsApp shows' },
    'business-account': {
      kind: 'text',
      placeholder: 'ID',
      help: 'the WhatsApp Business account of the number, where its templates are looked up',
    },
  },
  parts: PARTS,
  async run({ argument, options, service }) {
    const { org, partner } = options;
    if ((org === undefined) === (partner === undefined)) throw new UsageError('Give either --org or --partner.');
    const { business_account_id } = validated(
      { id: argument, business_account_id: options['business-account'] },
      PoolNumberDto,
    );
    const assignments = await service(NumberAssignments);
    if (partner !== undefined) {
      const { id, name } = await (await service(Partners)).findOrThrow(partner);
      await assignments.handTo(OPERATOR, id, { id: argument, business_account_id });
      return { json: { id: argument, partner_id: id }, text: `Partner ${name} may assign ${argument}.` };
    }
    const shown = { display_phone_number: options['display-number'], verified_name: options['verified-name'] };
    const number = validated({ id: argument, ...shown }, SaveWhatsAppNumberDto);
    const assigned = await assignments.assignAny(OPERATOR, rowId(org!), number, business_account_id);
    return { json: { ...assignedNumber(assigned), org_id: org }, text: `Org ${org} sends from ${argument}.` };
  },
});

export const whatsAppNumberRelease = defineCommand({
  name: 'whatsapp number release',
  argument: 'ID',
  summary: 'Release a WhatsApp number from its org. Its queued messages are not sent.',
  options: {
    remove: { kind: 'flag', help: 'delete an unassigned number instead, so that no partner can assign it' },
  },
  parts: PARTS,
  async run({ argument, options, service }) {
    const assignments = await service(NumberAssignments);
    if (options.remove) await assignments.remove(OPERATOR, argument);
    else await assignments.release(OPERATOR, argument);
    return { json: { id: argument }, text: `${argument} is ${options.remove ? 'deleted' : 'released'}.` };
  },
});

export const whatsAppNumberList = defineCommand({
  name: 'whatsapp number list',
  summary: 'List the WhatsApp numbers, with their orgs and partners.',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const places = await (await service(NumberAssignments)).places();
    const rows = places.map((place) => [
      place.id,
      place.org_id ?? '-',
      place.partner_id ?? '-',
      place.business_account_id ?? '-',
      place.display_phone_number ?? '-',
    ]);
    const titles = ['ID', 'ORG', 'PARTNER', 'BUSINESS ACCOUNT', 'NUMBER'];
    return { json: { items: places }, text: table(titles, rows, 'There are no WhatsApp numbers.') };
  },
});

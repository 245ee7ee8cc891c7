import { OPERATOR } from '../../kit/audit/actor.js';
import { AI_INSTRUCTIONS_CHARACTERS_MAX } from '../../tenancy/orgs/org.dto.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { Absentable, Optional, Text } from '../../core/validation/decorators.js';
import { IsEmailAddress } from '../../core/validation/field-types.js';
import { Name } from '../../core/validation/name.js';
import { validated } from '../../core/validation/request.pipe.js';
import { defineCommand } from './command.js';
import { UsageError } from './command-line.js';
import { facts, table } from './text.js';

const PARTS = { services: [Partners], entities: [Partner] };

class PartnerTexts {
  @Optional()
  @Name(200)
  name?: string;

  @Absentable()
  @Text(1, AI_INSTRUCTIONS_CHARACTERS_MAX)
  ai_instructions?: string | null;

  @Absentable()
  @IsEmailAddress()
  contact_email?: string | null;
}

const AI_INSTRUCTIONS = {
  kind: 'text',
  placeholder: 'TEXT',
  help: 'default AI instructions of the orgs that it creates',
} as const;

const CONTACT_EMAIL = {
  kind: 'text',
  placeholder: 'ADDRESS',
  help: 'gets notices before keys of its orgs expire',
} as const;

const CONFIRM_LOGIN_LINKS = {
  kind: 'text',
  placeholder: 'CHOICE',
  help: 'whether its login links always ask for a click; "default": the value of LOGIN_LINK_CONFIRM',
  choices: ['true', 'false', 'default'],
} as const;
const CONFIRMATION_WORDS: Readonly<Record<string, string>> = {
  true: 'always ask for a click',
  false: 'ask for a click only when in doubt',
  null: 'as LOGIN_LINK_CONFIRM says',
};
const CONFIRMATIONS: Readonly<Record<string, boolean | null>> = { true: true, false: false, default: null };

export const partnerCreate = defineCommand({
  name: 'partner create',
  summary: 'Create a partner, which creates orgs through the partner API.',
  options: {
    name: { kind: 'text', placeholder: 'NAME', help: 'the name', isRequired: true },
    'allow-ip': { kind: 'list', placeholder: 'CIDR', help: 'allowed address of its keys; default: any' },
    'ai-instructions': AI_INSTRUCTIONS,
    'contact-email': CONTACT_EMAIL,
    'confirm-login-links': CONFIRM_LOGIN_LINKS,
  },
  parts: PARTS,
  async run({ options, service }) {
    const { 'ai-instructions': ai_instructions, 'contact-email': contact_email } = options;
    const texts = checkedTexts({ name: options.name, ai_instructions, contact_email });
    const partners = await service(Partners);
    const settings = { allowed_ips: options['allow-ip'], confirm_login_links: confirmationOf(options) };
    return answerWith(await partners.create(OPERATOR, { ...texts, name: texts.name!, ...settings }));
  },
});

export const partnerList = defineCommand({
  name: 'partner list',
  summary: 'List the partners, newest first.',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const partners = (await (await service(Partners)).list()).map(view);
    const rows = partners.map(({ id, name, is_active }) => [id, is_active ? 'active' : 'inactive', name]);
    return { json: { items: partners }, text: table(['ID', 'STATE', 'NAME'], rows, 'There are no partners.') };
  },
});

export const partnerUpdate = defineCommand({
  name: 'partner update',
  argument: 'ID',
  summary: 'Update the given settings of a partner. In effect once the command ends.',
  options: {
    name: { kind: 'text', placeholder: 'NAME', help: 'the name' },
    'allow-ip': {
      kind: 'list',
      placeholder: 'CIDR',
      help: 'allowed address of its keys; replaces the list',
    },
    'allow-any-ip': { kind: 'flag', help: 'allow any address' },
    'ai-instructions': { ...AI_INSTRUCTIONS, help: `${AI_INSTRUCTIONS.help}; '' for none` },
    'contact-email': { ...CONTACT_EMAIL, help: `${CONTACT_EMAIL.help}; '' for none` },
    'confirm-login-links': CONFIRM_LOGIN_LINKS,
  },
  parts: PARTS,
  async run({ argument, options, service }) {
    if (options['allow-ip'] && options['allow-any-ip'])
      throw new UsageError('Use --allow-ip or --allow-any-ip, not both.');
    const texts = {
      name: options.name,
      ai_instructions: clearedIfEmpty(options['ai-instructions']),
      contact_email: clearedIfEmpty(options['contact-email']),
    };
    const wanted = {
      ...checkedTexts(texts),
      allowed_ips: options['allow-any-ip'] ? [] : options['allow-ip'],
      confirm_login_links: confirmationOf(options),
    };
    if (Object.values(wanted).every((value) => value === undefined))
      throw new UsageError('Give at least one option to change.');
    const partners = await service(Partners);
    return answerWith(await partners.update(OPERATOR, argument, wanted));
  },
});

export const partnerActivate = defineCommand({
  name: 'partner activate',
  argument: 'ID',
  summary: 'Reactivate a partner, with the keys and sessions of its orgs.',
  options: {},
  parts: PARTS,
  run: async ({ argument, service }) =>
    answerWith(await (await service(Partners)).update(OPERATOR, argument, { is_active: true })),
});

export const partnerDeactivate = defineCommand({
  name: 'partner deactivate',
  argument: 'ID',
  summary: 'Deactivate a partner, with the keys and sessions of its orgs. In effect once the command ends.',
  options: {},
  parts: PARTS,
  run: async ({ argument, service }) =>
    answerWith(await (await service(Partners)).update(OPERATOR, argument, { is_active: false })),
});

/** Returns undefined if the option is not given. */
function confirmationOf(options: { readonly 'confirm-login-links': string | undefined }): boolean | null | undefined {
  return CONFIRMATIONS[options['confirm-login-links'] ?? ''];
}

/** A shell passes an empty string to clear a value. */
function clearedIfEmpty(text: string | undefined): string | null | undefined {
  return text === '' ? null : text;
}

function checkedTexts(texts: PartnerTexts): PartnerTexts {
  return { ...validated(texts, PartnerTexts) };
}

function view({ id, name, is_active, created_at, updated_at, ...settings }: Partner) {
  // A new entity lacks the columns that the database fills with defaults.
  const { allowed_ips = [], ai_instructions = null, confirm_login_links = null, contact_email = null } = settings;
  const given = { allowed_ips, ai_instructions, confirm_login_links, contact_email };
  return { id, name, is_active, ...given, created_at, updated_at };
}

function answerWith(partner: Partner) {
  const text = facts({
    id: partner.id,
    name: partner.name,
    state: partner.is_active ? 'active' : 'inactive',
    'allowed IPs': view(partner).allowed_ips.join(', ') || 'any',
    contact: view(partner).contact_email ?? 'none',
    'login links': CONFIRMATION_WORDS[`${view(partner).confirm_login_links}`]!,
  });
  return { json: view(partner), text };
}

import { Matches } from 'class-validator';
import { REFUSAL_REASONS, type RefusalReason } from '../../access/errors/refusal-reasons.js';
import { canonicalAddress } from '../../access/network/ip-address.js';
import { Absentable, check, Id, IsInstant, Text } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, INTEGER, listOf, nullable, oneOf, TEXT } from '../../core/wire/schema.js';

const PATH_CHARACTERS_MAX = 8_192;
const ORIGIN_CHARACTERS_MAX = 2_048;

/** A request that was not sent. Null means absent. */
export class CheckRequestDto {
  @About('Together with `path`.')
  @Absentable()
  @Matches(/^[A-Z-]{1,32}$/, { message: 'method must be a method such as GET' })
  method?: string | null;

  @About('As the client sends it, with or without its query; or a template, as the request log has it.')
  @Absentable()
  @Matches(/^\//, { message: 'path must start with /' })
  @Text(1, PATH_CHARACTERS_MAX)
  path?: string | null;

  @About('In place of `method` and `path`: any request that needs this scope.')
  @Absentable()
  @Text(1, 200)
  scope?: string | null;

  @About("The slug of the operator's service that gets the request; left out, this server.")
  @Absentable()
  @Text(1, 100)
  service?: string | null;

  @About("The client's address. Without it, a key with allowed addresses is refused.")
  @Absentable()
  @check('address', isAddress, 'must be an IPv4 or IPv6 address', { schema: TEXT })
  ip?: string | null;

  @About('The Origin header, or else the Referer.')
  @Absentable()
  @Text(1, ORIGIN_CHARACTERS_MAX)
  origin?: string | null;

  @About("When the request is sent; left out, now. The key's settings are those of now.")
  @Absentable()
  @IsInstant()
  at?: string | null;

  @About("One of the key's credentials; left out, the newest.")
  @Absentable()
  @Id()
  credential_id?: string | null;
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && canonicalAddress(value) !== undefined;
}

/** In the order in which they are asked. */
export const CHECKED_GUARDS = ['authentication', 'network', 'partner_active', 'rate_limit', 'scope'] as const;
export type CheckedGuard = (typeof CHECKED_GUARDS)[number];
const RESULTS = ['pass', 'refuse', 'skip'] as const;

export class GuardAnswer {
  @Field(oneOf(CHECKED_GUARDS))
  guard: CheckedGuard;

  @About('`skip`: the guard has nothing to ask, or this process cannot know.')
  @Field(oneOf(RESULTS))
  result: (typeof RESULTS)[number];

  @About('With `refuse`. Finer than the `code` that the refused caller gets.')
  @Field(nullable(oneOf(REFUSAL_REASONS)))
  reason: RefusalReason | null;

  @Field(TEXT)
  message: string;
}

export const MEND_ACTIONS = [
  'grant_scope',
  'allow_address',
  'rotate',
  'raise_limit',
  'extend_expiry',
  'resume_key',
  'resume_org',
  'resume_service',
  'follow_policy',
  'create_key',
  'wait',
] as const;
const MEND_ROLES = ['Admin', 'operator'] as const;

/** A change after which the guard lets the request pass. */
export class Mend {
  @Field(oneOf(MEND_ACTIONS))
  action: (typeof MEND_ACTIONS)[number];

  @About(
    'The scope, the address, the limit (`per_minute`, `per_hour`), the rule, the seconds to wait, or what the new key needs.',
  )
  @Field(nullable(TEXT))
  value: string | null;

  @About('Who can do it: members with this role or a higher one, or the operator; null: the caller itself.')
  @Field(nullable(oneOf(MEND_ROLES)))
  role: (typeof MEND_ROLES)[number] | null;

  @Field(TEXT)
  message: string;
}

export class CheckedRoute {
  @Field(TEXT)
  method: string;

  @About('The template, such as `/contacts/{id}`.')
  @Field(TEXT)
  path: string;

  @Field(nullable(TEXT))
  service: string | null;
}

/** What the guards would answer. */
export class CheckView {
  @Field(BOOLEAN)
  allowed: boolean;

  @Field(INSTANT)
  at: string;

  @About('Of the refusal; 200 if the guards let the request pass.')
  @Field(INTEGER)
  status: number;

  @Field(TEXT)
  message: string;

  @About('Null if no route matches, or with `scope`.')
  @Field(nullable(CheckedRoute))
  route: CheckedRoute | null;

  @About('In the order in which they are asked. Each answers, also after one has refused.')
  @Field(listOf(GuardAnswer))
  guards: GuardAnswer[];

  @About('What would mend it, in the order of the guards.')
  @Field(listOf(Mend))
  mends: Mend[];
}

import { IsBoolean, IsIn, IsInt, IsObject, Max, Min } from 'class-validator';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';
import type { FieldProblem } from '../../../core/errors/app-error.js';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import { Nested, Optional } from '../../../core/validation/decorators.js';
import { IsEmailAddress } from '../../../core/validation/field-types.js';
import { validateDto } from '../../../core/validation/request.pipe.js';
import { About } from '../../../core/wire/field.js';
import { BOOLEAN, EMAIL, INSTANT, INTEGER, nullable, oneOf, type Schema, TEXT } from '../../../core/wire/schema.js';
import { UNSUBSCRIBE_URL } from '../../../kit/mailer/unsubscribe-links.js';
import { MayMerge } from '../../directory/contacts/contact-merge-fields.js';
import { DELAY_MINUTES_MAX, IsMailBody, IsMailSubject, IsSenderName } from '../email/email.dto.js';

export const STEP_TYPES = ['send_emails', 'make_phone_calls'] as const;
export type StepType = (typeof STEP_TYPES)[number];

/**
 * Scopes that the API requires to read contacts and to write to them. Steps run without a key, so callers need these
 * scopes to save or start a sequence.
 */
const STEP_SCOPES: Readonly<Record<StepType, readonly OrgScope[]>> = {
  send_emails: ['contacts:read', 'email:write'],
  make_phone_calls: ['contacts:read', 'calls:write'],
};

/** Data of a step of type send_emails. */
export class SendEmailsData {
  @IsEmailAddress()
  from_email: string;

  @MayMerge(UNSUBSCRIBE_URL)
  @IsMailSubject()
  email_subject: string;

  @MayMerge(UNSUBSCRIBE_URL)
  @IsMailBody()
  email_body: string;

  @MayMerge(UNSUBSCRIBE_URL)
  @IsSenderName()
  email_sender_name: string;

  @IsBoolean()
  email_is_transactional: boolean;
}

export type StepAction =
  | { readonly type: 'send_emails'; readonly data: SendEmailsData }
  | { readonly type: 'make_phone_calls'; readonly data: object };

/** A stored step. In continuous sequences `ended_at` stays null. */
export interface SequenceStep {
  readonly action: StepAction;
  readonly delay_in_minutes: number;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

const DATA: Schema = {
  type: 'object',
  properties: {
    from_email: EMAIL,
    email_subject: TEXT,
    email_body: TEXT,
    email_sender_name: TEXT,
    email_is_transactional: BOOLEAN,
  },
};

export const STEP: Schema = {
  type: 'object',
  required: ['action', 'delay_in_minutes', 'started_at', 'ended_at'],
  properties: {
    action: { type: 'object', required: ['type', 'data'], properties: { type: oneOf(STEP_TYPES), data: DATA } },
    delay_in_minutes: INTEGER,
    started_at: nullable(INSTANT),
    ended_at: nullable(INSTANT),
  },
};

class SequenceStepActionDto {
  @About('A step of type make_phone_calls can be saved. A sequence with one cannot start: this server places no calls.')
  @IsIn(STEP_TYPES)
  type: StepType;

  // `parseSteps` validates it by its type.
  @About(
    `Of send_emails: ${Object.keys(DATA['properties'] as object).join(', ')}, all required. Of make_phone_calls: {}.`,
  )
  @IsObject()
  data: object;
}

export class SequenceStepDto {
  @Nested(() => SequenceStepActionDto)
  @IsObject()
  action: SequenceStepActionDto;

  @About('After the step before it, or after the contact came to the sequence.')
  @Optional()
  @Max(DELAY_MINUTES_MAX)
  @Min(0)
  @IsInt()
  delay_in_minutes: number = 0;
}

export function scopesOfSteps(steps: readonly SequenceStep[]): ReadonlySet<OrgScope> {
  return new Set(steps.flatMap(({ action }) => STEP_SCOPES[action.type]));
}

/**
 * Validates data by type.
 * @throws AppError invalid_request (400) naming the field, such as `steps.0.action.data.from_email`
 */
export function parseSteps(steps: readonly SequenceStepDto[]): SequenceStep[] {
  const problems: FieldProblem[] = [];
  const parsedSteps = steps.flatMap(({ action: { type, data }, delay_in_minutes }, index): SequenceStep[] => {
    const field = `steps.${index}.action.data`;
    const times = { delay_in_minutes, started_at: null, ended_at: null };
    if (type === 'make_phone_calls') {
      problems.push(...Object.keys(data).map((name) => unknownField(`${field}.${name}`)));
      return [{ action: { type, data: {} }, ...times }];
    }
    const answer = validateDto(data, SendEmailsData, field);
    if ('instance' in answer) return [{ action: { type, data: answer.instance }, ...times }];
    problems.push(...answer.problems);
    return [];
  });
  if (problems.length > 0) throw invalidRequest(problems);
  return parsedSteps;
}

function unknownField(field: string): FieldProblem {
  return { field, message: `${field} is not a known field` };
}

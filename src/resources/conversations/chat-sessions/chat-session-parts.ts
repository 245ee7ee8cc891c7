import { About, Field, partOf } from '../../../core/wire/field.js';
import { INSTANT, listOf, mapOf, nullable, oneOf, type Schema, TEXT, UUID } from '../../../core/wire/schema.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { Team } from '../../directory/teams/team.entity.js';
import { CHANNELS } from './channels.js';
import { CLOCK_STATES, type ClockState } from './clock-states.js';

export const CHANNEL_FIELDS = {
  address:
    "E-mail: the organization's address that replies come from. Without one, support@ its first verified domain.",
  subject: 'E-mail: the subject that replies refer to.',
  phone_number_id: "WhatsApp: the organization's number that replies come from. Without one, its first number.",
} as const;
const textAbout = (description: string): Schema => ({ ...TEXT, description });

export const CHAT_CHANNEL: Schema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: oneOf(CHANNELS),
    address: textAbout(CHANNEL_FIELDS.address),
    subject: textAbout(CHANNEL_FIELDS.subject),
    phone_number_id: textAbout(CHANNEL_FIELDS.phone_number_id),
  },
};

/** A contact, and what they say of themselves in sessions that aren't verified. */
export class ContactInSession extends partOf(
  Contact,
  'id',
  'email',
  'phone_number',
  'name',
  'custom_data',
  'unsubscribed_at',
  'created_at',
  'updated_at',
) {
  @Field(nullable(TEXT))
  non_verified_name: string | null;

  @Field(nullable(TEXT))
  non_verified_email: string | null;

  @Field(mapOf(TEXT))
  non_verified_custom_data: Record<string, string>;
}

export class TeamInSession extends partOf(Team, 'id', 'name', 'description') {}

export const HANDOFF_REASONS = [
  'based_on_instructions',
  'instructions_not_clear',
  'insufficient_knowledge',
  'insufficient_tools',
  'prohibited_topic',
  'user_requested_human_assistance',
] as const;
export type HandoffReason = (typeof HANDOFF_REASONS)[number];

export class HandoffInSession {
  @Field(listOf(oneOf(HANDOFF_REASONS)))
  reasons: HandoffReason[];

  @Field(nullable(TEXT))
  summary: string | null;

  @Field(nullable(TEXT))
  explanation: string | null;

  @Field(nullable(TEXT))
  sentiment: string | null;
}

class SlaMetricInSession {
  @Field(oneOf(CLOCK_STATES))
  state: ClockState;

  /** Null: further off than anybody waits. */
  @Field(nullable(INSTANT))
  due_at: Date | null;

  @Field(nullable(INSTANT))
  completed_at: Date | null;
}

export class SlaInSession {
  @About('The policy that applies now. Null: it was deleted.')
  @Field(nullable(UUID))
  policy_id: string | null;

  @About('Null: the policy has no such target, or no person has had to answer yet.')
  @Field(nullable(SlaMetricInSession))
  first_reply: SlaMetricInSession | null;

  @Field(nullable(SlaMetricInSession))
  resolution: SlaMetricInSession | null;
}

export const ID_TYPES = ['conversation_id', 'ticket_id', 'case_id', 'conversation_sid'];

/** Where else the conversation is kept. */
export class TicketingSystem {
  @Field()
  name: string;

  @Field()
  external_id: string;

  @Field(oneOf(ID_TYPES))
  id_type: string;
}

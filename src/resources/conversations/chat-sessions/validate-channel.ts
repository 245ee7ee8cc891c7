import type { FieldProblem } from '../../../core/errors/app-error.js';
import type { Channel } from './channels.js';
import type { CreateChatSessionDto } from './chat-session.dto.js';

const ONLY_FOR: Readonly<Record<'address' | 'subject' | 'phone_number_id', Channel>> = {
  address: 'email',
  subject: 'email',
  phone_number_id: 'whatsapp',
};

/** Reports fields that the channel doesn't have. */
export function validateChannel(channel: CreateChatSessionDto['channel']): FieldProblem[] {
  const fields = Object.keys(ONLY_FOR) as (keyof typeof ONLY_FOR)[];
  return fields
    .filter((name) => channel?.[name] !== undefined && channel.type !== ONLY_FOR[name])
    .map((name) => ({
      field: `channel.${name}`,
      message: `channel.${name} is only for the channel ${ONLY_FOR[name]}`,
    }));
}

import type { FieldProblem } from '../../../core/errors/app-error.js';
import { ATTACHMENTS_MAX, type SendMessageDto } from './send-message.dto.js';

/** Validates the fields of a message against each other. @param fileCount how many files came with it */
export function validateMessage(
  { sender, contact, agent, message, ...dto }: SendMessageDto,
  fileCount: number,
): FieldProblem[] {
  const problems: string[][] = [];
  if ((message.attachments?.length ?? 0) + fileCount > ATTACHMENTS_MAX) {
    problems.push(['file', `file and message.attachments together must be at most ${ATTACHMENTS_MAX}`]);
  }
  const isFor = (field: string, who: string) => [field, `${field} is only for a message of ${who}`];
  if (sender === 'agent' && contact !== undefined) problems.push(isFor('contact', 'a contact'));
  if (sender === 'contact' && agent !== undefined) problems.push(isFor('agent', 'an agent'));
  if (sender === 'contact' && dto.should_take_over_session_from_ai) {
    problems.push(isFor('should_take_over_session_from_ai', 'an agent'));
  }
  return problems.map(([field, sentence]) => ({ field: field!, message: sentence! }));
}

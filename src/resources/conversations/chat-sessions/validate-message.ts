import type { FieldProblem } from '../../../core/errors/app-error.js';
import type { SendMessageDto } from './send-message.dto.js';

/** Validates the fields of a message against each other. */
export function validateMessage({ sender, contact, agent, ...dto }: SendMessageDto): FieldProblem[] {
  const problems: string[][] = [];
  const isFor = (field: string, who: string) => [field, `${field} is only for a message of ${who}`];
  if (sender === 'agent' && contact !== undefined) problems.push(isFor('contact', 'a contact'));
  if (sender === 'contact' && agent !== undefined) problems.push(isFor('agent', 'an agent'));
  if (sender === 'contact' && dto.should_take_over_session_from_ai) {
    problems.push(isFor('should_take_over_session_from_ai', 'an agent'));
  }
  return problems.map(([field, message]) => ({ field: field!, message: message! }));
}

import type { FieldProblem } from '../../../core/errors/app-error.js';
import type { SendMessageDto } from './send-message.dto.js';

/** What is wrong with a message beyond its fields one by one. */
export function problemsOfMessage({ sender, contact, agent, ...dto }: SendMessageDto): FieldProblem[] {
  const problems: string[][] = [];
  const isFor = (field: string, who: string) => [field, `${field} is only for a message of ${who}`];
  if (sender === 'agent' && contact !== undefined) problems.push(isFor('contact', 'a contact'));
  if (sender === 'contact' && agent !== undefined) problems.push(isFor('agent', 'an agent'));
  if (sender === 'contact' && dto.should_take_over_session_from_ai) {
    problems.push(isFor('should_take_over_session_from_ai', 'an agent'));
  }
  return problems.map(([field, message]) => ({ field: field!, message: message! }));
}

import type { FieldProblem } from '../../errors/app-error.js';
import type { SendMessageDto } from './send-message.dto.js';

/** What is wrong with a message beyond its fields one by one. */
export function problemsOfMessage({ sender, message, contact, agent, ...dto }: SendMessageDto): FieldProblem[] {
  const { text = '', attachments = [] } = message;
  const problems = attachments.flatMap(({ url, base64 }, index): string[][] => {
    const field = `message.attachments.${index}`;
    return (url === undefined) === (base64 === undefined) ? [[field, `${field} must have either url or base64`]] : [];
  });
  if (text === '' && attachments.length === 0)
    problems.push(['message.text', 'message.text or attachments are required']);
  const isFor = (field: string, who: string) => [field, `${field} is only for a message of ${who}`];
  if (sender === 'agent' && contact !== undefined) problems.push(isFor('contact', 'a contact'));
  if (sender === 'contact' && agent !== undefined) problems.push(isFor('agent', 'an agent'));
  if (sender === 'contact' && dto.should_take_over_session_from_ai) {
    problems.push(isFor('should_take_over_session_from_ai', 'an agent'));
  }
  return problems.map(([field, message]) => ({ field: field!, message: message! }));
}

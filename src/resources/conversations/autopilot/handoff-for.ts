import type { HandoffReason } from '../chat-sessions/chat-session-parts.js';
import type { Draft } from './model-answers.service.js';

export interface HandoffCause {
  readonly reason: HandoffReason;
  readonly explanation: string;
}

/** Why the AI hands a session off instead of answering; undefined: it doesn't. */
export function handoffFor({ topic, wantsHuman, isResolved, needsAnswer, answer }: Draft): HandoffCause | undefined {
  if (topic?.mode === 'handoff') {
    const explanation = `The contact asked about a topic that people answer: ${topic.topic}`;
    return { reason: 'prohibited_topic', explanation };
  }
  if (wantsHuman) return { reason: 'user_requested_human_assistance', explanation: 'The contact asked for a person.' };
  if (answer !== undefined || !needsAnswer || isResolved) return undefined;
  return { reason: 'insufficient_knowledge', explanation: 'The knowledge of the AI has no answer.' };
}

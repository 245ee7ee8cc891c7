/** The ids of each event. Listeners read the rest in the same transaction. */
export interface DomainEvents {
  'contact.created': { readonly contactId: string };
  /** Their custom data changed. */
  'contacts.changed': { readonly contactIds: readonly string[] };
  /** The contact began it, or the org, by a message of its own. */
  'conversation.started': { readonly sessionId: string; readonly startedBy: 'contact' | 'org' };
  /** Its tags, its team, its contact or the contact's custom data changed. */
  'conversation.changed': { readonly sessionId: string };
  /** A person has to answer, because no AI does. */
  'conversation.reply_due': { readonly sessionId: string };
  'conversation.message_added': {
    readonly sessionId: string;
    readonly messageId: string;
    readonly sender: 'contact' | 'agent' | 'autopilot';
  };
  /** A member of the org wrote to the contact. */
  'conversation.replied': { readonly sessionId: string };
  'conversation.handoff_to_human': {
    readonly sessionId: string;
    readonly handoffId: string;
    /** Sorted alphabetically. */
    readonly reasons: readonly string[];
  };
  /** Once per transition from open to closed. */
  'conversation.closed': { readonly sessionId: string; readonly wantsSummary: boolean };
  /** Once per change among the three statuses, so also between the two closed ones. */
  'conversation.status_changed': { readonly sessionId: string; readonly before: string; readonly status: string };
  'conversation.reopened': { readonly sessionId: string };
  'csat.score_submitted': { readonly sessionId: string; readonly scoreId: string };
  /** No recipient is waiting any more. Never emitted for continuous sequences. */
  'sequence.completed': { readonly sequenceId: string };
  'sla.first_reply_breached': { readonly sessionId: string };
  'sla.resolution_breached': { readonly sessionId: string };
  'workflow.run.succeeded': { readonly workflowId: string; readonly runId: string };
  'workflow.run.failed': { readonly workflowId: string; readonly runId: string };
}
export type DomainEventName = keyof DomainEvents;

/** @example { name: 'contact.created', orgId, contactId } */
export type DomainEvent<Name extends DomainEventName = DomainEventName> = {
  [N in Name]: { readonly name: N; readonly orgId: string } & DomainEvents[N];
}[Name];

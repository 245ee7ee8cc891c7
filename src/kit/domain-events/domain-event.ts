/** What happened, by ids: who listens reads the rest in the same transaction. */
export interface DomainEvents {
  'contact.created': { readonly contactId: string };
  'conversation.started': { readonly sessionId: string };
  /** A person of the org has written to the contact. */
  'conversation.replied': { readonly sessionId: string };
  'conversation.handoff_to_human': {
    readonly sessionId: string;
    readonly handoffId: string;
    /** In alphabetical order. */
    readonly reasons: readonly string[];
  };
  /** Once for each closing; of an open session only. */
  'conversation.closed': { readonly sessionId: string; readonly wantsSummary: boolean };
  'conversation.reopened': { readonly sessionId: string };
  'csat.score_submitted': { readonly sessionId: string; readonly scoreId: string };
  /** Nobody waits in it any more; of one that isn't continuous. */
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

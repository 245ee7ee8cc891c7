/** The domain events that something in an org waits for. Implemented by `resources/automation/workflows/`. */
export abstract class AwaitedEvents {
  /**
   * A SQL expression: the names of the events, as text[]. It is part of the statement that reads a key, so it costs no
   * query of its own and has the key's snapshot. A change of its value must reach the caches as a change of the org.
   * @param orgId the column to compare with, such as `k.org_id`
   */
  abstract sqlFor(orgId: string): string;
}

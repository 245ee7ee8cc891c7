import type { Limits } from '../../core/config/config.js';

/** How the objects of lifecycle events are read, by the target type of their audit entries. */
export interface EventSubject {
  readonly type: string;
  /**
   * SQL of a SELECT of `id` and `data` (JSON) of the rows in `target (target_org, target_id)`. It shows what the management API shows:
   * no secret, and no whole key. Rows that are gone are left out.
   */
  sql(limits: Limits): string;
}

/** The targets, joined to a table. @param data SQL of the object @param join such as `orgs ON orgs.id = target_id` */
export function subjectSql(data: string, join: string): string {
  return `SELECT target_id AS id, ${data} AS data
    FROM unnest($1::uuid[], $2::uuid[]) AS target (target_org, target_id) JOIN ${join}`;
}

/** Token of the subjects of all features. */
export const EVENT_SUBJECTS = Symbol('EVENT_SUBJECTS');

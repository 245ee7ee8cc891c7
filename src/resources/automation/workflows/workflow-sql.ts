import { instantAsText } from '../../../core/database/row-as-json.js';

/**
 * SQL of a version as JSON text, for statements over `workflows`.
 * @param version SQL of the version number
 */
export function workflowAsJson(publicUrl: string, version: string): string {
  const webhooks = `'${publicUrl.replaceAll("'", "''")}/workflows/webhooks/'`;
  return `(SELECT row_to_json(wire)::text FROM (
    SELECT version.id, workflow_id, name, description,
      version_number IS NOT DISTINCT FROM workflows.active_version AS is_active,
      workflows.active_version AS active_version_number, version.trigger_type, version_number, workflow_blocks,
      trigger_configuration, activated_by,
      CASE WHEN version.trigger_type = 'webhook' THEN ${webhooks} || workflows.webhook_token END AS webhook_url,
      ${instantAsText('version.created_at')} AS created_at, ${instantAsText('version.updated_at')} AS updated_at
    FROM workflow_versions version
    WHERE version.org_id = workflows.org_id AND workflow_id = workflows.id AND version_number = ${version}
  ) wire)`;
}

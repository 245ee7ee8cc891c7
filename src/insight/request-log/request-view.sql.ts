import { instantAsText } from '../../core/database/row-as-json.js';

/** A `RequestView` as JSON text, over the columns of request_log. */
export const REQUEST_VIEW = `
  (SELECT row_to_json(view)::text FROM (
    SELECT request_log.id, ${instantAsText('request_log.at')} AS at, request_log.request_id, request_log.method,
      request_log.route, request_log.service, request_log.status, request_log.outcome, request_log.code,
      CASE WHEN guard IS NOT NULL THEN json_build_object(
        'guard', lower(regexp_replace(guard, '([a-z])([A-Z])', '\\1_\\2', 'g')), 'reason', reason, 'message', message
      ) END AS refusal,
      CASE WHEN api_key_id IS NOT NULL THEN json_build_object(
        'id', api_key_id, 'name', api_keys.name, 'masked_key', api_keys.masked_key, 'credential_id', credential_id
      ) END AS key,
      request_log.org_id, host(client_address) AS client_address, request_log.country, request_log.user_agent,
      request_log.duration_ms, request_log.weight
    FROM (SELECT) one LEFT JOIN api_keys ON api_keys.id = api_key_id
  ) view)`;

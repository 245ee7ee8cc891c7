import { actionErrors, type ImportErrorCode } from './actions.errors.js';
import { trimEnd } from '../../../core/validation/trim-end.js';
import type { Action } from './action.entity.js';
import { isEndpoint } from './action.dto.js';
import { ENDPOINT_CHARACTERS_MAX, type RequestType } from './action-payload.js';
import { validateAction } from './validate-action.js';
import type { ReadOperation } from './openapi-documents.service.js';

const NAME_CHARACTERS_MAX = 100;
const DESCRIPTION_CHARACTERS_MAX = 1_000;
const OPERATION_ID_CHARACTERS_MAX = 100;
const TAGS_MAX = 20;
const TAG_CHARACTERS_MAX = 100;

export type ImportedAction = Pick<Action, 'operation_id' | 'api_endpoint' | 'request_type' | 'payload'> &
  Partial<Action>;

/**
 * Converts operations of a document to actions. They are enabled on the web channel.
 * @param serverBaseUrl overrides the servers of the document
 * @throws AppError failed_to_parse_spec, invalid_tool_schema, cannot_determine_api_endpoint (400)
 */
export function importedActions(operations: readonly ReadOperation[], serverBaseUrl?: string): ImportedAction[] {
  const seen = new Set<string>();
  return operations.map((operation) => {
    const { path, method } = operation.payload;
    const refuse = (code: ImportErrorCode, problem: string): never => {
      throw actionErrors[code]({ message: `${method} ${path}: ${problem}` });
    };
    const baseUrl = serverBaseUrl === undefined ? operation.base_url : trimEnd(serverBaseUrl, '/');
    if (baseUrl === undefined) {
      const sentence = 'no server with an absolute URL is named: send server_base_url';
      return refuse('cannot_determine_api_endpoint', sentence);
    }
    const action = actionOf(operation, baseUrl);
    const { operation_id: id, api_endpoint: endpoint } = action;
    if (!path.startsWith('/') || endpoint.length > ENDPOINT_CHARACTERS_MAX || !isEndpoint(endpoint)) {
      refuse('cannot_determine_api_endpoint', 'its path and server do not form a valid URL');
    }
    if (id !== null && id.length > OPERATION_ID_CHARACTERS_MAX) {
      refuse('invalid_tool_schema', `its operationId is longer than ${OPERATION_ID_CHARACTERS_MAX} characters`);
    }
    if (id !== null && seen.has(id)) refuse('failed_to_parse_spec', `the operationId ${id} is used twice`);
    if (id !== null) seen.add(id);
    const [problem] = validateAction(action);
    if (problem) refuse('invalid_tool_schema', problem.message);
    return action;
  });
}

function actionOf({ payload, tags }: ReadOperation, baseUrl: string) {
  const { path, method, operationId, summary, description } = payload;
  const name = summary?.trim() || operationId || `${method} ${path}`;
  const known = [...new Set(tags.map((tag) => cut(tag, TAG_CHARACTERS_MAX)))].filter((tag) => tag !== '');
  return {
    name: cut(name, NAME_CHARACTERS_MAX),
    description: description ? cut(description, DESCRIPTION_CHARACTERS_MAX) : null,
    api_endpoint: baseUrl + path,
    request_type: method as RequestType,
    operation_id: operationId || null,
    payload: { base_url: baseUrl, ...payload },
    tags: known.slice(0, TAGS_MAX),
    pinned: false,
    enabled_on_channel: { channels: ['web' as const] },
    require_form_submission: false,
    is_imported: true,
  };
}

function cut(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1).toWellFormed()}…` : text;
}

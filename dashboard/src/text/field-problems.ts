import { GatehouseError } from '../../../sdk/src/index.js';

/** Where forms call a field otherwise than the API does. */
const FORM_FIELDS: Readonly<Record<string, string>> = {
  'rate_limit.per_minute': 'per_minute',
  'rate_limit.per_hour': 'per_hour',
  expires_at: 'expiry_date',
};

/** What the server says of each field, in sentences that stand beside it. Empty when no field is to blame. */
export function problemsByField(error: unknown): Record<string, string> {
  if (!(error instanceof GatehouseError)) return {};
  return Object.fromEntries(
    error.errors.map(({ field, message }) => [formFieldOf(field), withoutFieldName(field, message)]),
  );
}

/** `allowed_ips.0` stands beside the whole list. */
function formFieldOf(field: string): string {
  return FORM_FIELDS[field] ?? field.split(/[.[]/, 1)[0]!;
}

/** The server begins with the API's name of a field, which people don't know: `agent_id is required`. */
function withoutFieldName(field: string, message: string): string {
  const rest = message.startsWith(field) ? message.slice(field.length).replace(/^:/, '').trim() : undefined;
  const sentence =
    rest === undefined ? message : /^(is|must|can|cannot|has|should|contains)\b/.test(rest) ? `This ${rest}` : rest;
  const words = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

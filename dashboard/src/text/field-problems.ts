import { GatehouseError } from '../../../sdk/src/index.js';

/** Form fields whose name differs from that in the API. */
const FORM_FIELDS: Readonly<Record<string, string>> = {
  'rate_limit.per_minute': 'per_minute',
  'rate_limit.per_hour': 'per_hour',
  expires_at: 'expiry_date',
};

/** The errors of the server as sentences, by form field. Empty if no field is at fault. */
export function problemsByField(error: unknown): Record<string, string> {
  if (!(error instanceof GatehouseError)) return {};
  return Object.fromEntries(
    error.errors.map(({ field, message }) => [formFieldOf(field), withoutFieldName(field, message)]),
  );
}

/** `allowed_ips.0` belongs to the whole list. */
function formFieldOf(field: string): string {
  return FORM_FIELDS[field] ?? field.split(/[.[]/, 1)[0]!;
}

/** Replaces the API name at the start of a message, which users don't know: `agent_id is required`. */
function withoutFieldName(field: string, message: string): string {
  const rest = message.startsWith(field) ? message.slice(field.length).replace(/^:/, '').trim() : undefined;
  const sentence =
    rest === undefined ? message : /^(is|must|can|cannot|has|should|contains)\b/.test(rest) ? `This ${rest}` : rest;
  const words = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

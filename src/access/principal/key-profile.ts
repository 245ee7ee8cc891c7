/** A key as `GET /whoami` returns it: without the fields that only managers of keys see. */
export interface KeyProfile {
  readonly id: string;
  readonly org_id: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly kind: string;
  readonly type: string;
  readonly access: 'full' | 'scoped';
  readonly scopes: readonly string[];
  readonly agent_id: string | null;
  readonly masked_key: string;
  /** The public half; only for a key with a secret. */
  readonly api_key?: string | null;
  readonly allowed_ips: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  /** The manager's own id of the key. */
  readonly external_id: string | null;
  readonly acknowledged: boolean;
  readonly created_at: Date;
  readonly expires_at: Date | null;
}

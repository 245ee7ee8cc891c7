type Profile = Record<string, unknown> & { readonly created_at: string };

/** The answer of GET /whoami, built per request from a known profile and the time, as Gatehouse does. */
export function profileFrom(json: string): () => object {
  const profile = JSON.parse(json) as Profile;
  const createdAt = new Date(profile.created_at);
  return () => ({ ...profile, created_at: createdAt, last_used_at: new Date() });
}

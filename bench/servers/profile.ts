type Profile = Record<string, unknown> & { readonly created_at: string };

/** What GET /whoami answers, made anew for each request as ours makes it: from a known profile and the time. */
export function profileFrom(json: string): () => object {
  const profile = JSON.parse(json) as Profile;
  const createdAt = new Date(profile.created_at);
  return () => ({ ...profile, created_at: createdAt, last_used_at: new Date() });
}

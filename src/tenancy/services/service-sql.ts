/** SQL: the names of a service's resources as text[], empty for an unknown service. @param slug SQL */
export function resourcesOfServiceSql(slug: string): string {
  return `ARRAY(
    SELECT service_resources.name FROM services JOIN service_resources ON service_id = services.id WHERE slug = ${slug})`;
}

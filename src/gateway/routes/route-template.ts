/** The segments of a template, without slashes. Those of `/` are none. */
export function segmentsOf(template: string): string[] {
  return template.split('/').filter((segment) => segment !== '');
}

export function isParameter(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

/** Whether a segment of a template stands for itself. */
export function isLiteral(segment: string | undefined): boolean {
  return segment !== undefined && segment !== '*' && segment !== '**' && !isParameter(segment);
}

/** What a template matches: templates of one shape differ only in the names of their parameters. */
export function shapeOf(template: string): string {
  return `/${segmentsOf(template)
    .map((segment) => (isParameter(segment) ? '{}' : segment))
    .join('/')}`;
}

/** The root keeps its slash. */
export function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

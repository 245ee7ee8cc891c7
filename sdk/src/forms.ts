/** The body of a route that takes a file is fields with a `Blob`, or a form that the caller made. */
export type WithForm<Init> = Init extends { readonly body?: infer Body }
  ? Extract<Body, { file: unknown }> extends never
    ? Init
    : Omit<Init, 'body'> & { body: WithFile<Body> | FormData }
  : Init;
/** openapi-fetch maps over the members of a Blob too, so its type is no longer Blob. */
type WithFile<Body> = Body extends { file: unknown } ? Omit<Body, 'file'> & { file: Blob } : Body;

/** A form if a field is a file, else JSON. */
export function serializedBody(body: unknown): FormData | string {
  if (body instanceof FormData) return body;
  return isWithFile(body) ? formOf(body) : JSON.stringify(body);
}

function isWithFile(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.values(body).some((value) => value instanceof Blob);
}

/** Strings are sent as they are, other values as JSON; undefined fields are left out. */
function formOf(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (value instanceof Blob) form.append(name, value);
    else if (value !== undefined) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return form;
}
